import json
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from impact.publication.models import PublishedIncident
from impact.publication.published import published_properties
from tests.builders import make_area, make_incident, make_published

pytestmark = pytest.mark.django_db
LIST = "/api/v1/incidents/"


def test_it_gives_pages_of_published_incidents_and_of_nothing_else(client: Client) -> None:
    make_incident(text="Soldiers shot two men at the pits")
    make_published(retracted_on="2026-11-23")
    public = make_published()
    page = client.get(LIST).json()
    assert page["count"] == 1
    assert page["next"] is page["previous"] is None
    assert page["results"] == [json.loads(json.dumps(published_properties(public)))]
    assert str(public.incident_key) not in json.dumps(page)


@pytest.mark.parametrize(
    ("query", "headers"), [("?format=geojson", {}), ("", {"accept": "application/geo+json"})]
)
def test_it_gives_geojson_when_asked(client: Client, query: str, headers: dict[str, str]) -> None:
    public = make_published()
    make_published(longitude=None, latitude=None, cell="", uncertainty_m=None)
    response = client.get(LIST + query, headers=headers)
    assert response.headers["Content-Type"] == "application/geo+json"
    collection = response.json()
    assert collection["type"] == "FeatureCollection"
    assert (collection["numberMatched"], collection["numberReturned"]) == (2, 2)
    by_id = {feature["id"]: feature for feature in collection["features"]}
    assert by_id[str(public.id)]["geometry"] == {"type": "Point", "coordinates": [20.8, -6.4]}
    assert sum(feature["geometry"] is None for feature in by_id.values()) == 1


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("application/geo+json, application/json;q=0.9", "application/geo+json"),
        ("application/json;q=0.1, application/geo+json;q=0.2", "application/geo+json"),
        ("application/json, application/geo+json", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
    ],
)
def test_it_gives_what_a_client_would_rather_have(client: Client, accept: str, given: str) -> None:
    assert client.get(LIST, headers={"accept": accept}).headers["Content-Type"] == given


def test_pages_join_without_a_gap_or_a_repeat(client: Client) -> None:
    expected = [str(make_published().id) for _ in range(5)]
    address, found = f"{LIST}?limit=2&format=geojson&theme=violence", []
    while address:
        collection = client.get(address).json()
        found += [feature["id"] for feature in collection["features"]]
        address = next((link["href"] for link in collection["links"] if link["rel"] == "next"), "")
    assert sorted(found) == sorted(expected)
    plain = client.get(f"{LIST}?limit=2&offset=2").json()
    assert "offset=4" in plain["next"]
    assert "offset=0" in plain["previous"]


def test_it_filters_and_takes_a_parameter_given_twice_as_both(client: Client) -> None:
    make_published(harms=("killing",))
    make_published(harms=("water_pollution",), country="SL")
    make_published(harms=("smuggling",), country="GH")

    def countries(query: str) -> list[str]:
        return sorted(row["country"] for row in client.get(f"{LIST}?{query}").json()["results"])

    assert countries("theme=violence,environment") == ["CD", "SL"]
    assert countries("theme=violence&theme=environment") == ["CD", "SL"]
    assert countries("harm=smuggling") == ["GH"]
    assert countries("bbox=20,-7,21,-6&country=SL") == ["SL"]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("theme=murder", "theme"),
        ("colour=red", "colour"),
        ("bbox=1,2,3", "bbox"),
        ("near=20,-6,nan", "near"),
        ("from=2026-13", "from"),
        ("from=2026-02&from=2026-03", "from"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=ten", "limit"),
        ("offset=-1", "offset"),
        ("offset=" + "9" * 40, "offset"),
        ("format=xml", "format"),
        ("area=²", "area"),
    ],
)
def test_a_bad_parameter_is_400_and_named(client: Client, query: str, name: str) -> None:
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == 400
    assert [wrong["name"] for wrong in problem["errors"]] == [name]
    assert name in problem["detail"]


def test_the_number_of_queries_does_not_grow_with_the_page(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    area = make_area()
    for _ in range(7):
        make_published(areas=((area, 3000.0),))
    with django_assert_max_num_queries(6):
        page = client.get(LIST).json()
    assert [found["areas"][0]["distance_km"] for found in page["results"]] == [3] * 7


def test_one_incident_by_its_public_id(client: Client) -> None:
    public = make_published()
    assert client.get(f"{LIST}{public.id}/").json()["text"] == public.text
    feature = client.get(f"{LIST}{public.id}/?format=geojson")
    assert feature.headers["Content-Type"] == "application/geo+json"
    assert feature.json()["id"] == str(public.id)


def test_neither_the_private_id_nor_an_unknown_one_opens_anything(client: Client) -> None:
    public = make_published()
    for unknown in (public.incident_key, uuid4()):
        response = client.get(f"{LIST}{unknown}/")
        assert response.status_code == 404
        assert response.headers["Content-Type"] == "application/problem+json"


def test_a_retracted_incident_is_gone(client: Client) -> None:
    public = make_published()
    PublishedIncident.objects.update(retracted_on="2026-11-23")
    response = client.get(f"{LIST}{public.id}/")
    assert response.status_code == 410
    assert public.text not in response.content.decode()


def test_answers_set_no_cookie_and_stay_fresh(client: Client) -> None:
    response = client.get(LIST)
    assert not response.cookies
    assert response.headers["Cache-Control"].startswith("public, max-age=0, s-maxage=2,")
    assert client.get(f"{LIST}?limit=0").headers["Cache-Control"] == "no-store"

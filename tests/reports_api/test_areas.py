import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.builders import make_area, make_published

pytestmark = pytest.mark.django_db
LIST = "/api/v1/areas/"


def test_it_lists_areas_by_country_kind_and_name(client: Client) -> None:
    make_area("Tshikapa pits", country="CD", kind="artisanal")
    make_area("Koidu", -10.97, 8.64, country="SL", kind="industrial", aliases=["Koïdu Holdings"])

    def names(query: str) -> list[str]:
        return [row["name"] for row in client.get(f"{LIST}?{query}").json()["results"]]

    assert names("") == ["Tshikapa pits", "Koidu"]
    assert names("country=sl") == ["Koidu"]
    assert names("country=au") == []
    assert names("kind=artisanal,mixed") == ["Tshikapa pits"]
    assert names("q=kapa") == ["Tshikapa pits"]
    assert names("q=koidu holdings") == ["Koidu"]
    assert names("q=%F0%9F%92%8E") == []


def test_it_counts_the_published_incidents_near(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    area = make_area()
    make_area("Elsewhere", 1.0, 1.0)
    make_published(areas=((area, 3000.0),))
    make_published(areas=((area, 4000.0),))
    with django_assert_max_num_queries(8):
        found = client.get(LIST).json()["results"]
    assert {row["name"]: row["incidents"] for row in found} == {"Tshikapa pits": 2, "Elsewhere": 0}


def test_an_area_in_its_own_shape(client: Client) -> None:
    area = make_area(wkt="POLYGON((20 -7, 21 -7, 21 -6, 20 -6, 20 -7))")
    feature = client.get(f"{LIST}{area.pk}/?format=geojson").json()
    assert feature["geometry"]["type"] == "Polygon"
    record = client.get(f"{LIST}{area.pk}/").json()
    assert 20 < record["lon"] < 21
    assert -7 < record["lat"] < -6
    assert client.get(f"{LIST}?format=geojson").json()["features"] == [feature]


@pytest.mark.parametrize("number", ["0", "999999999999999999", "9" * 30, "x"])
def test_an_unknown_area_is_404(client: Client, number: str) -> None:
    response = client.get(f"{LIST}{number}/")
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("country=XX", "country"),
        ("kind=big", "kind"),
        ("q=%00", "q"),
        ("q=" + "a" * 201, "q"),
        ("bbox=1", "bbox"),
    ],
)
def test_a_bad_parameter_is_400_and_named(client: Client, query: str, name: str) -> None:
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["name"] == name


def test_what_is_wrong_with_a_name_is_said(client: Client) -> None:
    def detail(query: str) -> str:
        return str(client.get(f"{LIST}?q={query}").json()["errors"][0]["detail"])

    assert detail("Kono%00") == "A name holds no NUL character."
    assert detail("a" * 201) == "At most 200 characters."

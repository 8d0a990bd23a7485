from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from impact.accounts.models import User
from impact.publication.freshness import _program_stamp, forget_places
from impact.publication.state import mark_public_change
from tests.builders import make_area, make_published
from tests.publication.test_publishing import publish, verified

pytestmark = pytest.mark.django_db
ADDRESSES = (
    "/api/v1/incidents/",
    "/api/v1/incidents/?format=geojson",
    "/api/v1/clusters/?zoom=3",
    "/api/v1/statistics/?by=harm",
    "/api/v1/snapshots/",
    "/feeds/incidents.atom",
    "/snapshots/",
    "/",
    "/embed/",
    "/map/areas.json",
    "/api/v1/hexagons/",
    "/api/v1/coverage/",
    "/ogc/collections",
    "/ogc/collections/incidents/items",
    "/areas/",
    "/areas/{area}/",
)
CACHE_CONTROL = "public, max-age=0, s-maxage=2, stale-while-revalidate=2, must-revalidate"


@pytest.fixture(autouse=True)
def _places() -> Iterator[None]:
    forget_places()
    yield
    forget_places()


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_sent_twice_until_something_public_changes(
    address: str, client: Client, moderator: User
) -> None:
    address = address.format(area=make_area().pk)
    make_published()
    mark_public_change()
    first = client.get(address)
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == CACHE_CONTROL
    assert {"Accept-Language", "Cookie"} <= set(first.headers["Vary"].split(", "))
    assert "Last-Modified" not in first.headers
    same = client.get(address, headers={"if-none-match": tag})
    assert (same.status_code, same.content) == (304, b"")
    assert "Content-Security-Policy" not in same.headers
    assert client.get(address, headers={"if-none-match": tag, "accept-language": "fr"}).status_code == 200
    publish(verified(moderator), moderator)
    assert client.get(address, headers={"if-none-match": tag}).status_code == 200


def test_it_costs_few_queries_to_say_that_nothing_changed(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    tag = client.get("/api/v1/incidents/").headers["ETag"]
    with django_assert_max_num_queries(2):
        assert client.get("/api/v1/incidents/", headers={"if-none-match": tag}).status_code == 304


def test_an_import_of_areas_is_a_change(client: Client) -> None:
    tag = client.get("/api/v1/areas/").headers["ETag"]
    make_area()
    forget_places()
    assert client.get("/api/v1/areas/", headers={"if-none-match": tag}).status_code == 200


def test_who_is_signed_in_gets_no_tag(client: Client, moderator: User) -> None:
    published = make_published()
    client.force_login(moderator)
    answer = client.get(f"/incidents/{published.pk}/")
    assert "ETag" not in answer.headers
    assert "public" not in answer.headers.get("Cache-Control", "")


def test_a_refusal_has_no_tag(client: Client) -> None:
    answer = client.get("/api/v1/incidents/?theme=gossip")
    assert (answer.status_code, "ETag" in answer.headers) == (400, False)


def test_another_release_shows_other_pages(client: Client, settings: Settings) -> None:
    tag = client.get("/").headers["ETag"]
    _program_stamp.cache_clear()
    assert client.get("/", headers={"if-none-match": tag}).status_code == 304
    settings.TILES_ATTRIBUTION = "Somebody's pictures"
    _program_stamp.cache_clear()
    assert client.get("/", headers={"if-none-match": tag}).status_code == 200
    settings.TILES_ATTRIBUTION = ""
    _program_stamp.cache_clear()
    assert client.get("/", headers={"if-none-match": tag}).status_code == 304
    with patch("impact.publication.freshness._PROGRAM", set()):  # as if every file were another one
        _program_stamp.cache_clear()
        assert client.get("/", headers={"if-none-match": tag}).status_code == 200
    _program_stamp.cache_clear()


def test_who_shows_a_key_gets_no_tag(client: Client) -> None:
    answer = client.get("/api/v1/incidents/", headers={"authorization": "Bearer of-a-partner"})
    assert "ETag" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-store"

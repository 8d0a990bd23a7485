"""Every public route and format, read as somebody would who looks for a witness."""

import io
from collections.abc import Iterator
from typing import Any

import h3
import pytest
from django.test import Client
from django.urls import resolve, reverse

from impact.publication.models import CountedIncident, PublishedIncident
from impact.publication.reidentification import measure
from impact.publication.snapshots.taking import snapshot_records, take_snapshot
from impact.summaries.exporting import FORMATS, write_export
from tests.publication.leaking import Secrets, leaks_in, publish_fiction
from tests.web.test_every_address import ADDRESSES

pytestmark = pytest.mark.django_db
COUNT = 500
FEW = 80
# The same address as accounts:sign_in.
UNSCANNED = {"account_login"}
NAMED = dict.fromkeys(
    ("ogc:collection", "ogc:items", "ogc:item", "ogc:schema", "ogc:feature_schema"), "incidents"
)
QUERIES = {
    "ogc:items": ("?limit=1000",),
    "web:feed": ("", "?country=CD"),
    "reports_api:incidents": ("?limit=1000", "?limit=1000&format=geojson"),
    "reports_api:clusters": tuple(f"?zoom={zoom}" for zoom in (0, 5, 12, 22)),
    "reports_api:hexagons": tuple(f"?zoom={zoom}" for zoom in (0, 5, 12, 22)),
    "reports_api:statistics": tuple(
        f"?by={by}" for by in ("month", "theme", "harm", "country", "area", "kind")
    ),
}


@pytest.fixture
def secrets() -> Secrets:
    return publish_fiction(FEW)


def public_bodies(client: Client) -> Iterator[tuple[str, bytes]]:
    """What every address that a visitor may open answers, and every data file of a snapshot of everything."""
    snapshot = take_snapshot()
    published = PublishedIncident.objects.filter(retracted_on=None)
    area = published[0].area_links.all()[0].area_id if published[0].area_links.exists() else 1
    for name, (visitor, _advocate, _moderator) in ADDRESSES.items():
        if visitor != 200 or name.endswith(":"):
            continue
        for address in _addresses(name, snapshot.pk, area, published):
            for query in QUERIES.get(name, ("", "?lang=fr")):
                answer = client.get(address + query)
                if answer.status_code == 200:
                    yield address + query, answer.getvalue()
    for name in FORMATS:
        stream = io.BytesIO()
        write_export(snapshot, name, stream)
        yield name, stream.getvalue()


def _addresses(name: str, snapshot: str, area: int, published: Any) -> list[str]:
    if name in NAMED:
        keys = [incident.pk for incident in published[:25]] if name == "ogc:item" else [None]
        return [reverse(name, args=[NAMED[name], key] if key else [NAMED[name]]) for key in keys]
    listed = ["incidents"]
    if name == "ogc:style":
        return [reverse(name, args=[*listed, "style"])]
    for arguments in (
        [],
        [snapshot],
        [area],
        [published[0].pk],
        ["no-such-key"],
        listed,
        [*listed, published[0].pk],
    ):
        try:
            address = reverse(name, args=arguments)
        except Exception:  # noqa: BLE001, S112  (the next kind of argument)
            continue
        if arguments == [published[0].pk]:
            return [reverse(name, args=[incident.pk]) for incident in published[:25]]
        return [address]
    raise AssertionError(f"the scan does not know how to open {name}")


def test_no_public_byte_tells_a_place_a_day_or_a_person(client: Client) -> None:
    secrets = publish_fiction(COUNT)
    seen = set()
    for where, body in public_bodies(client):
        assert leaks_in(body, secrets) == [], where
        seen.add(where)
    assert {"/", "/feeds/incidents.atom", "csv", "geojson", "gpkg"} <= seen
    assert len(seen) > 40
    visited = {resolve(where.split("?")[0]).view_name for where in seen if where.startswith("/")}
    assert {name for name, (visitor, _, _) in ADDRESSES.items() if visitor == 200} - visited == UNSCANNED


def test_the_scan_finds_what_is_there_to_find(secrets: Secrets) -> None:
    longitude, latitude = next(iter(secrets.points))
    for planted in (
        b"said zephyr17 and",
        next(iter(secrets.keys)),
        next(iter(secrets.references)),
        next(iter(secrets.days)),
        b"[" + longitude + b"31, " + latitude + b"99]",
    ):
        assert leaks_in(b"<p>" + planted + b"</p>", secrets), planted


def test_every_point_is_the_centre_of_a_cell_and_every_day_the_edge_of_a_period(secrets: Secrets) -> None:
    records = snapshot_records(take_snapshot())
    assert len(records) == FEW - len(secrets.counted_only)
    for record in records:
        longitude, latitude = record["lon"], record["lat"]
        assert longitude is not None
        assert latitude is not None
        centres = [
            h3.cell_to_latlng(h3.latlng_to_cell(latitude, longitude, resolution))
            for resolution in range(2, 7)
        ]
        assert (latitude, longitude) in [(round(y, 5), round(x, 5)) for y, x in centres]
        assert record["occurred_precision"] in {"week", "month"}


def test_what_may_be_told_in_counts_only_is_in_no_list(client: Client, secrets: Secrets) -> None:
    assert secrets.counted_only
    assert {counted.incident_key for counted in CountedIncident.objects.all()} == secrets.counted_only
    assert not PublishedIncident.objects.filter(incident_key__in=secrets.counted_only).exists()
    assert client.get("/api/v1/incidents/?harm=sexual_violence").json()["count"] == 0


def test_the_chance_to_trace_an_incident_to_a_person_is_small(secrets: Secrets) -> None:
    measured = measure(snapshot_records(take_snapshot()))
    assert measured.incidents == FEW - len(secrets.counted_only)
    assert measured.is_within_limit

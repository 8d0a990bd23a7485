"""After something changed: whoever is affected is linked again, and nobody else."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from impact.incidents.bulk_linking import link_unlinked
from impact.incidents.linking import link_incident
from impact.incidents.models import Incident
from impact.incidents.relinking import mark_around_changed_areas
from impact.places.models import ProducingArea
from impact.places.nearness.areas import measure_area
from tests.builders import make_area, make_incident

pytestmark = pytest.mark.django_db


def settled(*incidents: Incident) -> None:
    mark_around_changed_areas()
    for incident in incidents:
        link_incident(incident)


def waiting() -> set[object]:
    return set(Incident.objects.filter(linked_at__isnull=True).values_list("pk", flat=True))


def changed(area: ProducingArea, **fields: object) -> None:
    ProducingArea.objects.filter(pk=area.pk).update(relinked_at=None, version=area.version + 1, **fields)


def test_a_new_area_makes_those_in_its_reach_wait_and_no_other() -> None:
    near, far = make_incident(longitude=20.9), make_incident(longitude=22.0)
    settled(near, far)
    area = make_area()
    assert mark_around_changed_areas() == 1
    assert waiting() == {near.pk}
    assert mark_around_changed_areas() == 0
    assert link_unlinked() == 1
    assert near.area_links.get().area == area


def test_an_area_that_moved_makes_both_ends_wait() -> None:
    here, there, elsewhere = (make_incident(longitude=longitude) for longitude in (20.8, 23.0, 26.0))
    area = make_area()
    settled(here, there, elsewhere)
    changed(area, geometry="POINT(23 -6.4)")
    mark_around_changed_areas()
    assert waiting() == {here.pk, there.pk}


@pytest.mark.parametrize("what", ["retired", "joined"])
def test_an_area_out_of_use_makes_those_linked_to_it_wait(what: str) -> None:
    linked, sixth = make_incident(), make_incident(longitude=21.0)
    area, other = make_area(), make_area("Other", longitude=30.0)
    settled(linked)
    Incident.objects.filter(pk=sixth.pk).update(linked_at="2026-11-23T12:00Z")
    changed(area, **({"retired_on": date(2026, 11, 1)} if what == "retired" else {"joined_to": other}))
    mark_around_changed_areas()
    assert waiting() == {linked.pk}


def test_an_area_that_changes_again_meanwhile_is_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    area = make_area()
    make_incident()
    ProducingArea.objects.filter(pk=area.pk).update(version=7)
    seen = dict(ProducingArea.objects.values_list("pk", "version"))
    ProducingArea.objects.filter(pk=area.pk).update(version=8)
    assert ProducingArea.objects.filter(pk=area.pk, version=seen[area.pk]).update(relinked_at=None) == 0
    assert mark_around_changed_areas() == 1
    assert ProducingArea.objects.get().relinked_at is not None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    longitude=st.one_of(st.floats(-180, 180), st.floats(179.8, 180), st.floats(-180, -179.8)),
    latitude=st.floats(-85, 85),
    east=st.floats(-0.6, 0.6),
    north=st.floats(-0.4, 0.4),
    is_polygon=st.booleans(),
)
def test_whoever_is_in_reach_waits_and_nobody_else(
    longitude: float, latitude: float, east: float, north: float, is_polygon: bool
) -> None:
    x, y = longitude + east, max(min(latitude + north, 89.0), -89.0)
    x = x - 360 if x > 180 else x + 360 if x < -180 else x
    x, longitude = min(x, 179.9), min(longitude, 180.0)
    wkt = f"POLYGON(({x} {y},{x + 0.05} {y},{x} {y + 0.05},{x} {y}))" if is_polygon else f"POINT({x} {y})"
    incident = make_incident(longitude=longitude, latitude=latitude)
    settled(incident)
    area = make_area(wkt=wkt)
    mark_around_changed_areas()
    assert (incident.pk in waiting()) == measure_area(area, longitude, latitude).is_in_reach
    area.delete()
    incident.reports.all().delete()
    incident.delete()

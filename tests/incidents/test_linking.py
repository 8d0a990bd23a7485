from datetime import date

import pytest

from impact.incidents.bulk_linking import link_unlinked
from impact.incidents.linking import link_incident
from impact.incidents.models import AreaLink
from impact.incidents.relinking import mark_unlinked
from tests.builders import make_area, make_incident

pytestmark = pytest.mark.django_db


def test_it_links_to_the_areas_nearby_with_distance_and_uncertainty() -> None:
    make_area(name="Near", longitude=20.9, latitude=-6.4, accuracy_m=3000.0)
    make_area(name="Around", wkt="POLYGON((20.7 -6.5,20.9 -6.5,20.9 -6.3,20.7 -6.3,20.7 -6.5))")
    make_area(name="Far", longitude=22.0, latitude=-6.4)
    inside, near = link_incident(make_incident())
    assert (inside.area.name, inside.relation, inside.distance_m) == ("Around", "inside", 0.0)
    assert (near.area.name, near.relation, near.uncertainty_m) == ("Near", "near", 5000.0)
    assert near.distance_m == pytest.approx(11_064, abs=5)


def test_linking_twice_changes_nothing_and_a_moderators_link_stays() -> None:
    incident = make_incident()
    here = make_area()
    elsewhere = make_area(name="Named by a moderator", longitude=25, latitude=-3)
    AreaLink.objects.create(
        incident=incident,
        area=elsewhere,
        relation="near",
        distance_m=1,
        uncertainty_m=1,
        rank=0,
        method="moderator",
    )
    link_incident(incident)
    link_incident(incident)
    assert set(incident.area_links.values_list("area", "method")) == {
        (here.pk, "rule"),
        (elsewhere.pk, "moderator"),
    }


def test_it_says_how_sure_it_is() -> None:
    make_area(name="Near", longitude=20.9, latitude=-6.4)
    make_area(name="Edge", longitude=21.02, latitude=-6.4)
    make_area(name="Around", wkt="POLYGON((20.7 -6.5,20.8 -6.5,20.8 -6.3,20.7 -6.3,20.7 -6.5))")
    around, near, edge = link_incident(make_incident(uncertainty_m=4000.0))
    # The point lies on the polygon's edge: half of its disc is inside, all of it within 25 km.
    assert around.share_inside == pytest.approx(0.5, abs=0.03)
    assert (around.relation, around.share, near.share, near.share_inside) == ("inside", 1.0, 1.0, 0.0)
    assert 0.5 < edge.share < 0.75


def test_a_retired_area_keeps_its_links_and_gets_no_new_ones() -> None:
    before, after = make_incident(), make_incident()
    area = make_area()
    link_incident(before)
    area.retired_on = date(2026, 11, 1)
    area.save()
    link_incident(before)
    link_incident(after)
    assert [link.area for link in before.area_links.all()] == [area]
    assert not after.area_links.exists()


def test_a_retired_area_is_beside_the_five() -> None:
    incident = make_incident()
    areas = [make_area(f"Pit {step}", 20.8 + step * 0.01) for step in range(6)]
    link_incident(incident)
    areas[0].retired_on = date(2026, 11, 1)
    areas[0].save()
    assert [link.area.name for link in link_incident(incident)] == [area.name for area in areas]


def test_an_area_that_was_joined_to_another_is_not_linked() -> None:
    incident = make_incident()
    leading = make_area("Leading", 20.85)
    joined = make_area("Joined", joined_to=leading)
    link_incident(incident)
    assert [link.area for link in incident.area_links.all()] == [leading]
    joined.joined_to = None
    joined.save()
    link_incident(incident)
    assert incident.area_links.count() == 2


def test_who_asks_meanwhile_is_not_forgotten() -> None:
    incident = make_incident()
    make_area()
    stale = type(incident).objects.get(pk=incident.pk)
    mark_unlinked()
    link_incident(stale)
    assert link_unlinked() == 0, "it read the request before it measured"
    incident.refresh_from_db()
    assert incident.link_request == 1


def test_the_worker_finishes_what_a_crash_left_unlinked() -> None:
    area = make_area()
    incident = make_incident(linked_at=None)
    assert link_unlinked() == 1
    assert link_unlinked() == 0
    assert incident.area_links.get().area == area


def test_marking_makes_every_placed_incident_wait_again() -> None:
    link_incident(make_incident())
    link_incident(make_incident(longitude=None))
    assert mark_unlinked() == 1
    assert link_unlinked() == 1

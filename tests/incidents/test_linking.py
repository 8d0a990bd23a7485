import pytest

from impact.incidents.linking import link_incident, link_unlinked, mark_unlinked
from impact.incidents.models import AreaLink
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

import io

import pytest
from django.core.management import call_command

from impact.incidents.models import AreaLink
from tests.builders import make_area, make_incident

pytestmark = pytest.mark.django_db


def link(*options: str) -> str:
    out = io.StringIO()
    call_command("link_incidents", *options, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_it_links_what_waits_and_no_more() -> None:
    incident = make_incident()
    make_area()
    assert link() == "linked 1\n"
    assert incident.area_links.count() == 1
    assert link() == "linked 0\n"


def test_it_links_all_again_after_new_areas() -> None:
    incident = make_incident()
    link()
    area = make_area()
    assert link("--all") == "linked 1\n"
    assert AreaLink.objects.get(incident=incident).area == area


def test_it_leaves_the_links_of_moderators() -> None:
    incident = make_incident()
    far = make_area("Far away", 29.0, -3.0)
    AreaLink.objects.create(
        incident=incident,
        area=far,
        relation="near",
        distance_m=9e5,
        uncertainty_m=0,
        rank=0,
        method="moderator",
    )
    link("--all")
    assert incident.area_links.filter(area=far, method="moderator").exists()

import pytest

from impact.publication.filtering import IncidentFilter
from impact.publication.snapshots.taking import snapshot_records, take_snapshot
from impact.publication.surroundings import Surroundings
from impact.summaries.brief.deriving import derive
from impact.summaries.brief.options import BriefOptions
from impact.summaries.pattern import pattern
from tests.builders import make_area, make_published

pytestmark = pytest.mark.django_db


def test_what_has_no_place_is_at_no_site() -> None:
    make_published(areas=((make_area(), 10.0),))
    make_published(longitude=22.0)
    for _ in range(2):
        make_published(longitude=None, latitude=None)
    snapshot = take_snapshot()
    derived = derive(snapshot, Surroundings(snapshot), snapshot_records(snapshot), BriefOptions())
    found = derived.patterns["CD"]
    assert (found.incidents, found.sites) == (4, 2)
    assert [one.sites for one in found.recurring] == [2]
    assert pattern(IncidentFilter(country=("CD",)), "CD").sites == found.sites  # as the area's page says

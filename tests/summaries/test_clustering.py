import random
from datetime import date

import pytest

from impact.publication.filtering import IncidentFilter
from impact.publication.models import PublishedIncident
from impact.summaries.clustering import Box, Cluster, clusters
from tests.builders import make_published

pytestmark = pytest.mark.django_db
WORLD = (-180.0, -90.0, 180.0, 90.0)


def test_the_numbers_add_up_at_every_zoom() -> None:
    for step in range(30):
        make_published(longitude=20.8 + step % 5, latitude=-6.4 + step // 5, harms=("killing", "injury")[:1])
    make_published(longitude=None, latitude=None)
    for zoom in range(15):
        found = clusters(WORLD, zoom)
        assert sum(cluster.count for cluster in found) == 30
        assert all(sum(cluster.by_theme.values()) == cluster.count for cluster in found)
    assert len(clusters(WORLD, 0)) < len(clusters(WORLD, 8)) == 30


def test_one_incident_can_be_opened_and_many_cannot() -> None:
    published = make_published()
    [alone] = clusters(WORLD, 4)
    assert (alone.count, alone.incident_id) == (1, str(published.pk))
    assert (alone.longitude, alone.latitude) == (20.8, -6.4)
    make_published(harms=("chemicals",))
    [both] = clusters(WORLD, 4)
    assert both.incident_id is None
    assert both.by_theme == {"violence": 1, "environment": 1}


def test_the_box_and_the_filter_narrow() -> None:
    make_published(country="CD")
    make_published(longitude=10.9, latitude=8.6, country="SL")
    assert len(clusters((20.0, -7.0, 21.0, -6.0), 4)) == 1
    assert len(clusters(WORLD, 4, IncidentFilter.parse({"country": "SL"}))) == 1


def test_a_box_across_the_antimeridian() -> None:
    make_published(longitude=179.5, latitude=0.5)
    make_published(longitude=-179.5, latitude=0.5)
    make_published(longitude=0.5, latitude=0.5)
    assert sum(cluster.count for cluster in clusters((170.0, -10.0, -170.0, 10.0), 3)) == 2


def test_the_counted_cells_answer_as_the_incidents_do() -> None:
    chance = random.Random(11)
    for _turn in range(250):
        make_published(
            harms=(chance.choice(("killing", "child_labour", "chemicals")),),
            longitude=chance.randrange(-40, 40) / 2 + (180 if chance.random() < 0.1 else 0) or None,
            latitude=chance.randrange(-20, 20) / 3,
            country=chance.choice(("CD", "SL")),
        )
    PublishedIncident.objects.filter(country="CD", theme="labour").update(retracted_on=date(2026, 11, 23))
    # The same incidents, chosen by something that no cell knows: everything happened after that day.
    since = {"from": "2000-01-01"}
    choices: tuple[dict[str, str], ...] = (
        {},
        {"theme": "violence"},
        {"country": "SL"},
        {"theme": "violence,labour", "country": "CD"},
        {"bbox": "-9.5,-4,6,5", "theme": "environment"},
    )
    boxes: tuple[Box, ...] = (WORLD, (-7.25, -3.0, 9.5, 6.7), (170.0, -5.0, -15.0, 5.0))
    for chosen in choices:
        for zoom in (0, 3, 5, 6, 10):
            for box in boxes:
                by_cell = clusters(box, zoom, IncidentFilter.parse(chosen))
                one_by_one = clusters(box, zoom, IncidentFilter.parse({**chosen, **since}))
                assert [_told(one) for one in by_cell] == [_told(one) for one in one_by_one]
                assert [(one.longitude, one.latitude) for one in by_cell] == [
                    pytest.approx((one.longitude, one.latitude), abs=1e-4) for one in one_by_one
                ]
    assert len(clusters(WORLD, 10)) > 100


def _told(cluster: Cluster) -> tuple[object, ...]:
    return cluster.count, cluster.by_theme, cluster.incident_id

import random
from datetime import date, timedelta
from unittest.mock import patch

import pytest

from impact.places.boxes import Box
from impact.publication.filtering import IncidentFilter
from impact.publication.models import PublishedIncident
from impact.summaries.clustering import Cluster, clusters, clusters_by_database
from impact.summaries.hexagons import hexagons
from tests.builders import make_area, make_published

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


CHOICES: tuple[dict[str, str], ...] = (
    {},
    {"theme": "violence"},
    {"country": "SL"},
    {"theme": "violence,labour", "country": "CD"},
    {"bbox": "-9.5,-4,6,5", "theme": "environment"},
    {"bbox": "170,-10,-170,10"},
    {"harm": "chemicals,injury"},
    {"from": "2026-03"},
    {"to": "2026-05-14"},
    {"from": "2026-02-10", "to": "2026-02-11", "theme": "violence"},
    {"perpetrator": "police,company"},
    {"verification": "partially_corroborated"},
    {"kind": "industrial"},
    {"kind": "artisanal,mixed", "from": "2026-04"},
    {"area": "{first}"},
    {"area": "{second}", "kind": "artisanal", "harm": "killing"},
    {"area": "123456789"},
    {"near": "2,1,350"},
    {"near": "179.9,0,600", "theme": "violence"},
)


def test_the_columns_answer_every_filter_as_the_database_does() -> None:
    chance = random.Random(11)
    areas = [make_area("One"), make_area("Other", kind="industrial"), make_area("Third", kind="mixed")]
    for _turn in range(400):
        first = date(2026, 1, 1) + timedelta(days=chance.randrange(200))
        is_dated = chance.random() < 0.9
        make_published(
            harms=tuple(chance.sample(("killing", "child_labour", "chemicals", "injury"), 2)),
            longitude=chance.choice((179.5, -179.5, 175.0))
            if chance.random() < 0.1
            else chance.randrange(-40, 40) / 2 or None,
            latitude=chance.randrange(-20, 20) / 3,
            cell=chance.choice(("866a1d5a7ffffff", "856a1d5bfffffff", "")),
            country=chance.choice(("CD", "SL")),
            perpetrator=chance.choice(("army", "police", "company")),
            verification=chance.choice(("verified", "partially_corroborated")),
            occurred_from=first if is_dated else None,
            occurred_to=first + timedelta(days=chance.choice((0, 6, 30))) if is_dated else None,
            affected=chance.choice((None, 7)),
            areas=tuple((area, 1000.0) for area in chance.sample(areas, chance.randrange(4))),
        )
    PublishedIncident.objects.filter(country="CD", theme="labour").update(retracted_on=date(2026, 11, 23))
    keys = {"first": areas[0].pk, "second": areas[1].pk}
    boxes: tuple[Box, ...] = (WORLD, (-7.25, -3.0, 9.5, 6.7), (170.0, -5.0, -15.0, 5.0))
    for choice in CHOICES:
        chosen = IncidentFilter.parse({name: value.format(**keys) for name, value in choice.items()})
        for zoom in (0, 3, 5, 6, 10):
            for box in boxes:
                ours, true = clusters(box, zoom, chosen), clusters_by_database(box, zoom, chosen)
                assert [_told(one) for one in ours] == [_told(one) for one in true], choice
                assert [(one.longitude, one.latitude) for one in ours] == [
                    pytest.approx((one.longitude, one.latitude), abs=1e-4) for one in true
                ]
        for zoom in (0, 5, 6, 10):
            shown = hexagons(zoom, chosen)
            with patch("impact.summaries.hexagons.public_columns", return_value=None):
                assert shown == hexagons(zoom, chosen), choice
    areas[1].kind = "artisanal"
    areas[1].save()  # a kind changes without a publication
    chosen = IncidentFilter(kind=("artisanal",))
    assert clusters(WORLD, 4, chosen) == clusters_by_database(WORLD, 4, chosen)
    assert len(clusters(WORLD, 10)) > 100


def _told(cluster: Cluster) -> tuple[object, ...]:
    return cluster.count, cluster.by_theme, cluster.incident_id

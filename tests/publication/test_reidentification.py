from datetime import date, timedelta
from random import Random

import pytest

from impact.publication.masking import mask_point
from impact.publication.published import PublishedRecord, published_properties
from impact.publication.reidentification import LIMIT, generalised, measure, published_cell
from tests.builders import make_published

pytestmark = pytest.mark.django_db


def records(count: int) -> list[PublishedRecord]:
    random = Random(7)
    base = published_properties(make_published())
    made = []
    for number in range(count):
        place = random.choice(
            ((20.8, -6.4, "CD"), (23.6, -6.15, "CD"), (16.98, 3.9, "CF"), (-10.97, 8.64, "SL"))
        )
        point = mask_point(place[0] + random.uniform(-0.3, 0.3), place[1], 500, ["killing"], place[2])
        assert point is not None
        first = date(2026, 1, 5) + timedelta(weeks=random.randrange(40))
        made.append(
            PublishedRecord(
                **{
                    **base,
                    "id": f"{number:08d}",
                    "country": place[2],
                    "lon": point.longitude,
                    "lat": point.latitude,
                    "theme": random.choice(("violence", "labour", "environment")),
                    "occurred_from": first.isoformat(),
                    "occurred_to": (first + timedelta(days=6)).isoformat(),
                }
            )
        )
    return made


def test_two_of_one_hexagon_week_and_theme_are_not_the_only_one() -> None:
    one = published_properties(make_published())
    assert measure([]).unique_share == 0
    assert measure([one]).unique_share == 1
    assert measure([one, one]).unique_share == 0
    assert measure([one, one, {**one, "theme": "labour"}]).unique == 1


def test_the_chance_to_trace_an_incident_is_one_in_the_people_of_its_hexagon() -> None:
    measured = measure(records(200))
    assert 0 < measured.person_risk < LIMIT
    assert measured.is_within_limit
    nowhere: PublishedRecord = {**records(1)[0], "lon": None, "lat": None}
    assert measure([nowhere]).person_risk == 0


def test_the_cell_of_a_record_is_the_one_that_was_published() -> None:
    for harms in (["killing"], ["threats"]):
        point = mask_point(20.8, -6.4, 500, harms, "CD")
        assert point is not None
        record: PublishedRecord = {**records(1)[0], "lon": point.longitude, "lat": point.latitude}
        assert published_cell(record) == point.cell


def test_generalised_records_have_another_one_beside_them() -> None:
    original = records(150)
    assert measure(original).unique_share > 0.2
    coarse = generalised(original)
    assert measure(coarse).unique_share < LIMIT
    assert len(coarse) >= (1 - LIMIT) * len(original)
    assert {record["text"] for record in coarse} == {""}
    by_id = {record["id"]: record for record in original}
    for record in coarse:
        if record["occurred_from"]:
            assert record["occurred_from"][:4] == (by_id[record["id"]]["occurred_from"] or "")[:4]
    assert any(record["lon"] == by_id[record["id"]]["lon"] for record in coarse)

"""Columns and database count the same sets, and both what a plain loop over the public records does."""

import random
from collections import Counter
from datetime import date

import pytest

from impact.publication.filtering import IncidentFilter
from impact.publication.models import PublishedIncident
from impact.publication.published import published_incidents, published_properties
from impact.summaries.sets import (
    Near,
    areas_near,
    areas_near_by_database,
    harm_sets,
    harm_sets_by_database,
    nearest_kinds,
    nearest_kinds_by_database,
)
from impact.vocabulary import Harm, Perpetrator
from tests.builders import NOW, make_area, make_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def fiction() -> None:
    chance = random.Random(9)
    areas = [make_area(f"Pit {number}", kind=("artisanal", "industrial")[number % 2]) for number in range(5)]
    for number in range(70):
        near = chance.sample(areas[:4], chance.randrange(3))
        make_published(
            harms=tuple(chance.sample(Harm.values, chance.choice((1, 1, 2, 4)))),
            perpetrator=chance.choice(Perpetrator.values),
            country=chance.choice(["CD", "SL"]),
            occurred_from=date(2024 + number % 3, 2, 5),
            occurred_to=date(2024 + number % 3, 2, 11),
            areas=tuple((area, 2000.0) for area in near),
        )
    taken_back = make_published(areas=((areas[4], 1.0),))
    PublishedIncident.objects.filter(pk=taken_back.pk).update(retracted_on=NOW.date())


@pytest.mark.parametrize(
    "given",
    [{}, {"country": "SL"}, {"theme": "violence", "from": "2025-01"}, {"kind": "artisanal"}, {"area": "0"}],
)
def test_columns_and_database_count_what_a_plain_loop_counts(fiction: None, given: dict[str, str]) -> None:
    chosen = IncidentFilter.parse(given)
    records = [published_properties(one) for one in published_incidents(chosen)]
    sets = Counter((frozenset(one["harms"]), one["perpetrator"]) for one in records)
    kinds = Counter(one["areas"][0]["kind"] for one in records if one["areas"])
    areas = {area["id"] for one in records for area in one["areas"]}
    near = Near(len(areas), sum(bool(one["areas"]) for one in records))
    assert (len(records) > 5) == (given != {"area": "0"})
    assert harm_sets(chosen) == harm_sets_by_database(chosen) == sets
    assert nearest_kinds(chosen) == nearest_kinds_by_database(chosen) == kinds
    assert areas_near(chosen) == areas_near_by_database(chosen) == near


def test_what_was_taken_back_is_missing_from_the_next_count(fiction: None) -> None:
    everything = IncidentFilter()
    before = harm_sets(everything).total()
    assert PublishedIncident.objects.filter(country="SL").update(retracted_on=NOW.date())
    assert harm_sets(everything) == harm_sets_by_database(everything)
    assert harm_sets(everything).total() < before

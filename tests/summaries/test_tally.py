"""The tally against a plain pandas group-by of the records that are public."""

import random
from datetime import date

import pandas as pd
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from impact.publication.filtering import IncidentFilter
from impact.publication.models import PublishedIncident
from impact.publication.published import published_incidents, published_properties
from impact.summaries.headline import headline
from impact.summaries.tally import PeopleSum, tally
from impact.vocabulary import Credibility, Harm, PeopleKind, Perpetrator
from tests.builders import NOW, make_area, make_published

pytestmark = pytest.mark.django_db

FILTERS: tuple[dict[str, str], ...] = (
    {},
    {"country": "CD,SL"},
    {"theme": "violence", "from": "2025-01"},
    {"harm": "extortion,killing", "to": "2026-06"},
    {"kind": "artisanal"},
    {"mineral": "diamond"},
    {"mineral": "gold,tin"},
    {"bbox": "0,-10,40,10", "perpetrator": "army,police,company"},
)


@pytest.fixture
def fiction() -> None:
    chance = random.Random(3)
    areas = [
        make_area("Pit 0", kind="artisanal", minerals=["diamond"]),
        make_area("Pit 1", kind="industrial", minerals=["cobalt", "gold"]),
    ]
    for index in range(160):
        day = date(2024 + index % 3, 1 + chance.randrange(12), 1 + chance.randrange(28))
        near = chance.sample(areas, chance.randrange(3))
        make_published(
            harms=tuple(chance.sample(Harm.values, chance.choice((1, 1, 2)))),
            perpetrator=chance.choice(Perpetrator.values),
            verification=chance.choice(["verified", "partially_corroborated"]),
            credibility=chance.choice(Credibility.values),
            killed=chance.choice([None, 0, 1, 4]),
            country=chance.choice(["CD", "SL", "ZW", ""]),
            longitude=chance.choice([20.8, -10.9, None]),
            latitude=-6.4,
            occurred_from=day if index % 9 else None,
            occurred_to=day if index % 9 else None,
            areas=tuple((area, 2000.0) for area in near),
        )
    for month, precision in ((12, "year"), (12, "year"), (1, "month"), (1, "month")):
        make_published(
            occurred_from=date(2025, 1, 1),
            occurred_to=date(2025, month, 31),
            occurred_precision=precision,
            perpetrator="army",
            areas=((areas[0], 2000.0),),
        )
    taken_back = make_published(killed=900, areas=((make_area("Only of the stone"), 1.0),))
    PublishedIncident.objects.filter(pk=taken_back.pk).update(retracted_on=NOW.date())


@pytest.mark.parametrize("given", FILTERS)
def test_every_count_is_that_of_a_group_by(fiction: None, given: dict[str, str]) -> None:
    chosen = IncidentFilter.parse(given)
    frame = pd.DataFrame(dict(published_properties(one)) for one in published_incidents(chosen))
    found = tally(chosen)
    assert found.total == len(frame) > 3
    for column in ("country", "perpetrator", "verification", "credibility", "theme"):
        counted = {key: count for key, count in getattr(found, f"by_{column}").items() if count}
        assert counted == frame.groupby(column).size().to_dict(), column
    months = frame["occurred_from"].str.slice(0, 7).where(frame["occurred_precision"] != "year").fillna("")
    assert given or "year" in set(frame["occurred_precision"])
    expected = frame.groupby([months, "theme"]).size().to_dict()
    assert {
        (f"{month:%Y-%m}" if month else "", theme): count
        for month, themes in found.months.items()
        for theme, count in themes.items()
    } == expected
    assert list(found.months) == sorted(found.months, key=lambda month: month or date.max)
    for kind in PeopleKind.values:
        stated = frame[kind].dropna()
        assert found.people[kind] == PeopleSum(int(stated.sum()), len(stated)), kind
    dated = frame.dropna(subset="occurred_from")
    assert found.countries_dated == set(dated["country"]) - {""}
    assert (found.first_on, found.last_on) == (
        date.fromisoformat(dated["occurred_from"].min()),
        date.fromisoformat(dated["occurred_to"].max()),
    )
    assert headline(found).areas == len({area["id"] for areas in frame["areas"] for area in areas})


def test_it_asks_the_database_three_times_and_once_more_of_years(fiction: None) -> None:
    with CaptureQueriesContext(connection) as captured:
        tally()
    assert len(captured) == 4
    with CaptureQueriesContext(connection) as captured:
        tally(IncidentFilter.parse({"from": "2025-02", "to": "2025-12"}))
    assert len(captured) == 4  # a year touches every month of its own
    PublishedIncident.objects.filter(occurred_from__month=1, occurred_from__day=1).delete()
    with CaptureQueriesContext(connection) as captured:
        tally()
    assert len(captured) == 3


def test_nothing_is_counted_as_nothing() -> None:
    found = tally()
    assert (found.total, found.by_country, found.months, found.first_on) == (0, {}, {}, None)
    assert set(found.people.values()) == {PeopleSum(0, 0)}

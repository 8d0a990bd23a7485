from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from impact.places.models import ProducingArea, ProductionFigure
from impact.places.production.periods import read_period
from impact.summaries.poisson import poisson_interval
from impact.summaries.rates import Disclosure, HarmRate, area_rates, country_rates
from tests.builders import NOW, make_area, make_published

pytestmark = pytest.mark.django_db


def state(period: str, kind: str = "total", carats: Any = None, value: Any = None, **fields: Any) -> None:
    read = read_period(period)
    ProductionFigure.objects.create(
        **{
            "country": "CD",
            "from_on": read.from_on,
            "to_on": read.to_on,
            "kind": kind,
            "carats": None if carats is None else Decimal(carats),
            "value_usd": None if value is None else Decimal(value),
            "source": "the ministry",
            "source_name": "test",
            "imported_at": NOW,
            **fields,
        }
    )


def happen(on: date, area: ProducingArea | None = None, **fields: Any) -> None:
    areas = ((area, 2000.0),) if area else ()
    make_published(occurred_from=on, occurred_to=on, areas=areas, **fields)


def rates_of(country: str = "CD") -> dict[tuple[int, str], HarmRate]:
    return {(rate.year, str(rate.kind)): rate for rate in country_rates(country).rates}


def test_harm_is_set_against_carats_and_dollars_of_the_same_time_and_kind() -> None:
    pits, mine = make_area("Pits"), make_area("Mine", kind="industrial")
    state("2023-H1", "artisanal", 2_000_000, 16_000_000)
    state("2023-H2", "artisanal", 1_000_000, 8_000_000)
    state("2023-H1", "industrial", 500_000, 6_000_000)
    state("2023-H2", "industrial", 500_000, 6_000_000)
    happen(date(2023, 2, 6), pits, killed=2)
    happen(date(2023, 9, 4), pits, killed=None, injured=3)
    happen(date(2023, 9, 4), mine, killed=1)
    happen(date(2022, 9, 4), pits, killed=50)
    rates = rates_of()
    artisanal = rates[(2023, "artisanal")]
    assert (artisanal.incidents, artisanal.people) == (2, 5)
    assert artisanal.carats == 3_000_000
    assert artisanal.incidents_per_mct == poisson_interval(2, 3.0)
    assert artisanal.incidents_per_musd == poisson_interval(2, 24.0)
    assert artisanal.people_per_mct is not None
    assert artisanal.people_per_mct.rate == pytest.approx(5 / 3)
    assert artisanal.is_few
    assert rates[(2023, "industrial")].incidents == 1
    total = rates[(2023, "total")]
    assert (total.incidents, total.is_whole_year) == (3, True)
    assert total.carats == 4_000_000


def test_what_is_not_disclosed_is_a_finding_and_never_nought() -> None:
    state("2023", "artisanal", None, None)
    state("2023", "industrial", 100, None)
    state("2022", "total", 0, 0)
    happen(date(2023, 5, 1), make_area())
    rates = rates_of()
    assert rates[(2023, "artisanal")].carats_disclosed is Disclosure.NOT_DISCLOSED
    assert rates[(2023, "artisanal")].incidents_per_mct is None
    assert rates[(2023, "artisanal")].incidents == 1
    assert rates[(2023, "industrial")].value_disclosed is Disclosure.NOT_DISCLOSED
    assert rates[(2023, "total")].carats is None
    assert rates[(2022, "total")].carats_disclosed is Disclosure.NOTHING_PRODUCED
    assert rates[(2022, "artisanal")].carats_disclosed is Disclosure.NOT_STATED


def test_only_the_half_that_is_stated_is_counted() -> None:
    state("2023-H1", "artisanal", 1_000_000)
    pits = make_area()
    happen(date(2023, 3, 6), pits)
    happen(date(2023, 10, 2), pits)
    rate = rates_of()[(2023, "artisanal")]
    assert rate.incidents == 1
    assert not rate.is_whole_year


def test_what_is_known_by_its_year_is_counted_where_the_whole_year_is_stated() -> None:
    state("2023-H1", "artisanal", 1_000_000)
    state("2022-H1", "artisanal", 1_000_000)
    state("2022-H2", "artisanal", 1_000_000)
    pits = make_area()
    for first, last in ((2023, 2023), (2022, 2022), (2022, 2023)):
        make_published(
            occurred_from=date(first, 1, 1),
            occurred_to=date(last, 12, 31),
            occurred_precision="year",
            areas=((pits, 2000.0),),
        )
    rates = rates_of()
    assert rates[(2023, "artisanal")].incidents == 0
    assert rates[(2022, "artisanal")].incidents == 1


def test_two_sources_are_not_added_and_the_shipped_one_gives_way() -> None:
    state("2023", "total", 8_350_000, source_name="Headlamp production figures")
    state("2023-H1", "artisanal", 3_000_000)
    state("2023-H2", "artisanal", 3_300_000)
    assert rates_of()[(2023, "total")].carats == 6_300_000


def test_a_superseded_figure_counts_no_more() -> None:
    state("2023", "total", 100, superseded_at=NOW)
    state("2023", "total", 200)
    assert rates_of()[(2023, "total")].carats == 200


def test_what_happened_beside_gold_is_not_set_against_diamonds() -> None:
    state("2023", "total", 1_000_000)
    happen(date(2023, 5, 1), make_area("Gold", minerals=["gold"]), minerals=["gold"])
    assert rates_of()[(2023, "total")].incidents == 0


def test_an_area_answers_for_what_is_nearest_to_it_alone() -> None:
    near, other = make_area("Near"), make_area("Other")
    state("2023", "artisanal", 1_000_000, area=near)
    happen(date(2023, 5, 1), near)
    make_published(
        occurred_from=date(2023, 5, 1),
        occurred_to=date(2023, 5, 7),
        areas=((other, 1000.0), (near, 9000.0)),
    )
    rate = next(rate for rate in area_rates(near.pk) if rate.kind == "artisanal")
    assert rate.incidents == 1
    assert area_rates(other.pk) == []


def test_no_rate_comes_without_the_reporting_effort() -> None:
    state("2023", "total", 100)
    assert country_rates("CD").effort.words.startswith("no report reached us")

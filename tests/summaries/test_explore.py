"""Every chart against a plain pandas group-by of the records that are public."""

import random
import re
from collections.abc import Callable
from datetime import date
from xml.etree import ElementTree

import pandas as pd
import pytest

from impact.crosswalks import CROSSWALKS
from impact.publication.filtering import IncidentFilter
from impact.publication.models import CoverageMonth, PublishedIncident
from impact.publication.published import published_incidents, published_properties
from impact.summaries.charts import Chart
from impact.summaries.explore import credibility_chart, people_chart, perpetrator_chart, verification_chart
from impact.summaries.explore_crosswalk import crosswalk_chart
from impact.summaries.explore_trend import trend_chart
from impact.summaries.explore_years import years_chart
from impact.summaries.tally import Tally, tally
from impact.vocabulary import Credibility, Harm, PeopleKind, Perpetrator, Theme, Verification
from tests.builders import NOW, make_area, make_published

pytestmark = pytest.mark.django_db

FILTERS = (
    IncidentFilter(),
    IncidentFilter(country=("CD", "SL")),
    IncidentFilter(theme=("violence",), from_on=date(2025, 1, 1)),
    IncidentFilter(harm=("extortion", "killing"), perpetrator=("army", "police")),
)


@pytest.fixture
def fiction() -> None:
    """Eighty incidents of every kind, one without a date and one taken back."""
    chance = random.Random(7)
    area = make_area()
    for index in range(80):
        month = date(2024 + index % 3, 1 + chance.randrange(12), 1 + chance.randrange(28))
        make_published(
            harms=tuple(chance.sample(Harm.values, chance.choice((1, 1, 2, 3)))),
            perpetrator=chance.choice(Perpetrator.values),
            verification=chance.choice(["verified", "partially_corroborated"]),
            credibility=chance.choice(Credibility.values),
            killed=chance.choice([None, 0, 1, 4]),
            injured=chance.choice([None, None, 7]),
            country=chance.choice(["CD", "SL", "ZW"]),
            occurred_from=month if index else None,
            occurred_to=month if index else None,
            areas=((area, 2000.0),) if index % 2 else (),
        )
    PublishedIncident.objects.filter(pk=make_published(killed=900).pk).update(retracted_on=NOW.date())


def records(chosen: IncidentFilter) -> pd.DataFrame:
    return pd.DataFrame(dict(published_properties(one)) for one in published_incidents(chosen))


def counts(chart: Chart) -> dict[str, int]:
    return {str(row[0]): int(row[1]) for row in chart.rows}


@pytest.mark.parametrize("chosen", FILTERS)
@pytest.mark.parametrize(
    ("draw", "column", "labels"),
    [
        (perpetrator_chart, "perpetrator", Perpetrator),
        (verification_chart, "verification", Verification),
        (credibility_chart, "credibility", Credibility),
    ],
)
def test_bars_are_what_a_group_by_counts(
    fiction: None,
    chosen: IncidentFilter,
    draw: Callable[[Tally], Chart],
    column: str,
    labels: Callable[[str], Perpetrator],
) -> None:
    expected = records(chosen).groupby(column).size()
    assert counts(draw(tally(chosen))) == {str(labels(str(key)).label): n for key, n in expected.items()}


@pytest.mark.parametrize("chosen", FILTERS)
def test_people_are_added_up_where_somebody_counted_them(fiction: None, chosen: IncidentFilter) -> None:
    frame = records(chosen)
    chart = people_chart(tally(chosen))
    expected = [
        (str(kind.label), int(frame[kind].sum()), int(frame[kind].notna().sum()))
        for kind in PeopleKind
        if frame[kind].notna().any()
    ]
    assert list(chart.rows) == expected
    assert chart.title.startswith(f"At least {expected[0][1]} people killed, counted in {expected[0][2]} of")


@pytest.mark.parametrize("chosen", FILTERS[:3])
def test_years_are_a_group_by_beside_the_reporting_of_each(fiction: None, chosen: IncidentFilter) -> None:
    for month in (date(2025, 3, 1), date(2025, 4, 1), date(2026, 1, 1)):
        CoverageMonth.objects.create(
            country="CD", month=month, state="reports", reports=40, reporters=9, counted_at=NOW
        )
    frame = records(chosen).dropna(subset="occurred_from")
    expected = pd.crosstab(pd.to_datetime(frame["occurred_from"]).dt.year, frame["theme"])
    chart = years_chart(tally(chosen))
    assert chart is not None
    themes = [theme for theme in Theme if str(theme) in expected]
    assert chart.columns[2:-2] == tuple(str(theme.label) for theme in themes)
    found = {int(re.findall(r"\d{4}", str(row[0]))[-1]): row for row in chart.rows}
    assert list(found) == sorted(expected.index, reverse=True)
    for year, row in found.items():
        wanted = [int(expected[theme].get(year, 0)) for theme in themes]
        assert list(row[1:-2]) == [sum(wanted), *wanted]
    assert (found[2025][-2], found[2025][-1]) == (80, "2 of 12" if not chosen.country else "2 of 24")


def test_one_year_is_compared_with_nothing() -> None:
    make_published(occurred_from=date(2026, 2, 2), occurred_to=date(2026, 2, 8))
    assert years_chart(tally(IncidentFilter())) is None


def test_a_part_of_a_year_is_called_by_its_months() -> None:
    for day in (date(2024, 3, 4), date(2025, 6, 2), date(2026, 5, 4)):
        make_published(occurred_from=day, occurred_to=day)
    chart = years_chart(tally(IncidentFilter(from_on=date(2024, 1, 1), to_on=date(2026, 6, 30))))
    assert chart is not None
    assert [row[0] for row in chart.rows] == ["January 2026 to June 2026", "2025", "2024"]
    assert chart.title == "January 2026 to June 2026: 1; 2025: 1"


@pytest.mark.parametrize("chosen", FILTERS)
def test_the_trend_is_a_group_by_of_months_and_themes(fiction: None, chosen: IncidentFilter) -> None:
    frame = records(chosen)
    months = pd.to_datetime(frame["occurred_from"]).dt.strftime("%B %Y").fillna("month not known")
    expected = pd.crosstab(months, frame["theme"])
    chart = trend_chart(tally(chosen))
    assert chart is not None
    themes = [theme for theme in Theme if str(theme) in expected]
    assert chart.columns == ("Month", *(str(theme.label) for theme in themes), "All", "Coverage")
    for row in chart.rows:
        wanted = [int(expected[theme].get(row[0], 0)) for theme in themes]
        assert list(row[1:-1]) == [*wanted, sum(wanted)], row
    assert {row[0] for row in chart.rows} >= set(months)


@pytest.mark.parametrize("chosen", FILTERS)
@pytest.mark.parametrize("by", CROSSWALKS)
def test_the_crosswalk_counts_what_its_rules_say_of_each_incident(
    fiction: None, chosen: IncidentFilter, by: str
) -> None:
    crosswalk = CROSSWALKS[by]
    frame = records(chosen)
    codes = frame.apply(lambda row: sorted(crosswalk.codes_of(row["harms"], row["perpetrator"])), axis=1)
    expected = codes.explode().value_counts()
    chart = crosswalk_chart(chosen, by)
    assert counts(chart) == {
        str(label): int(expected.get(code, 0)) for code, label in crosswalk.categories.choices
    }
    assert all(row[2] for row in chart.rows)
    assert chart.title.endswith(f"of {len(frame)}")


def test_a_month_is_grey_only_where_nobody_could_report_from_any_of_the_countries() -> None:
    for month in (1, 5):
        make_published(occurred_from=date(2026, month, 2), occurred_to=date(2026, month, 8))
    make_published(country="SL", occurred_from=date(2026, 1, 2), occurred_to=date(2026, 1, 8))
    for country, month, state in (
        ("CD", 2, "no_coverage"),
        ("SL", 2, "no_coverage"),
        ("CD", 3, "no_coverage"),
        ("SL", 3, "no_reports"),
        ("CD", 4, "reports"),
        ("ZW", 2, "reports"),  # nothing of theirs is shown
    ):
        CoverageMonth.objects.create(country=country, month=date(2026, month, 1), state=state, counted_at=NOW)
    chart = trend_chart(tally())
    assert chart is not None
    assert chart.svg.count("no-coverage") == 1
    assert [row[-1] for row in chart.rows] == [
        "not known",
        "countries covered: 0 of 2",
        "countries covered: 1 of 2",
        "countries covered: 1 of 1",
        "not known",
    ]


def test_drawings_are_whole_and_have_no_inline_style(fiction: None) -> None:
    everything = IncidentFilter()
    trend = trend_chart(tally())
    assert trend is not None
    for chart in (trend, people_chart(tally()), crosswalk_chart(everything, "oecd")):
        ElementTree.fromstring(f"<figure>{chart.svg}</figure>")
        assert "style" not in chart.svg


def test_without_a_known_month_there_is_no_trend_and_without_people_no_number() -> None:
    make_published(occurred_from=None, occurred_to=None, killed=None)
    assert trend_chart(tally()) is None
    chart = people_chart(tally())
    assert (chart.title, chart.rows) == ("No incident counts people killed", ())


def test_the_finding_of_a_crosswalk_is_not_what_lies_outside_of_it() -> None:
    for harms in (("threats",), ("threats",), ("killing",)):
        make_published(harms=harms, perpetrator="company")
    assert crosswalk_chart(IncidentFilter(), "oecd").title.startswith("1(iv)")


def test_what_is_known_by_its_year_is_in_its_year_and_in_no_month() -> None:
    make_published(occurred_from=date(2024, 5, 6), occurred_to=date(2024, 5, 12))
    for first, last in ((2025, 2025), (2024, 2025)):
        make_published(
            occurred_from=date(first, 1, 1), occurred_to=date(last, 12, 31), occurred_precision="year"
        )
    counted = tally(IncidentFilter())
    years = years_chart(counted)
    assert years is not None
    assert [row[:2] for row in years.rows] == [("2025", 1), ("May 2024 to December 2024", 1)]
    trend = trend_chart(counted)
    assert trend is not None
    assert [(row[0], row[-2]) for row in trend.rows] == [("May 2024", 1), ("month not known", 2)]

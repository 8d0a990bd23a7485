import re
from datetime import date
from xml.etree import ElementTree

import pytest

from impact.summaries.area_charts import months_chart
from impact.summaries.charts import (
    Chart,
    bar_chart,
    country_chart,
    kind_chart,
    month_chart,
    theme_chart,
    year_marks,
)
from impact.summaries.statistics import KeyCount
from impact.summaries.tally import tally
from tests.builders import make_published

pytestmark = pytest.mark.django_db


def drawing(chart: Chart) -> str:
    ElementTree.fromstring(f"<figure>{chart.svg}</figure>")
    return str(chart.svg)


def test_the_title_is_the_finding_and_the_table_has_every_figure() -> None:
    for month in (3, 3, 5):
        make_published(occurred_from=date(2026, month, 2), occurred_to=date(2026, month, 8))
    chart = month_chart(tally())
    assert chart.title == "Most in March 2026: 2"
    assert chart.rows == (("March 2026", 2), ("May 2026", 1))
    assert drawing(chart).count("<rect") == 3  # April is drawn, as nothing
    assert "April 2026: 0" in chart.svg


@pytest.mark.parametrize(
    ("first", "marks"),
    [
        (date(2025, 9, 1), [(0.0, 2025), (50.0, 2026)]),
        (date(2025, 10, 1), [(37.5, 2026)]),  # 2025 would stand upon 2026
        (date(2026, 1, 1), [(0.0, 2026)]),
    ],
)
def test_a_year_stands_where_it_begins_and_where_there_is_room(
    first: date, marks: list[tuple[float, int]]
) -> None:
    last = first.year * 12 + first.month - 1
    months = [date((last + more) // 12, (last + more) % 12 + 1, 1) for more in range(6)]
    assert year_marks(months, 12.5) == marks


def test_no_month_is_singled_out_where_several_have_as_many() -> None:
    for month in (3, 5):
        make_published(occurred_from=date(2026, month, 2), occurred_to=date(2026, month, 8))
    assert month_chart(tally()).title == "At most 1 in a month"


def test_bars_are_as_long_as_they_are_many() -> None:
    for theme, count in (("killing", 4), ("chemicals", 2)):
        for _ in range(count):
            make_published(harms=(theme,))
    chart = theme_chart(tally())
    assert chart.title == "Violence: 4 of 6"
    assert 'width="320.0"' in drawing(chart)
    assert 'width="160.0"' in drawing(chart)


def test_a_drawing_has_no_inline_style_which_the_browser_would_refuse() -> None:
    make_published()
    for chart in (month_chart(tally()), theme_chart(tally()), country_chart(tally()), kind_chart(tally())):
        assert "style" not in drawing(chart)


def test_nothing_to_count_is_a_chart_too() -> None:
    for chart in (month_chart(tally()), theme_chart(tally())):
        assert chart.title
        assert chart.rows == ()
        drawing(chart)


def test_a_long_label_goes_on_below_so_that_a_phone_shows_all_of_it() -> None:
    long = "Illicit financing of security forces and of armed groups that tax the pits"
    chart = bar_chart("Incidents", "Ask", [KeyCount("a", long, 3), KeyCount("b", "Short", 1)])
    svg = drawing(chart)
    lines = re.findall(r"<tspan[^>]*>([^<]*)</tspan>", svg)
    assert " ".join(lines[:-1]) == long
    assert max(map(len, lines)) <= 48
    assert lines[-1] == "Short"


def test_the_table_of_an_area_adds_up_with_what_no_month_is_known_of() -> None:
    make_published()
    make_published(occurred_from=date(2026, 1, 1), occurred_to=date(2026, 12, 31), occurred_precision="year")
    make_published(harms=("unpaid_wages",), occurred_from=None, occurred_to=None)
    chart = months_chart(tally().months, "CD")
    assert chart is not None
    assert chart.columns == ("Month", "Violence", "Labour", "Coverage")
    assert [row[:3] for row in chart.rows] == [("November 2026", 1, 0), ("month not known", 1, 1)]
    assert {len(row) for row in chart.rows} == {4}

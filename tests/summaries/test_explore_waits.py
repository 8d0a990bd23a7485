from datetime import date
from xml.etree import ElementTree

import pytest

from impact.publication.models import VerificationMonth
from impact.summaries.explore_waits import waits_chart

pytestmark = pytest.mark.django_db


def test_the_latest_month_that_can_be_told_is_the_finding() -> None:
    for month, cases, wait in ((8, 15, "month"), (9, 5, "week"), (10, None, "")):
        VerificationMonth.objects.create(month=date(2026, month, 1), cases_at_least=cases, wait=wait)
    chart = waits_chart()
    assert chart is not None
    assert chart.title == "September 2026: half verified after up to a week"
    assert chart.rows == (
        ("August 2026", 15, "up to a month"),
        ("September 2026", 5, "up to a week"),
        ("October 2026", "fewer than 5", "–"),
    )
    ElementTree.fromstring(f"<figure>{chart.svg}</figure>")
    assert chart.svg.count("<circle") == 2
    assert "style" not in chart.svg


def test_where_no_month_can_be_told_there_is_no_chart() -> None:
    VerificationMonth.objects.create(month=date(2026, 8, 1))
    assert waits_chart() is None

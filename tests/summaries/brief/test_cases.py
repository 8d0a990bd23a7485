from datetime import date

import pytest

from impact.publication.models import PublishedIncident
from impact.publication.published import published_properties
from impact.summaries.brief.cases import cases_content
from impact.summaries.brief.options import BriefOptions
from tests.builders import make_published

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("first", "last", "precision", "words"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), "day", " · 2 March 2026 · "),
        (date(2026, 3, 2), date(2026, 3, 8), "week", " · week of 2 March 2026 · "),
        (date(2026, 3, 1), date(2026, 4, 30), "month", " · March 2026 to April 2026 · "),
        (date(2026, 1, 1), date(2026, 12, 31), "year", " · 2026 · "),
    ],
)
def test_a_case_is_told_in_the_period_that_was_published(
    first: date, last: date, precision: str, words: str
) -> None:
    make_published(occurred_from=first, occurred_to=last, occurred_precision=precision)
    records = [published_properties(incident) for incident in PublishedIncident.objects.all()]
    [row] = cases_content(records, BriefOptions())["rows"]
    assert words in row["head"]


def test_a_case_without_a_day_is_told_without_one() -> None:
    make_published(occurred_from=None, occurred_to=None)
    records = [published_properties(incident) for incident in PublishedIncident.objects.all()]
    [row] = cases_content(records, BriefOptions())["rows"]
    assert row["head"] == "Democratic Republic of the Congo · Killing"

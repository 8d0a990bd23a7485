from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import h3
import pytest
from django.utils import timezone
from pytest_django import Settings

from impact.incidents.models import Incident, Report, Reporter
from impact.publication.counting_coverage import CELL_RESOLUTION, refresh_coverage, refresh_due_coverage
from impact.publication.coverage import coverage_cells, coverage_months, effort
from impact.publication.masking import coarse_cell, mask_point
from impact.publication.models import CoverageMonth
from tests.builders import make_incident

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 15, tzinfo=UTC)


def report_in(month: int, count: int = 1, reporters: int = 1, **fields: Any) -> None:
    people = [Reporter.objects.get_or_create(pseudonym=f"Heron {number}")[0] for number in range(reporters)]
    for number in range(count):
        incident = make_incident(received_at=datetime(2026, month, 5, tzinfo=UTC), **fields)
        incident.reports.update(
            reporter=people[number % reporters], received_at=datetime(2026, month, 5, tzinfo=UTC)
        )


def test_no_reports_is_told_from_no_coverage() -> None:
    report_in(1)
    report_in(6, 7)
    refresh_coverage(NOW)
    assert [(row.month.month, row.state) for row in coverage_months("CD")] == [
        (1, "reports"),
        (2, "no_reports"),
        (3, "no_reports"),
        (4, "no_reports"),
        (5, "no_reports"),
        (6, "reports"),
    ]
    Report.objects.filter(received_at__month=6).delete()
    refresh_coverage(NOW)
    assert [row.state for row in coverage_months("CD")][-3:] == ["no_coverage"] * 3


def test_fewer_than_five_is_not_stored() -> None:
    report_in(5, 4, reporters=4)
    report_in(6, 6, reporters=4)
    refresh_coverage(NOW)
    may, june = CoverageMonth.objects.order_by("month")
    assert (may.reports, may.reporters) == (None, None)
    assert (june.reports, june.reporters) == (6, None)
    told = effort("CD")
    assert (told.reports, told.is_exact, told.months_covered) == (7, False, 2)
    assert "at least 7 reports" in told.words
    assert "fewer than 5 people" in told.words


def test_monitors_are_those_who_report_again_and_again() -> None:
    for month in (3, 4, 5):
        report_in(month, 5, reporters=5)
    report_in(6, 8, reporters=8)
    refresh_coverage(NOW)
    assert [row.monitors for row in coverage_months("CD")] == [5, 5, 5, 5]


def test_spam_is_no_report() -> None:
    report_in(6, 6, triage="spam")
    refresh_coverage(NOW)
    assert coverage_months("CD") == []


def test_a_cell_needs_five_people_and_tells_only_a_step() -> None:
    report_in(5, 9, reporters=4, longitude=20.8, latitude=-6.4)
    report_in(6, 23, reporters=6, longitude=-11.0, latitude=8.6, country="SL")
    refresh_coverage(NOW)
    (cell,) = coverage_cells()
    assert cell.reports_at_least == 20
    assert cell.longitude < 0


def test_the_worker_counts_once_an_hour() -> None:
    assert refresh_due_coverage() == 0
    report_in(6)
    assert refresh_due_coverage() > 0
    assert refresh_due_coverage() == 0
    CoverageMonth.objects.update(counted_at=timezone.now() - timedelta(hours=2))
    assert refresh_due_coverage() > 0


def test_nothing_moves_within_the_week_in_which_somebody_reported(settings: Settings) -> None:
    settings.PUBLICATION_DELAY_DAYS = 7
    monday = datetime(2026, 6, 15, tzinfo=UTC)

    def told(now: datetime) -> list[Any]:
        refresh_due_coverage(now)
        months = CoverageMonth.objects.values_list("country", "month", "state", "reports", "reporters")
        return [*months, *[(cell.cell, cell.reports_at_least, cell.last_month) for cell in coverage_cells()]]

    report_in(5, 6, reporters=6)
    before = told(monday + timedelta(hours=1))
    assert before
    report_on = monday + timedelta(days=2, hours=13)
    for number in range(6):
        incident = make_incident(received_at=report_on)
        reporter = Reporter.objects.create(pseudonym=f"Crane {number}")
        incident.reports.update(reporter=reporter, received_at=report_on)
    assert told(report_on + timedelta(hours=2)) == before
    assert told(monday + timedelta(days=6, hours=23)) == before
    after = told(monday + timedelta(days=7))
    assert after[-1][1:] == (5, report_on.date().replace(day=1))
    assert told(monday + timedelta(days=9)) == after


def test_who_sends_reports_of_their_own_does_not_learn_whether_there_was_another() -> None:
    def cells_with(witnesses: int, planted: int) -> int:
        Report.objects.all().delete()
        report_in(6, witnesses, reporters=witnesses or 1)
        for _ in range(planted):
            incident = make_incident(received_at=datetime(2026, 6, 5, tzinfo=UTC))
            incident.reports.update(reporter=None, received_at=datetime(2026, 6, 5, tzinfo=UTC))
        refresh_coverage(NOW)
        return len(coverage_cells())

    assert [cells_with(0, 4), cells_with(1, 4), cells_with(3, 40)] == [0, 0, 0]
    assert cells_with(5, 0) == 1


def test_a_cell_of_the_effort_parts_no_published_one() -> None:
    random = Random(20261126)
    cells: dict[str, set[str]] = defaultdict(set)
    straight: dict[str, set[str]] = defaultdict(set)
    for _ in range(3000):
        point = random.uniform(20.0, 23.0), random.uniform(-7.0, -5.0)
        masked = mask_point(*point, 0.0, ("threats",), "CD")
        if masked is None or h3.get_resolution(masked.cell) < CELL_RESOLUTION:
            continue
        cells[masked.cell].add(coarse_cell(*point, "CD", CELL_RESOLUTION))
        straight[masked.cell].add(h3.latlng_to_cell(point[1], point[0], CELL_RESOLUTION))
    assert {len(beside) for beside in cells.values()} == {1}
    assert max(len(beside) for beside in straight.values()) > 1  # the parts of hexagons do not fill them


def test_a_country_that_lost_its_reports_is_gone() -> None:
    report_in(6)
    refresh_coverage(NOW)
    Incident.objects.update(country="SL")
    refresh_coverage(NOW + timedelta(hours=1))
    assert coverage_months("CD") == []
    assert len(coverage_months("SL")) == 1

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from impact.incidents.models import Incident, Report, Reporter
from impact.publication.counting_coverage import refresh_coverage, refresh_due_coverage
from impact.publication.coverage import coverage_cells, coverage_months, effort
from impact.publication.models import CoverageMonth, PublishedIncident
from impact.publication.versions import erase_version, public_version, write_version
from tests.builders import make_incident

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 15, tzinfo=UTC)


def report_in(month: int, count: int = 1, reporters: int = 1, **fields: Any) -> list[Incident]:
    people = [Reporter.objects.get_or_create(pseudonym=f"Heron {number}")[0] for number in range(reporters)]
    incidents = []
    for number in range(count):
        incident = make_incident(received_at=datetime(2026, month, 5, tzinfo=UTC), **fields)
        incident.reports.update(
            reporter=people[number % reporters], received_at=datetime(2026, month, 5, tzinfo=UTC)
        )
        incidents.append(incident)
    return incidents


def told_of_in_public(count: int, reporters: int, **fields: Any) -> list[Incident]:
    incidents = report_in(6, count, reporters, **fields)
    for incident in incidents:
        write_version(incident.pk, public_version(incident, "Two men were shot."), NOW.date())
    return incidents


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
    told_of_in_public(9, reporters=4, longitude=20.8, latitude=-6.4)
    told_of_in_public(23, reporters=6, longitude=-11.0, latitude=8.6, country="SL")
    refresh_coverage(NOW)
    (cell,) = coverage_cells()
    assert cell.reports_at_least == 20
    assert cell.longitude < 0


def test_no_cell_says_anything_of_what_is_not_public() -> None:
    told_of_in_public(19, reporters=5)
    planted = told_of_in_public(4, reporters=4, longitude=-11.0, latitude=8.6, country="SL")

    def cells(hours: int) -> list[Any]:
        refresh_coverage(NOW + timedelta(hours=hours))
        return [(cell.cell, cell.reports_at_least) for cell in coverage_cells()]

    assert len(before := cells(0)) == 1
    # A fifth person beside four telephones of somebody's own, and a twentieth report beside nineteen.
    report_in(6, 1, reporters=1, longitude=-11.0, latitude=8.6, country="SL")
    report_in(6, 40, reporters=6)
    # Nor does it help to tell of one incident by many telephones, or after somebody else did.
    for number in range(6):
        late = report_in(6, 1, reporters=1, longitude=-11.0, latitude=8.6, country="SL")[0]
        late.reports.update(
            incident=planted[0],
            reporter=Reporter.objects.create(pseudonym=f"Crane {number}"),
            received_at=datetime(2026, 6, 6, tzinfo=UTC),
        )
    assert cells(1) == before
    told_of_in_public(1, reporters=1)
    assert cells(2) == [(before[0][0], 20)]


def test_what_was_taken_back_leaves_its_cell() -> None:
    told_of_in_public(5, reporters=5)
    refresh_coverage(NOW)
    assert len(coverage_cells()) == 1
    erase_version(PublishedIncident.objects.values_list("incident_key", flat=True)[0], NOW.date())
    refresh_coverage(NOW + timedelta(hours=1))
    assert coverage_cells() == []


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
        return [*months, *[(cell.cell, cell.reports_at_least) for cell in coverage_cells()]]

    report_in(5, 6, reporters=6)
    before = told(monday + timedelta(hours=1))
    assert before
    report_on = monday + timedelta(days=2, hours=13)
    for number in range(6):
        incident = make_incident(received_at=report_on)
        reporter = Reporter.objects.create(pseudonym=f"Crane {number}")
        incident.reports.update(reporter=reporter, received_at=report_on)
        write_version(incident.pk, public_version(incident, "Two men were shot."), report_on.date())
    assert told(report_on + timedelta(hours=2)) == before
    assert told(monday + timedelta(days=6, hours=23)) == before
    after = told(monday + timedelta(days=7))
    assert after[-1][1:] == (5,)
    assert told(monday + timedelta(days=9)) == after


def test_reports_without_a_name_are_together_one_person() -> None:
    incidents = told_of_in_public(40, reporters=4)
    Report.objects.filter(incident__in=incidents[4:]).update(reporter=None)
    refresh_coverage(NOW)
    assert len(coverage_cells()) == 1
    Report.objects.filter(incident__in=incidents[3:]).update(reporter=None)
    refresh_coverage(NOW + timedelta(hours=1))
    assert coverage_cells() == []


def test_a_country_that_lost_its_reports_is_gone() -> None:
    report_in(6)
    refresh_coverage(NOW)
    Incident.objects.update(country="SL")
    refresh_coverage(NOW + timedelta(hours=1))
    assert coverage_months("CD") == []
    assert len(coverage_months("SL")) == 1

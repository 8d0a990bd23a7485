from datetime import UTC, date, datetime, timedelta

import pytest

from impact.accounts.models import User
from impact.incidents.models import Report
from impact.moderation.deciding import verify_incident
from impact.publication.counting_waits import count_finished_months
from impact.publication.coverage import reporting_stamp
from impact.publication.models import VerificationMonth
from tests.builders import make_incident

pytestmark = pytest.mark.django_db

DECEMBER = datetime(2026, 12, 2, tzinfo=UTC)


def verify(moderator: User, verified_at: datetime, waited: timedelta) -> None:
    incident = make_incident()
    Report.objects.filter(incident=incident).update(received_at=verified_at - waited)
    verify_incident(
        incident=incident,
        moderator=moderator,
        reason="two sources",
        expected_version=incident.version,
        now=verified_at,
    )


def months() -> list[tuple[date, int | None, str]]:
    return list(VerificationMonth.objects.values_list("month", "cases_at_least", "wait"))


def test_a_month_tells_the_step_within_which_half_waited(moderator: User) -> None:
    for days in (1, 3, 13, 14, 200, 300):
        verify(moderator, datetime(2026, 10, 20, tzinfo=UTC), timedelta(days=days))
    for days in (1, 2, 3, 4):
        verify(moderator, datetime(2026, 11, 20, tzinfo=UTC), timedelta(days=days))
    for days in range(9):
        verify(moderator, datetime(2026, 12, 1, tzinfo=UTC), timedelta(days=days))
    assert count_finished_months(DECEMBER) == 2
    # Six cases are told as five, four not at all, and the month that still runs has no row.
    assert months() == [(date(2026, 10, 1), 5, "two_weeks"), (date(2026, 11, 1), None, "")]


def test_a_month_is_counted_once_so_that_nothing_can_be_subtracted(moderator: User) -> None:
    for _ in range(5):
        verify(moderator, datetime(2026, 10, 20, tzinfo=UTC), timedelta(days=100))
    assert count_finished_months(datetime(2026, 11, 1, tzinfo=UTC)) == 1
    before, stamp = months(), reporting_stamp()
    for _ in range(9):
        verify(moderator, datetime(2026, 10, 21, tzinfo=UTC), timedelta(days=1))
    assert count_finished_months(datetime(2026, 11, 30, tzinfo=UTC)) == 0
    assert months() == before == [(date(2026, 10, 1), 5, "longer")]
    assert reporting_stamp() == stamp
    assert count_finished_months(DECEMBER) == 1
    assert reporting_stamp() != stamp


def test_without_a_verification_nothing_is_told() -> None:
    make_incident()
    assert count_finished_months(DECEMBER) == 0
    assert months() == []

"""Counting for the public how long reports wait for their verification: a step a month, never a case."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.db.models import Min
from django.utils import timezone

from impact.moderation.models import Action, Decision
from impact.publication.coverage import FEWER_THAN
from impact.publication.models import VerificationMonth
from impact.publication.rounding import shown_count
from impact.vocabulary import Verification

Wait = VerificationMonth.Wait
_VERIFIED = (str(Verification.VERIFIED), str(Verification.PARTIALLY_CORROBORATED))
_STEPS = ((7, Wait.WEEK), (14, Wait.TWO_WEEKS), (31, Wait.MONTH), (92, Wait.THREE_MONTHS))


def count_finished_months(now: datetime | None = None) -> int:
    """A worker's turn: count the months that are over and were not counted yet. Returns how many.

    A case belongs to the month (UTC) of its first verification, and waited since its first report.
    """
    this_month = (now or timezone.now()).date().replace(day=1)
    latest = VerificationMonth.objects.order_by("-month").values_list("month", flat=True).first()
    if latest is not None and _next(latest) >= this_month:
        return 0
    waits: dict[date, list[timedelta]] = defaultdict(list)
    for verified_at, received_at in (
        Decision.objects.filter(action=Action.VERIFY, after__verification__in=_VERIFIED)
        .order_by()
        .values("incident")
        .annotate(verified_at=Min("decided_at"), received_at=Min("incident__reports__received_at"))
        .values_list("verified_at", "received_at")
    ):
        if received_at is not None:
            waits[verified_at.date().replace(day=1)].append(verified_at - received_at)
    month = _next(latest) if latest else min(waits, default=this_month)
    rows = []
    while month < this_month:
        rows.append(_counted(month, waits.get(month, [])))
        month = _next(month)
    VerificationMonth.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _counted(month: date, waits: list[timedelta]) -> VerificationMonth:
    if len(waits) < FEWER_THAN:
        return VerificationMonth(month=month)
    middle = sorted(waits)[(len(waits) - 1) // 2]  # half of them, or just more, waited so long at most
    step = next((step for days, step in _STEPS if middle <= timedelta(days=days)), Wait.LONGER)
    return VerificationMonth(month=month, cases_at_least=shown_count(len(waits)), wait=step)


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)

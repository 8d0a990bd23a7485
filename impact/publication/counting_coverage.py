"""Counting the reporting effort for the public: how many reports and reporters, never who, never how few.

Nor when: what came in a week is counted when the week is over, as what is published appears on publication
days. Figures that moved within the hour would say at a mine that somebody has just reported.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import h3
from django.conf import settings
from django.db import transaction
from django.db.models import Case, Count, F, Q, When
from django.db.models.functions import TruncMonth
from django.utils import timezone

from impact.incidents.models import Report
from impact.publication.coverage import FEWER_THAN
from impact.publication.masking import wider_cell
from impact.publication.models import CoverageCell, CoverageMonth, PublishedIncident
from impact.vocabulary import Triage

HOURLY = timedelta(hours=1)
CELL_RESOLUTION = 3  # about 12,000 square kilometres, 60 km from the middle to a corner
SILENCE_MONTHS = 2  # a month without reports is covered when there were some so shortly before or after
MONITOR_MONTHS = 3  # who reported in so many different months is counted as a monitor
_STEPS = (500, 100, 20, FEWER_THAN)


def refresh_due_coverage(now: datetime | None = None) -> int:
    """A worker's turn: count again when a week is over, or every hour where nothing waits for a publication
    day. Returns the months written."""
    now = now or timezone.now()
    latest = CoverageMonth.objects.order_by("-counted_at").values_list("counted_at", flat=True).first()
    if latest and (latest >= _told_until(now) if settings.PUBLICATION_DELAY_DAYS else now - latest < HOURLY):
        return 0
    if not latest and not _reports(_told_until(now)).exists():
        return 0
    return refresh_coverage(now)


def refresh_coverage(now: datetime | None = None) -> int:
    """Count the reports of every country and cell anew, in one transaction. Returns the months written."""
    now = now or timezone.now()
    until = _told_until(now)
    reports = _reports(until)
    months = list(_country_months(reports, until, now))
    cells = list(_cells(reports, now))
    with transaction.atomic():
        CoverageMonth.objects.bulk_create(
            months,
            update_conflicts=True,
            unique_fields=["country", "month"],
            update_fields=["state", "reports", "reporters", "monitors", "counted_at"],
            batch_size=200,
        )
        CoverageMonth.objects.filter(counted_at__lt=now).delete()
        CoverageCell.objects.bulk_create(
            cells,
            update_conflicts=True,
            unique_fields=["cell"],
            update_fields=["longitude", "latitude", "reports_at_least", "counted_at"],
            batch_size=200,
        )
        CoverageCell.objects.filter(counted_at__lt=now).delete()
    return len(months)


def _told_until(now: datetime) -> datetime:
    """The moment until which the public may know what came: the beginning of the week, in UTC."""
    if not settings.PUBLICATION_DELAY_DAYS:
        return now
    monday = now.astimezone(UTC).date() - timedelta(days=now.astimezone(UTC).weekday())
    return datetime.combine(monday, time(0), UTC)


def _country_months(reports: Any, until: datetime, now: datetime) -> Iterator[CoverageMonth]:
    counts = {
        (row["whence"], row["month"].date()): row
        for row in reports.exclude(whence="")
        .annotate(month=TruncMonth("received_at"))
        .values("whence", "month")
        .annotate(
            reports=Count("pk"),
            reporters=Count("reporter", distinct=True),
            nameless=Count("pk", filter=Q(reporter__isnull=True)),
        )
        .order_by()
    }
    monitors = _monitors(reports)
    last = (until - timedelta(microseconds=1)).date()
    for country in sorted({country for country, _ in counts}):
        first = min(month for whence, month in counts if whence == country)
        for month in _months(first, last):
            row = counts.get((country, month))
            near = any((country, _shifted(month, step)) in counts for step in _SILENCES)
            state = (
                CoverageMonth.State.REPORTS
                if row
                else CoverageMonth.State.NO_REPORTS
                if near
                else CoverageMonth.State.NO_COVERAGE
            )
            yield CoverageMonth(
                country=country,
                month=month,
                state=state,
                reports=_told(row["reports"]) if row else 0,
                # Reports by the web have nobody behind them that could be told from others.
                reporters=_told(row["reporters"] + row["nameless"]) if row else 0,
                monitors=_told(monitors[(country, month)]) if row else 0,
                counted_at=now,
            )


def _monitors(reports: Any) -> dict[tuple[str, date], int]:
    """How many of those who reported in a month had reported in three or more different ones, in all."""
    months: dict[tuple[str, Any], set[date]] = defaultdict(set)
    rows = (
        reports.filter(reporter__isnull=False)
        .annotate(month=TruncMonth("received_at"))
        .values_list("whence", "reporter", "month")
        .order_by()
        .distinct()
    )
    for whence, reporter, month in rows:
        months[(whence, reporter)].add(month.date())
    found: dict[tuple[str, date], int] = defaultdict(int)
    for (whence, _reporter), active in months.items():
        if len(active) >= MONITOR_MONTHS:
            for month in active:
                found[(whence, month)] += 1
    return found


def _cells(told: Any, now: datetime) -> Iterator[CoverageCell]:
    """Cells in which at least five different people were the first to tell of a public incident.

    Of public incidents alone, and by the cells that they are published in. Any figure that a report moved
    before it is public could be brought to the brink of a step by whoever sends some of their own, and
    then tells whether somebody else reported. How many there were at least is told in steps; those who
    have no name are together one person.
    """
    public = PublishedIncident.objects.filter(retracted_on=None).exclude(cell="")
    cell_of = {
        key: wider_cell(cell, country, CELL_RESOLUTION)
        for key, cell, country in public.order_by().values_list("incident_key", "cell", "country")
    }
    first_of: dict[UUID, int | None] = {}
    rows = told.order_by("received_at", "pk").values_list("incident", "reporter")
    for key, reporter in rows.iterator(chunk_size=2000):
        if key in cell_of:
            first_of.setdefault(key, reporter)
    incidents: dict[str, int] = defaultdict(int)
    people: dict[str, set[int | None]] = defaultdict(set)
    for key, reporter in first_of.items():
        incidents[cell_of[key]] += 1
        people[cell_of[key]].add(reporter)
    for cell, count in incidents.items():
        if not cell or len(people[cell]) < FEWER_THAN:
            continue
        latitude, longitude = h3.cell_to_latlng(cell)
        yield CoverageCell(
            cell=cell,
            longitude=longitude,
            latitude=latitude,
            # Each public incident was told of in one report at least.
            reports_at_least=next(step for step in _STEPS if count >= step),
            counted_at=now,
        )


def _reports(until: datetime) -> Any:
    """All reports until a moment but spam, with `whence`: the country where it was, else of the sender."""
    known = Report.objects.filter(received_at__lt=until).exclude(incident__triage=Triage.SPAM)
    return known.annotate(
        whence=Case(
            When(incident__country="", then=F("sender_country")),
            default=F("incident__country"),
        )
    )


_SILENCES = [step for step in range(-SILENCE_MONTHS, SILENCE_MONTHS + 1) if step]


def _told(count: int) -> int | None:
    """A count as the public may know it; None for fewer than five."""
    return count if count >= FEWER_THAN or count == 0 else None


def _months(first: date, last: date) -> Iterator[date]:
    month = first
    while month <= last:
        yield month
        month = _shifted(month, 1)


def _shifted(month: date, by: int) -> date:
    index = month.year * 12 + month.month - 1 + by
    return date(index // 12, index % 12 + 1, 1)

"""How the lines are: last heard and sent, what arrived, what it cost, and whether one is silent.

The rule of silence. From the latest four weeks, for each hour of the day: how many people wrote on average
(a person counts once an hour, so that a dialogue is no crowd). Added up over the hours since the line was
last heard, that is how many were to be expected. Where messages come independently, nothing at all comes in
spite of 7 expected once in a thousand times (e to the power of -7): from there on a line is called silent.
A line with fewer than 30 such hours of people, or first heard less than a day before, has no habits yet.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.functions import Coalesce, TruncHour
from django.utils import timezone

from impact.sealing import can_open
from sms_gateway.forgetting import refused_copies
from sms_gateway.intake.spool import waiting_files
from sms_gateway.models import InboundMessage, Line, OutboundMessage
from sms_gateway.outbound import DeliveryStatus
from sms_gateway.providers import PROVIDERS

HABIT_DAYS = 28
HABIT_LEAST = 30
SILENT_FROM = 7.0
_HOUR = timedelta(hours=1)
_ARRIVED = (DeliveryStatus.DELIVERED.value, DeliveryStatus.READ.value)
_NOT_ARRIVED = (DeliveryStatus.UNDELIVERED.value, DeliveryStatus.FAILED.value)


@dataclass(frozen=True, slots=True)
class LineHealth:
    """One line. `delivery_rate` is of the latest 30 days' messages whose end was reported; None for none.

    `costs` are this month's, by currency; `expected` says how many people were to be expected since the
    line was last heard, None where it has no habits yet. `refused_copies` of messages are still at the
    provider against our will, because of `refusal`.
    """

    name: str
    label: str
    is_enabled: bool
    last_heard_at: datetime | None
    last_sent_at: datetime | None
    heard_today: int
    queued: int
    failed: int
    delivery_rate: float | None
    segments: int
    costs: tuple[tuple[str, Decimal], ...]
    expected: float | None
    catch_up_error: str
    refused_copies: int
    refusal: str

    @property
    def delivery_percent(self) -> float | None:
        return None if self.delivery_rate is None else 100 * self.delivery_rate

    @property
    def is_silent(self) -> bool:
        return self.is_enabled and self.expected is not None and self.expected >= SILENT_FROM


@dataclass(frozen=True, slots=True)
class SpoolHealth:
    """What waits in the spool, and since when."""

    waiting: int
    oldest_at: datetime | None
    can_be_drained: bool


def line_healths(now: datetime | None = None) -> list[LineHealth]:
    """Every line that is set up or was ever used."""
    now = now or timezone.now()
    heard = _heard(now)
    sent = _sent(now)
    errors = dict(Line.objects.values_list("provider", "error"))
    refused = refused_copies()
    healths = []
    for name in sorted({*PROVIDERS, *heard, *sent}):
        provider = PROVIDERS.get(name)
        is_enabled = provider is not None and provider.is_enabled()
        if not is_enabled and name not in heard and name not in sent:
            continue
        last_heard_at, today = heard.get(name, (None, 0))
        out = sent.get(name, {})
        copies, refusal = refused.get(name, (0, ""))
        arrived, lost = out.get("arrived", 0), out.get("lost", 0)
        healths.append(
            LineHealth(
                name=name,
                label=provider.label if provider else name,
                is_enabled=is_enabled,
                last_heard_at=last_heard_at,
                last_sent_at=out.get("last"),
                heard_today=today,
                queued=out.get("queued", 0),
                failed=out.get("failed", 0),
                delivery_rate=arrived / (arrived + lost) if arrived + lost else None,
                segments=out.get("segments") or 0,
                costs=_costs(name, now),
                expected=_expected(name, last_heard_at, now),
                catch_up_error=errors.get(name, ""),
                refused_copies=copies,
                refusal=refusal,
            )
        )
    return healths


def spool_health() -> SpoolHealth:
    """What waits in the spool of this host."""
    files = waiting_files()
    oldest_ns = int(files[0].name.partition("-")[0]) if files else 0
    oldest_at = datetime.fromtimestamp(oldest_ns / 1e9, tz=timezone.get_default_timezone()) if files else None
    return SpoolHealth(len(files), oldest_at, can_open())


def expected_people(per_hour: Counter[int], days: float, since: datetime, until: datetime) -> float:
    """How many people were to be expected between two moments, by the hours of the day before."""
    total, moment = 0.0, since
    while moment < until:
        next_hour = min(moment.replace(minute=0, second=0, microsecond=0) + _HOUR, until)
        total += per_hour[moment.hour] / days * ((next_hour - moment) / _HOUR)
        moment = next_hour
    return total


def doctor_lines() -> Iterator[tuple[str, str, bool]]:
    """For `doctor`: the spool, each line that is used, and what waits for a moderator."""
    spool = spool_health()
    waiting = f"{spool.waiting} messages wait" if spool.waiting else "empty"
    since = f", the oldest since {spool.oldest_at:%Y-%m-%d %H:%M}" if spool.oldest_at else ""
    yield "spool", f"{settings.SPOOL_DIR}: {waiting}{since}", False
    for line in line_healths():
        if line.last_heard_at is None and line.last_sent_at is None:
            continue
        yield f"line {line.name}", _told(line), line.is_silent
    held = InboundMessage.objects.filter(state=InboundMessage.State.HELD).count()
    yield "held messages", f"{held} wait for review at /moderate/gateways/" if held else "none", False


def _told(line: LineHealth) -> str:
    parts = [f"last heard {line.last_heard_at:%Y-%m-%d %H:%M}" if line.last_heard_at else "never heard"]
    if line.last_sent_at:
        parts.append(f"last sent {line.last_sent_at:%Y-%m-%d %H:%M}")
    if line.delivery_rate is not None:
        parts.append(f"{line.delivery_rate:.0%} delivered")
    parts += [f"{amount:.2f} {currency or '?'} this month" for currency, amount in line.costs]
    if line.is_silent:
        parts.append(f"SILENT: {line.expected:.0f} people were to be expected since")
    if line.catch_up_error:
        parts.append(f"cannot be caught up with: {line.catch_up_error}")
    if line.refused_copies:
        parts.append(f"{line.refused_copies} copies not deleted there yet: {line.refusal}")
    return ", ".join(parts)


def _heard(now: datetime) -> dict[str, tuple[datetime, int]]:
    day_ago = Q(created_at__gte=now - timedelta(days=1))
    rows = (
        InboundMessage.objects.order_by()
        .values_list("provider")
        .annotate(last=Max("created_at"), today=Count("pk", filter=day_ago))
    )
    return {name: (last, today) for name, last, today in rows}


def _sent(now: datetime) -> dict[str, dict[str, Any]]:
    lately = Q(created_at__gte=now - timedelta(days=30))
    month = Q(created_at__gte=_month_begins(now))
    states = OutboundMessage.State
    rows = (
        OutboundMessage.objects.order_by()
        .values("provider")
        .annotate(
            last=Max(Coalesce("sent_at", "created_at"), filter=Q(state=states.SENT)),
            queued=Count("pk", filter=Q(state__in=(states.QUEUED, states.SENDING))),
            failed=Count("pk", filter=lately & Q(state=states.FAILED)),
            arrived=Count("pk", filter=lately & Q(delivery__in=_ARRIVED)),
            lost=Count("pk", filter=lately & Q(delivery__in=_NOT_ARRIVED)),
            segments=Sum("segments", filter=month & Q(state=states.SENT)),
        )
    )
    return {row["provider"]: dict(row) for row in rows}


def _costs(provider: str, now: datetime) -> tuple[tuple[str, Decimal], ...]:
    rows = (
        OutboundMessage.objects.filter(
            provider=provider, created_at__gte=_month_begins(now), cost__isnull=False
        )
        .order_by()
        .values_list("currency")
        .annotate(total=Sum("cost"))
        .order_by("currency")
    )
    return tuple((currency, abs(total)) for currency, total in rows)


def _expected(provider: str, last_heard_at: datetime | None, now: datetime) -> float | None:
    if last_heard_at is None:
        return None
    # The habits are those of before the silence: a long one is no new habit.
    begins = last_heard_at - timedelta(days=HABIT_DAYS)
    lately = InboundMessage.objects.filter(provider=provider, created_at__range=(begins, last_heard_at))
    first_at = lately.aggregate(first=Min("created_at"))["first"] or last_heard_at
    people = (
        lately.order_by().annotate(hour=TruncHour("created_at")).values_list("hour", "contact").distinct()
    )
    per_hour = Counter(hour.hour for hour, _ in people)
    if per_hour.total() < HABIT_LEAST or last_heard_at - first_at < timedelta(days=1):
        return None
    days = (last_heard_at - first_at) / timedelta(days=1)
    until = min(now, last_heard_at + timedelta(days=HABIT_DAYS))
    return expected_people(per_hour, days, last_heard_at, until)


def _month_begins(now: datetime) -> datetime:
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)

"""Catching up: asking the providers that keep a list for what did not reach us while we were away.

The worker asks when it comes back after a gap of its own, when the spool was used, and every quarter of an
hour besides: nobody notices the outage of the web process alone, and a list without news costs one request.
What is known already makes nothing new.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from sms_gateway.faults import fault
from sms_gateway.inbound import InboundSms
from sms_gateway.intake.keeping import keep_late_message
from sms_gateway.models import InboundMessage, Line
from sms_gateway.providers import PROVIDERS
from sms_gateway.providers.contract import SendError

EVERY = timedelta(minutes=15)
AFTER_FAILURE = timedelta(minutes=5)
OVERLAP = timedelta(minutes=10)  # the provider's clock, and what was on its way

logger = logging.getLogger("headlamp.sms")


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """What a provider listed, and how much of that we had not."""

    listed: int
    new: int


def catch_up(provider: str, since: datetime) -> CaughtUp:
    """Take what a provider lists since a moment and we do not have; a worker makes reports of it.

    Raises KeyError for an unknown provider, SendError when it can't be asked, DatabaseError.
    """
    listed = sorted(PROVIDERS[provider].catch_up(since), key=lambda sms: sms.sent_at or sms.received_at)
    new = sum(_keep(sms) for sms in listed)
    if new:
        logger.warning("%s: %d messages had not reached us", provider, new)
    return CaughtUp(len(listed), new)


def catch_up_after_outage() -> int:
    """Ask each provider whose turn has come: a worker's turn. Returns how many messages were new."""
    return sum(_catch_up_line(name, since) for name, since in _due())


def lines_to_catch_up() -> list[str]:
    """The lines of which something is set, and whose provider keeps a list that can be asked for."""
    return [
        name
        for name, provider in PROVIDERS.items()
        if provider.can_catch_up and provider.is_begun() and provider.is_enabled()
    ]


def want_catch_up() -> None:
    """Ask all of them at the worker's next turn: something went wrong meanwhile."""
    Line.objects.update(ask_after=timezone.now())


def _due() -> Iterator[tuple[str, datetime]]:
    """Claim the lines whose time has come, so that of many workers one asks."""
    now = timezone.now()
    for name in lines_to_catch_up():
        line, _ = Line.objects.get_or_create(
            provider=name,
            defaults={"caught_up_to": now, "ask_after": now + EVERY},  # a new line is not asked for its past
        )
        claimed = Line.objects.filter(Q(ask_after__lte=now), pk=name).update(ask_after=now + AFTER_FAILURE)
        if claimed:
            yield name, line.caught_up_to - OVERLAP


def _catch_up_line(name: str, since: datetime) -> int:
    began_at = timezone.now()
    try:
        caught_up = catch_up(name, since)
    except Exception as error:  # noqa: BLE001  (one provider that fails must not hold up the others)
        kind = str(error) if isinstance(error, SendError) else fault(error)
        logger.error("%s cannot be caught up with: %s", name, kind)
        Line.objects.filter(pk=name).update(error=kind[:100])
        return 0
    Line.objects.filter(pk=name).update(caught_up_to=began_at, ask_after=began_at + EVERY, error="")
    return caught_up.new


def _keep(sms: InboundSms) -> bool:
    known = InboundMessage.objects.filter(provider=sms.provider, provider_message_id=sms.message_id)
    if known.exists():
        return False
    keep_late_message(sms)
    return True

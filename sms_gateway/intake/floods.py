"""Floods: more messages than people write. What goes past a limit is held for review, and never dropped.

Three limits: of a number, of its block (numbers bought together differ in the last digits) and of a line.
The first is exact, counted on the contact's own row. The other two are counted in the database, but only
after this process alone has seen a twentieth of the limit, so that an ordinary message costs no query.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from sms_gateway.conversation.keywords import Control, keyword
from sms_gateway.models import Contact, InboundMessage

_LOOK_AGAIN = timedelta(seconds=1)
_MOST_WATCHED = 10_000


@dataclass(slots=True)
class _Watched:
    """What this process has seen of a block or a line since its window began."""

    began_at: datetime
    seen: int = 0
    is_past: bool = False
    looked_at: datetime | None = None


_watched: dict[tuple[str, str], _Watched] = {}
_lock = threading.Lock()


def flood_limit_passed(message: InboundMessage, contact: Contact) -> str:
    """The limit that a message, not stored yet, goes past: "number", "block", "line"; "" for none.

    Counts the message into the contact's window, for the caller to save. STOP is always let through.
    """
    now = message.created_at
    most, seconds = settings.FLOOD_LIMITS["number"]
    window = timedelta(seconds=seconds)
    if contact.burst_began_at is None or now - contact.burst_began_at >= window:
        contact.burst_began_at, contact.burst_count = now, 0
    contact.burst_count += 1
    if now - message.received_at > window or _is_stop(message):
        return ""  # sent long ago and delivered late is an outage's end, not a flood
    if most and contact.burst_count > most:
        return "number"
    if contact.block_digest and _is_past("block", contact.block_digest, now, _in_block(contact.block_digest)):
        return "block"
    return "line" if _is_past("line", message.provider, now, _on_line(message.provider)) else ""


def forget_floods() -> None:
    """Count anew: between tests."""
    _watched.clear()


def _is_stop(message: InboundMessage) -> bool:
    if message.control:
        return message.control == Control.STOP
    found = keyword(message.text)
    return found is not None and found.control is Control.STOP


def _is_past(kind: str, key: str, now: datetime, count_since: Callable[[datetime], int]) -> bool:
    most, seconds = settings.FLOOD_LIMITS[kind]
    if not most:
        return False
    window = timedelta(seconds=seconds)
    with _lock:
        watched = _watched.get((kind, key))
        if watched is None or now - watched.began_at >= window:
            if len(_watched) >= _MOST_WATCHED:
                _watched.clear()
            watched = _watched[kind, key] = _Watched(now)
        watched.seen += 1
        has_to_look = watched.seen % max(1, most // 20) == 0 or (
            watched.is_past and (watched.looked_at is None or now - watched.looked_at >= _LOOK_AGAIN)
        )
    if has_to_look:
        watched.is_past = count_since(now - window) >= most
        watched.looked_at = now
    return watched.is_past


def _in_block(digest: str) -> Callable[[datetime], int]:
    return lambda since: InboundMessage.objects.filter(
        contact__block_digest=digest, created_at__gte=since
    ).count()


def _on_line(provider: str) -> Callable[[datetime], int]:
    return lambda since: InboundMessage.objects.filter(provider=provider, created_at__gte=since).count()

"""Keeping a message: one row for ever, and the proof that it is committed.

A transaction that ends without an error proves nothing. Django leaves an atomic block without a word when
the connection was lost in it and the error was caught, and SQLite rolls a whole transaction back by itself
when its disk is full. So before anybody is told that a message is kept, and before a file that holds it is
removed, its row is looked for in a transaction of its own, which sees only what is committed.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from impact.operations.writing import changing, insert_unless_there, write
from sms_gateway.contacts import add_contact, dialogue_of, hear_from
from sms_gateway.faults import fault
from sms_gateway.inbound import InboundSms
from sms_gateway.intake.exit_points import reached
from sms_gateway.intake.floods import flood_limit_passed
from sms_gateway.intake.media import note_media
from sms_gateway.intake.repeats import repeated_message
from sms_gateway.intake.time_limits import KEEP_S, turn_to_write
from sms_gateway.models import Contact, Dialogue, InboundMessage

REQUEST_TIME = timedelta(seconds=10)  # a worker leaves a message to its own request for this long
LATE_S = 10.0  # to wait for a turn with what nobody waits for

_KEPT = (  # in SQL: it is asked for each commit, and to put it together anew takes longer than to answer it
    f"SELECT provider, provider_message_id FROM {InboundMessage._meta.db_table} "  # noqa: S608
    "WHERE (provider, provider_message_id) IN (VALUES"
)

Key = tuple[str, str]

logger = logging.getLogger("headlamp.sms")


@dataclass(frozen=True, slots=True)
class Kept:
    """A message that is stored, and its contact, whose row is locked until the commit; `dialogue` may not be
    stored yet. `is_new` is false for a repeated delivery of what was there already.
    """

    message: InboundMessage
    contact: Contact
    dialogue: Dialogue
    is_new: bool


@contextmanager
def one_commit() -> Iterator[None]:
    """A transaction that keeps messages while senders wait: in its turn, and never undone without a word.

    Raises OperationalError where the connection was cut off in it. What it kept is still to be proved.
    """
    with turn_to_write(KEEP_S), transaction.atomic(durable=True):
        yield
        if connection.closed_in_transaction or transaction.get_rollback():
            # Django would roll back here, and say nothing.
            raise OperationalError("the connection was cut off")
        reached("before-commit")
    reached("after-commit")


def keep_message(sms: InboundSms, *, is_live: bool) -> Kept:
    """Store a message, once for ever; `is_live` leaves it to its request for a while. Raises DatabaseError.

    Call inside a transaction. The contact's row is locked from the first query on, so that messages of one
    number are decided about one by one: which repeats which, and which goes past the limit.
    """
    contact = hear_from(sms.sender, sms.country)
    message = decided(sms, contact, is_live=is_live)
    is_known, dialogue = contact.pk is not None, dialogue_of(contact)
    if not is_known:
        contact.hear(message.created_at)
        if not add_contact(contact):
            is_known, contact = True, hear_from(sms.sender, sms.country)
            dialogue = dialogue_of(contact)
            message = decided(sms, contact, is_live=is_live)
    message.contact = contact
    is_new = insert_unless_there(message, by="pk")
    reached("after-insert")
    if not is_new:
        stored = InboundMessage.objects.select_related("contact").get(
            provider=message.provider, provider_message_id=message.provider_message_id
        )
        return Kept(stored, contact, dialogue, is_new=False)
    if is_known:
        contact.hear(message.created_at)
        write(changing(contact, "last_heard_at", "burst_began_at", "burst_count"))
    note_media(message, sms.media)
    dialogue.contact = contact
    return Kept(message, contact, dialogue, is_new=True)


def decided(sms: InboundSms, contact: Contact, *, is_live: bool) -> InboundMessage:
    """The message, not stored yet, with what is to become of it. Counts it into the contact's window."""
    now = timezone.now()
    arrived_at = min(sms.received_at, now)
    message = InboundMessage(
        provider=sms.provider,
        provider_message_id=sms.message_id,
        text=sms.text,
        attachments=sms.attachments,
        control=sms.control or "",
        is_answered=sms.is_answered,
        channel=sms.channel,
        longitude=sms.location[0] if sms.location else None,
        latitude=sms.location[1] if sms.location else None,
        reply_link=sms.reply_link,
        received_at=min(sms.sent_at or arrived_at, arrived_at),
        created_at=arrived_at,
        try_after=now + (REQUEST_TIME if is_live else timedelta()),
        is_fictional=sms.is_fictional or settings.DEMO,
    )
    if sms.doubt:
        message.state, message.held_because = InboundMessage.State.HELD, sms.doubt
    elif contact.pk is not None and (earlier := repeated_message(message, contact)):
        message.state, message.repeats = InboundMessage.State.REPEATED, earlier
    elif limit := flood_limit_passed(message, contact):
        message.state, message.held_because = InboundMessage.State.HELD, limit
    return message


def keep_late_message(sms: InboundSms) -> None:
    """Keep a message out of a provider's list, for a worker to take in. Raises DatabaseError if it is not."""
    sms = storable(sms)
    with turn_to_write(LATE_S), transaction.atomic(durable=True):
        keep_message(sms, is_live=False)
    prove_kept(sms)


def keep_late_messages(many: Sequence[InboundSms]) -> list[bool]:
    """Keep messages out of the spool, in order and in one transaction. Says of each whether it is kept.

    One that cannot be stored stops no other. Raises OperationalError or InterfaceError when the database
    is away, and DatabaseError when it can't be asked; then none is to be taken for kept.
    """
    cleaned = [storable(sms) for sms in many]
    with turn_to_write(LATE_S), transaction.atomic(durable=True):
        for sms in cleaned:
            reached("mid-drain")
            try:
                with transaction.atomic():
                    keep_message(sms, is_live=False)
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:  # noqa: BLE001  (it is undone alone, and stays in its file)
                logger.error("a message in the spool can't be stored: %s", fault(error))
    found = kept_of(cleaned)
    return [key_of(sms) in found for sms in cleaned]


def prove_kept(*many: InboundSms) -> None:
    """Raises OperationalError unless all are committed, by us or by another delivery of them."""
    if not kept_of(many).issuperset(map(key_of, many)):
        raise OperationalError("a message was not committed")


def storable(sms: InboundSms) -> InboundSms:
    """The message without what neither a database nor a file can hold: half a surrogate pair, and NUL."""
    return replace(
        sms,
        message_id=_clean(sms.message_id),
        sender=_clean(sms.sender),
        text=_clean(sms.text),
        reply_link=_clean(sms.reply_link)[:200],
    )


def kept_of(many: Iterable[InboundSms]) -> set[Key]:
    """Which of these are there, in a statement of its own. Called outside of any transaction."""
    keys = [key_of(sms) for sms in many]
    if not keys:
        return set()
    marks = ", ".join(["(%s, %s)"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(f"{_KEPT} {marks})", [part for key in keys for part in key])
        return set(cursor.fetchall())


def key_of(sms: InboundSms) -> Key:
    return sms.provider, sms.message_id


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")

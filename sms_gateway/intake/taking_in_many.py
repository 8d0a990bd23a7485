"""Taking several messages in by one commit, where nothing stands in the way of any of them.

What a message becomes is worked out before the transaction, from what the database holds then, and all that
is to be written is gathered. Then it is written in one short transaction, in a few statements for all of them
together, provided that nobody has heard from the same people meanwhile. Whatever is not that plain (an answer
to a question, a picture, a repeated delivery, a fault) is left out here, and taken in alone.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import InterfaceError, OperationalError, connection

from impact.accounts.routing import routes_read_once
from impact.operations.writing import Gathered, changing, gathering, insert_unless_there, work_out, write
from impact.places.gazetteer_store import gazetteer_within
from sms_gateway.contacts import Sender, add_contacts, contacts_behind, new_contact, sender_of
from sms_gateway.conversation.acknowledging import Reply
from sms_gateway.inbound import InboundSms
from sms_gateway.intake.exit_points import reached
from sms_gateway.intake.keeping import Kept, decided, one_commit, prove_kept
from sms_gateway.intake.taking_in import NotGathered, take_in_gathered
from sms_gateway.intake.time_limits import KEEP_S, NAMES_S, TAKE_IN_S, time_limit
from sms_gateway.models import Contact, Dialogue, InboundMessage
from sms_gateway.providers import PROVIDERS

_READING = ("SELECT", "PRAGMA")


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A message that is committed, and what to answer now, if anything."""

    reply: Reply | None


class _Conflict(Exception):
    """Another process was quicker with one of the messages or contacts."""


class _HasToWrite(Exception):
    """A message writes in a way that cannot be gathered."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A message with all that is to be written of it, and its contact's state when that was worked out; None
    for a new contact."""

    sms: InboundSms
    kept: Kept
    before: "_State | None"
    writes: Gathered
    reply: Reply | None


_State = tuple[Any, ...]
_Known = dict[str, tuple[Contact, Dialogue]]


def take_in_many(many: Sequence[InboundSms]) -> list[TakenIn | None]:
    """Keep messages of different people and take them in. None for those that have to be taken in alone:
    of these nothing was kept.

    Raises DatabaseError; then it is not known of any whether it is kept. Call outside of any transaction.
    """
    with time_limit(TAKE_IN_S) as limit:
        # Looks for other names now and then, and loads them: not while others wait for their turn.
        can_read = gazetteer_within(NAMES_S) is not None
        limit.extend(KEEP_S)
        senders = [sender_of(sms.sender, sms.country) for sms in many]
        known = contacts_behind(senders, is_locked=False)
        limit.extend(TAKE_IN_S)
        with routes_read_once():
            prepared = _prepared(many, senders, known, can_read=can_read)
            work_out([each.writes for each in prepared if each is not None])
        limit.extend(KEEP_S)
        stored = _stored([each for each in prepared if each is not None])
        prove_kept(*(each.sms for each in stored))
    taken_in = {id(each): TakenIn(each.reply) for each in stored}
    return [taken_in.get(id(each)) for each in prepared]


def _prepared(
    many: Sequence[InboundSms], senders: Sequence[Sender], known: _Known, *, can_read: bool
) -> list[_Prepared | None]:
    met: set[str] = set()
    prepared: list[_Prepared | None] = []
    for sms, sender in zip(many, senders, strict=True):
        is_second = sender.digests[0] in met  # one person by two spellings of a number
        met.add(sender.digests[0])
        is_plain = not (is_second or sms.media)
        prepared.append(_prepare(sms, sender, known, can_read=can_read) if is_plain else None)
    return prepared


def _prepare(sms: InboundSms, sender: Sender, known: _Known, *, can_read: bool) -> _Prepared | None:
    found = next((known[digest] for digest in sender.digests if digest in known), None)
    before = _state(*found) if found else None
    contact, dialogue = found or (new_contact(sender), None)
    writes = Gathered()
    try:
        with _reading_only(), gathering(writes):
            message = decided(sms, contact, is_live=can_read)
            message.contact = contact
            contact.hear(message.created_at)
            write(changing(contact, "last_heard_at", "burst_began_at", "burst_count"))
            kept = Kept(message, contact, dialogue or Dialogue(contact=contact), is_new=True)
            reply = _taken_in(kept) if can_read else None
    except (OperationalError, InterfaceError):
        raise
    except Exception:  # noqa: BLE001  (whatever it is: alone it is kept, and its fault is told of)
        return None
    return _Prepared(sms, kept, before, writes, reply)


def _taken_in(kept: Kept) -> Reply | None:
    if kept.message.state != InboundMessage.State.RECEIVED:
        return None
    if kept.dialogue.standing(kept.message.received_at).asked:
        raise NotGathered  # an answer, most likely
    is_in_answer = PROVIDERS[kept.message.provider].answers_in_response
    reply = take_in_gathered(kept, is_in_answer=is_in_answer)
    return reply if is_in_answer else None


def _stored(prepared: Sequence[_Prepared]) -> list[_Prepared]:
    """Write what was prepared, and commit. Those of which it is committed: all that nothing came between."""
    if not prepared:
        return []
    try:
        with one_commit():
            plain = _unchanged(prepared)
            _store(plain)
    except _Conflict:
        return []
    return plain


def _unchanged(prepared: Sequence[_Prepared]) -> list[_Prepared]:
    """Those whose contacts are as they were. Their rows are locked until the commit."""
    known = [each.kept.contact for each in prepared if each.before is not None]
    now = contacts_behind(
        [Sender("", (contact.number_digest or "",), "") for contact in known], is_locked=True
    )
    states = {digest: _state(*found) for digest, found in now.items()}
    return [
        each
        for each in prepared
        if each.before is None or states.get(each.kept.contact.number_digest or "") == each.before
    ]


def _store(prepared: Sequence[_Prepared]) -> None:
    if not prepared:
        return
    new = [each.kept.contact for each in prepared if each.before is None]
    if new and not add_contacts(new):
        raise _Conflict
    if not insert_unless_there(*(each.kept.message for each in prepared), by="pk"):
        raise _Conflict
    reached("after-insert")
    Gathered([change for each in prepared for change in each.writes.changes]).carry_out()


def _state(contact: Contact, dialogue: Dialogue) -> _State:
    """All that is stored of a contact and the talk with it."""
    return tuple(
        getattr(row, field.attname) for row in (contact, dialogue) for field in row._meta.concrete_fields
    )


@contextmanager
def _reading_only() -> Iterator[None]:
    """What is worked out before the transaction must not write: that would be another transaction."""

    def read(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(_READING):
            raise _HasToWrite
        return execute(sql, params, many, context)

    with connection.execute_wrapper(read):
        yield

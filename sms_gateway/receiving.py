"""Receiving a message: kept first, then taken in, in the request when possible and by a worker when not.

The message is committed, and read back as committed, before it is answered, so that a crash between any
two steps loses nothing; the unique constraint on the provider's message id, and not a look-up, makes a
repeated delivery one message. Where there is any doubt, because the database does not answer in time or
the message is not found in it, the message is sealed into the spool, and drained from there: what was
there after all is there once.
"""

import logging
import threading
import time
from collections.abc import Sequence

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from impact.incidents.intake import DraftError
from impact.operations.claiming import claim
from impact.places.gazetteer_store import gazetteer_within
from sms_gateway.conversation.acknowledging import Reply
from sms_gateway.faults import fault
from sms_gateway.inbound import InboundSms
from sms_gateway.intake.exit_points import reached
from sms_gateway.intake.keeping import REQUEST_TIME, Kept, keep_message, one_commit, prove_kept, storable
from sms_gateway.intake.spool import SpoolError, put_aside
from sms_gateway.intake.taking_in import take_in_kept, take_in_message
from sms_gateway.intake.taking_in_many import TakenIn, take_in_many
from sms_gateway.intake.time_limits import KEEP_S, NAMES_S, TAKE_IN_S, Busy, time_limit
from sms_gateway.intake.together import NotServed, Together
from sms_gateway.models import InboundMessage, OutboundMessage
from sms_gateway.providers import PROVIDERS

MOST_ATTEMPTS = 10
MOST_TOGETHER = 25
AWAY_S = 2.0  # after the database was away, nobody waits for it again for this long

logger = logging.getLogger("headlamp.sms")


class NotStored(Exception):
    """The message could not be kept: the provider has to deliver it again."""


def receive_message(sms: InboundSms) -> Reply | None:
    """Keep a message, take it in, and give what to answer; None when nothing is to be answered now.

    The same delivery twice is one report and one answer. Raises NotStored, and only then is the
    message not ours; a fault after that is ours to repair and the worker's to finish.
    """
    reached("after-verify")
    sms = storable(sms)
    reason = "the database was away a moment ago"
    if not patience.is_over():
        try:
            reply = _taken_in(sms)
        except Exception as error:  # noqa: BLE001  (whatever it is, the message is not proven to be kept)
            # Only the kind of the error: its words and its cause can hold the values of the row.
            reason = fault(error)
            if isinstance(error, (OperationalError, InterfaceError)):
                _let_go()
                if connection.vendor != "sqlite":  # a busy file is free again in a moment
                    patience.lose()
        else:
            reached("before-reply")
            return reply
    try:
        put_aside(sms)
    except SpoolError as error:
        raise NotStored(f"{reason}; {error}") from None
    logger.error("a message from %s is in the spool: %s", sms.provider, reason)
    return None


def finish_received(limit: int = 100) -> int:
    """Take in what a request left behind, and queue the answers: a worker's turn. Returns how many."""
    due = InboundMessage.objects.select_related("contact").filter(
        state=InboundMessage.State.RECEIVED, try_after__lte=timezone.now()
    )
    return sum(_finish(message) for message in due.order_by("try_after", "created_at")[:limit])


class _Patience:
    """Whether the database is worth waiting for: not right after it kept somebody waiting in vain."""

    def __init__(self) -> None:
        self._away_until = 0.0
        self._lock = threading.Lock()

    def is_over(self) -> bool:
        return time.monotonic() < self._away_until

    def lose(self) -> None:
        with self._lock:
            self._away_until = time.monotonic() + AWAY_S

    def regain(self) -> None:
        self._away_until = 0.0


patience = _Patience()


def _taken_in(sms: InboundSms) -> Reply | None:
    """With all that come at the same time, by one commit, where that can be; else alone."""
    try:
        taken_in = together.served(sms, wait_s=KEEP_S)
    except NotServed:
        taken_in = None
    return _keep_and_take_in(sms) if taken_in is None else taken_in.reply


def _serve(many: Sequence[InboundSms]) -> Sequence[TakenIn | None]:
    try:
        return take_in_many(many)
    except Exception as error:
        if _is_away(error):
            raise
        logger.error("messages have to be taken in one by one: %s", fault(error))
        _let_go()
        return [None] * len(many)


together = Together(_serve, key=lambda sms: sms.sender, most=MOST_TOGETHER)


def _is_away(error: Exception) -> bool:
    """Whether the database did not answer: on SQLite an error of that kind can be about the statement."""
    if connection.vendor == "sqlite":
        return isinstance(error, Busy)
    return isinstance(error, (OperationalError, InterfaceError))


def _keep_and_take_in(sms: InboundSms) -> Reply | None:
    """One commit for all of it where all goes well; where taking it in fails, the message alone is kept."""
    with time_limit(TAKE_IN_S) as limit:
        # Looks for other names now and then: not while others wait for their turn. A process that has just
        # begun and is loading them keeps what comes, and leaves it to the worker.
        can_read = gazetteer_within(NAMES_S) is not None
        limit.extend(KEEP_S)
        with one_commit():
            kept = keep_message(sms, is_live=can_read)
            limit.extend(TAKE_IN_S)
            reply = _take_in_and_answer(kept) if can_read else None
        prove_kept(sms)
    return reply


def _take_in_and_answer(kept: Kept) -> Reply | None:
    message = kept.message
    is_in_answer = PROVIDERS[message.provider].answers_in_response
    if kept.is_new and message.state != InboundMessage.State.RECEIVED:
        return None
    try:
        with transaction.atomic():
            if kept.is_new:
                reply = take_in_kept(kept, is_in_answer=is_in_answer)
                return reply if is_in_answer else None
            if message.state == InboundMessage.State.RECEIVED:
                take_in_message(message, is_in_answer=is_in_answer)
            return _answer(message) if is_in_answer else None
    except Exception as error:  # noqa: BLE001  (whatever it is, the message is kept and the worker has it)
        logger.error("message %s left to the worker: %s", message.pk, fault(error))
        return None


def _let_go() -> None:
    """Close a connection that failed, so that the next message begins with a new one."""
    if not connection.in_atomic_block:
        connection.close()


def _answer(message: InboundMessage) -> Reply | None:
    """The reply to a message that came before, if it goes back in an answer: what the worker is still to send
    is answered, and not sent as well."""
    OutboundMessage.objects.filter(in_reply_to=message, state=OutboundMessage.State.QUEUED).update(
        state=OutboundMessage.State.SENT, is_in_answer=True
    )
    reply = OutboundMessage.objects.filter(in_reply_to=message, is_in_answer=True).first()
    if reply is None:
        return None
    reference = InboundMessage.objects.values_list("report_reference", flat=True).get(pk=message.pk)
    return Reply(reply.text, reply.language, reference)


def _finish(message: InboundMessage) -> bool:
    wait = REQUEST_TIME * 2**message.attempts
    if not claim(message, still={"state": InboundMessage.State.RECEIVED}, try_after=timezone.now() + wait):
        return False
    try:
        take_in_message(message, is_in_answer=False)
    except Exception as error:  # noqa: BLE001  (one message that fails must not hold up the others)
        is_hopeless = isinstance(error, DraftError) or message.attempts + 1 >= MOST_ATTEMPTS
        logger.error("message %s not taken in: %s", message.pk, fault(error))
        InboundMessage.objects.filter(pk=message.pk, state=InboundMessage.State.RECEIVED).update(
            state=InboundMessage.State.FAILED if is_hopeless else InboundMessage.State.RECEIVED,
            error=type(error).__name__,
        )
        return False
    return True

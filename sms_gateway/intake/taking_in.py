"""Taking a kept message in: routed, carried to the domain, answered, all in one transaction or not at all.

The contact's row is locked meanwhile, so that two messages of one person are taken in one after the
other; a crash between any two steps leaves the message as it was received, and nothing is asked twice.
"""

from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from impact.incidents.models import Report
from impact.operations.writing import changing, inserting, write
from impact.places.gazetteer_store import current_gazetteer
from impact.understanding.adopted_model import adopted_model
from impact.understanding.facts import Hints, Understanding
from impact.understanding.reading import read_text
from sms_gateway.contacts import dialogue_of, locked_contact
from sms_gateway.conversation.acknowledging import Reply
from sms_gateway.conversation.conversing import Talk, converse, source_key
from sms_gateway.conversation.keywords import Control
from sms_gateway.conversation.routing import Kind, Route, route_text
from sms_gateway.conversation.segments import segments
from sms_gateway.conversation.silence import is_silent
from sms_gateway.intake.keeping import Kept
from sms_gateway.models import Contact, Dialogue, InboundMessage, OutboundMessage


class NotGathered(Exception):
    """A message that does more than bring a new report: it has to be taken in alone."""


def take_in_message(message: InboundMessage, *, is_in_answer: bool) -> None:
    """Make of a message what it is, mark it done, and write the reply: into the answer, or queued.

    Safe to run twice and by many at once. Raises what intake raises, and then nothing is changed.
    """
    # Names are loaded once a process, which takes its time: not while others wait for the lock.
    current_gazetteer()
    with transaction.atomic():
        contact = locked_contact(message.contact_id)
        waiting = InboundMessage.objects.filter(pk=message.pk, state=InboundMessage.State.RECEIVED)
        if waiting.exists():
            _take_in(
                Kept(message, contact, is_new=False, dialogue=dialogue_of(contact)),
                is_in_answer=is_in_answer,
                is_known=_is_report(message),
            )


def take_in_kept(kept: Kept, *, is_in_answer: bool) -> Reply | None:
    """The same for a message that is kept in this very transaction. Returns the reply that was written.

    Its contact is the caller's already, and nothing can have been made of it before. Raises what intake
    raises; then the caller has to undo what was written here.
    """
    return _take_in(kept, is_in_answer=is_in_answer, is_known=False)


def take_in_gathered(kept: Kept, *, is_in_answer: bool) -> Reply | None:
    """The same where what is written is only gathered. Raises NotGathered for what is no new report: an
    answer or a STOP changes rows that are there."""
    return _take_in(kept, is_in_answer=is_in_answer, is_known=False, only=Kind.REPORT)


def _take_in(kept: Kept, *, is_in_answer: bool, is_known: bool, only: Kind | None = None) -> Reply | None:
    message, contact, dialogue = kept.message, kept.contact, kept.dialogue
    is_begun, spoken = not dialogue._state.adding, contact.language
    if dialogue.reference and not _is_alike(dialogue.reference, message):
        dialogue.begin("", None)
    may_reply = not (contact.opted_out or is_silent(message.provider, contact.country))
    route = Route(Kind.REPORT) if is_known else _route(message, contact, dialogue)
    if only is not None and route.kind is not only:
        raise NotGathered
    outcome = converse(
        Talk(message, contact, dialogue, may_reply, is_known=is_known, has_talked=is_begun), route
    )
    is_answered = message.is_answered or not may_reply or contact.opted_out
    reply = replace(outcome.reply, reference=outcome.reference) if outcome.reply and not is_answered else None
    message.state, message.became, message.error = InboundMessage.State.DONE, route.kind, ""
    message.report_reference = outcome.reference
    write(
        changing(dialogue) if is_begun else inserting(dialogue),
        changing(contact, "language") if contact.language != spoken else None,
        inserting(_written(kept, reply, is_in_answer=is_in_answer), unless_there=True) if reply else None,
        changing(message, "state", "became", "report_reference", "error"),
    )
    return reply


def _is_alike(reference: str, message: InboundMessage) -> bool:
    """Whether the report is still there, and as real or as fictional as the message."""
    return Report.objects.filter(reference=reference, is_fictional=message.is_fictional).exists()


def _is_report(message: InboundMessage) -> bool:
    """Whether it was taken in as a report before, and its mark was lost."""
    return Report.objects.filter(source_key=source_key(message)).exists()


def _route(message: InboundMessage, contact: Contact, dialogue: Dialogue) -> Route:
    def read(text: str) -> Understanding:
        return read_text(
            text, Hints(message.received_at, contact.country), current_gazetteer(), adopted_model()
        )

    return route_text(
        message.text,
        dialogue.standing(message.received_at),
        read,
        # What the provider made of the message has happened there already, so it goes before our reading.
        control=Control(message.control) if message.control else None,
        has_more=bool(message.attachments) or message.longitude is not None,
    )


def _written(kept: Kept, reply: Reply, *, is_in_answer: bool) -> OutboundMessage:
    message = kept.message
    return OutboundMessage(
        contact=kept.contact,
        in_reply_to=message,
        is_in_answer=is_in_answer,
        text=reply.text,
        language=reply.language,
        segments=segments(reply.text).count,
        state=OutboundMessage.State.SENT if is_in_answer else OutboundMessage.State.QUEUED,
        provider=message.provider,
        channel=message.channel,
        reply_link=message.reply_link,
        send_after=timezone.now(),
    )

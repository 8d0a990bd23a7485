"""Taking a kept message in: routed, carried to the domain, answered, all in one transaction or not at all.

The contact's row is locked meanwhile, so that two messages of one person are taken in one after the
other; a crash between any two steps leaves the message as it was received, and nothing is asked twice.
"""

from django.db import transaction
from django.utils import timezone

from impact.incidents.models import Report
from impact.places.gazetteer_store import current_gazetteer
from impact.understanding.adopted_model import adopted_model
from impact.understanding.facts import Hints, Understanding
from impact.understanding.reading import read_text
from sms_gateway.acknowledging import Reply
from sms_gateway.conversing import Outcome, Talk, converse, source_key
from sms_gateway.keywords import Control
from sms_gateway.models import Contact, Dialogue, InboundMessage, OutboundMessage
from sms_gateway.routing import Kind, Route, route_text
from sms_gateway.segments import segments
from sms_gateway.silence import is_silent


def take_in_message(message: InboundMessage, *, is_in_answer: bool) -> None:
    """Make of a message what it is, mark it done, and write the reply: into the answer, or queued.

    Safe to run twice and by many at once. Raises what intake raises, and then nothing is changed.
    """
    # Names are loaded once a process, which takes its time: not while others wait for the lock.
    current_gazetteer()
    with transaction.atomic():
        contact = Contact.objects.select_for_update().get(pk=message.contact_id)
        waiting = InboundMessage.objects.filter(pk=message.pk, state=InboundMessage.State.RECEIVED)
        if not waiting.exists():
            return
        dialogue, _is_new = Dialogue.objects.get_or_create(contact=contact)
        if dialogue.reference and not _is_alike(dialogue.reference, message):
            dialogue.begin("", None)
        may_reply = not (contact.opted_out or is_silent(message.provider, contact.country))
        route = _route(message, contact, dialogue)
        outcome = converse(Talk(message, contact, dialogue, may_reply), route)
        dialogue.save()
        if outcome.reply is not None and may_reply and not contact.opted_out and not message.is_answered:
            _write_reply(message, outcome.reply, is_in_answer=is_in_answer)
        _mark_done(message, route, outcome)


def _is_alike(reference: str, message: InboundMessage) -> bool:
    """Whether the report is still there, and as real or as fictional as the message."""
    return Report.objects.filter(reference=reference, is_fictional=message.is_fictional).exists()


def _route(message: InboundMessage, contact: Contact, dialogue: Dialogue) -> Route:
    if Report.objects.filter(source_key=source_key(message)).exists():
        # It was taken in as a report before, and its mark was lost.
        return Route(Kind.REPORT)

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


def _write_reply(message: InboundMessage, reply: Reply, *, is_in_answer: bool) -> None:
    OutboundMessage.objects.bulk_create(
        [
            OutboundMessage(
                contact_id=message.contact_id,
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
        ],
        ignore_conflicts=True,
    )


def _mark_done(message: InboundMessage, route: Route, outcome: Outcome) -> None:
    InboundMessage.objects.filter(pk=message.pk).update(
        state=InboundMessage.State.DONE,
        became=route.kind,
        report_reference=outcome.reference,
        error="",
    )

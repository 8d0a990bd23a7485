"""Taking a kept message in: a keyword steers the line, everything else becomes a report."""

from django.db import transaction
from django.utils import timezone

from impact.incidents.intake import Receipt, ReportDraft, submit_report
from impact.vocabulary import Channel
from sms_gateway.acknowledging import Reply, acknowledgement, help_line
from sms_gateway.keywords import Control, Keyword, keyword
from sms_gateway.models import Contact, InboundMessage, OutboundMessage
from sms_gateway.phrasebook import LANGUAGES, answer_language
from sms_gateway.segments import segments


def take_in_message(message: InboundMessage, *, is_in_answer: bool) -> None:
    """Make of a message what it is, mark it done, and write the reply: into the answer, or queued.

    Safe to run twice and by many at once: intake is idempotent by the message's own key, and a message
    has one reply at most. Raises what intake raises, and then nothing is marked.
    """
    steering = _keyword(message)
    if steering is not None:
        _mark_done(message, _steer(message, steering), reference="", is_in_answer=is_in_answer)
    elif not message.text.strip() and not message.attachments and _point(message) is None:
        _mark_done(message, None, reference="", is_in_answer=is_in_answer)
    else:
        receipt = _submit(message)
        reply = acknowledgement(receipt.reference, _language(message, receipt.language))
        _mark_done(message, reply, reference=receipt.reference, is_in_answer=is_in_answer)


def _keyword(message: InboundMessage) -> Keyword | None:
    # What the provider made of the message has happened there already, so it goes before our reading.
    return Keyword(Control(message.control), "") if message.control else keyword(message.text)


def _steer(message: InboundMessage, found: Keyword) -> Reply | None:
    if found.control is Control.HELP:
        # HELP is what people type in any language; AIDE says which one they speak.
        return help_line(_language(message, found.language if found.language != "en" else ""))
    Contact.objects.filter(pk=message.contact_id).update(opted_out=found.control is Control.STOP)
    return None


def _submit(message: InboundMessage) -> Receipt:
    receipt = submit_report(
        ReportDraft(
            channel=Channel(message.channel),
            source_key=f"{message.provider}:{message.provider_message_id}",
            text=message.text if message.text.strip() else _without_words(message),
            point=_point(message),
            received_at=message.received_at,
            sender_country=message.contact.country,
            reporter_id=message.contact.reporter_id,
            is_fictional=message.is_fictional,
        )
    )
    if receipt.language in LANGUAGES:
        Contact.objects.filter(pk=message.contact_id).update(language=receipt.language)
    return receipt


def _point(message: InboundMessage) -> tuple[float, float] | None:
    """The (longitude, latitude) that came with the message."""
    if message.longitude is None or message.latitude is None:
        return None
    return message.longitude, message.latitude


def _without_words(message: InboundMessage) -> str:
    if message.attachments:
        return f"[no words, attachments: {message.attachments}]"
    return "[no words, a location]"


def _language(message: InboundMessage, spoken: str) -> str:
    return answer_language(spoken, message.contact.language, country=message.contact.country)


@transaction.atomic
def _mark_done(message: InboundMessage, reply: Reply | None, *, reference: str, is_in_answer: bool) -> None:
    is_wanted = not message.is_answered and not _has_opted_out(message)
    if reply is not None and is_wanted:
        state = OutboundMessage.State.SENT if is_in_answer else OutboundMessage.State.QUEUED
        OutboundMessage.objects.bulk_create(
            [
                OutboundMessage(
                    contact_id=message.contact_id,
                    in_reply_to=message,
                    is_in_answer=is_in_answer,
                    text=reply.text,
                    language=reply.language,
                    segments=segments(reply.text).count,
                    state=state,
                    provider=message.provider,
                    channel=message.channel,
                    reply_link=message.reply_link,
                    send_after=timezone.now(),
                )
            ],
            ignore_conflicts=True,
        )
    InboundMessage.objects.filter(pk=message.pk).update(
        state=InboundMessage.State.DONE, report_reference=reference, error=""
    )


def _has_opted_out(message: InboundMessage) -> bool:
    return Contact.objects.filter(pk=message.contact_id, opted_out=True).exists()

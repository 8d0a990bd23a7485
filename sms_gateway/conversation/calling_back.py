"""Calling back: on WhatsApp nobody is written to freely more than a day after their latest message.

An approved template, which tells of nothing, asks them to write; the words of the moderators wait until they
do. https://www.twilio.com/docs/whatsapp/key-concepts
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from impact.incidents.correspondence import Window
from impact.vocabulary import Channel
from sms_gateway.conversation.phrasebook import answer_language, phrasebook
from sms_gateway.models import Contact, Dialogue, InboundMessage, OutboundMessage
from sms_gateway.outbound import DeliveryStatus
from sms_gateway.providers import PROVIDERS

OPEN_FOR = timedelta(hours=24)
_EARLY = timedelta(minutes=15)  # what is handed over now leaves a little later
_FAILED = {DeliveryStatus.FAILED, DeliveryStatus.UNDELIVERED}
_ARRIVED = {DeliveryStatus.DELIVERED, DeliveryStatus.READ}


def latest_message(contact: Contact) -> InboundMessage | None:
    """What came last from a contact: over its line and its channel they are written to."""
    return InboundMessage.objects.filter(contact=contact).order_by("-created_at").first()


def must_wait(last: InboundMessage, now: datetime) -> bool:
    """Whether words for who wrote this last have to wait until they write again.

    Where no template is approved they go out all the same, and the provider has the last word.
    """
    return _call_after(last) is not None or (can_call(last) and not _is_open(_closes_at(last), now))


def can_call(last: InboundMessage) -> bool:
    """Whether who wrote this last may be called back."""
    return last.channel == Channel.WHATSAPP and bool(_templates(last.provider))


def call_back(contact: Contact, last: InboundMessage, language: str, now: datetime) -> None:
    """Ask a contact to write again, once after each time that they wrote. The caller holds the contact's row.

    `language` is that of the words that wait. A call that no provider took is made again.
    """
    if not can_call(last):
        return
    spoken, template = _template(contact, last.provider, language)
    said = {"text": phrasebook(spoken).call, "language": spoken, "template": template, "send_after": now}
    if (call := _call_after(last)) is None:
        OutboundMessage.objects.create(
            contact=contact,
            called_after=last,
            segments=1,
            provider=last.provider,
            channel=last.channel,
            **said,
        )
    elif not call.provider_message_id:
        failed = OutboundMessage.objects.filter(pk=call.pk, state=OutboundMessage.State.FAILED)
        failed.update(state=OutboundMessage.State.QUEUED, attempts=0, **said)


def windows(reporter_ids: Collection[int], now: datetime | None = None) -> dict[int, Window]:
    """Until when these reporters may be written to, by reporter; who may be at any time is not among them."""
    now = now or timezone.now()
    found: dict[int, Window] = {}
    for contact in Contact.objects.filter(reporter__in=reporter_ids).exclude(number_sealed=""):
        last = latest_message(contact)
        if last is not None and last.channel == Channel.WHATSAPP:
            found[contact.reporter_id] = _window(last, now)
    return found


def _window(last: InboundMessage, now: datetime) -> Window:
    closes_at, call = _closes_at(last), _call_after(last)
    return Window(
        heard_at=closes_at - OPEN_FOR,
        closes_at=closes_at,
        is_open=call is None and _is_open(closes_at, now),
        can_be_called=call is not None or can_call(last),
        call=_progress(call) if call else "",
        called_at=(call.sent_at or call.created_at) if call else None,
        call_error=(call.error or call.delivery_error) if call else "",
    )


def _progress(call: OutboundMessage) -> str:
    if call.delivery in _ARRIVED:
        return "delivered"
    if call.state == OutboundMessage.State.FAILED or call.delivery in _FAILED:
        return "failed"
    return "sent" if call.state == OutboundMessage.State.SENT else "queued"


def _closes_at(last: InboundMessage) -> datetime:
    """The window is the line's own: what they wrote elsewhere opens none."""
    on_line = InboundMessage.objects.filter(
        contact=last.contact_id, provider=last.provider, channel=last.channel
    )
    heard_at: datetime = on_line.aggregate(at=Max("received_at"))["at"]
    return heard_at + OPEN_FOR


def _is_open(closes_at: datetime, now: datetime) -> bool:
    return now < closes_at - _EARLY


def _call_after(last: InboundMessage) -> OutboundMessage | None:
    return OutboundMessage.objects.filter(called_after=last).first()


def _templates(provider: str) -> dict[str, str]:
    return dict(PROVIDERS[provider].templates()) if provider in PROVIDERS else {}


def _template(contact: Contact, provider: str, language: str) -> tuple[str, str]:
    """The language of a call, and the template in it: what they chose, what waits for them, what they speak,
    what their country does; else the one that stands first."""
    templates = _templates(provider)
    chosen = Dialogue.objects.filter(contact=contact).values_list("language", flat=True).first() or ""
    spoken = (chosen, language, contact.language, answer_language(country=contact.country))
    found = next((one for one in spoken if one in templates), next(iter(templates)))
    return found, templates[found]

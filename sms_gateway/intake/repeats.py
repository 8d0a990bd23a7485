"""The same words from the same number within seconds are one message, sent twice by a thumb or a line.

Courier's rule (github.com/nyaruka/courier): a window of seconds, over as soon as something was sent to the
number since, because the same word can then be the answer to it. An acknowledgement asks nothing, so
for anything longer than an answer out of a list it does not end the window.
"""

from datetime import timedelta

from sms_gateway.models import Contact, InboundMessage, OutboundMessage

WINDOW = timedelta(seconds=4)
_CHOICE_CHARACTERS = 3  # "1", "12", "no": what questions with numbers are answered by


def repeated_message(message: InboundMessage, contact: Contact) -> InboundMessage | None:
    """The message that this one, not stored yet, repeats. The contact's row is locked by the caller."""
    if not message.text.strip() or contact.last_heard_at < message.created_at - WINDOW:
        return None
    earlier = (
        InboundMessage.objects.filter(
            contact=contact,
            text=message.text,
            control=message.control,
            attachments=message.attachments,
            repeats=None,
            created_at__gte=message.created_at - WINDOW,
            received_at__range=(message.received_at - WINDOW, message.received_at + WINDOW),
        )
        .exclude(provider=message.provider, provider_message_id=message.provider_message_id)
        .order_by("created_at")
        .first()
    )
    if earlier is None:
        return None
    sent_since = OutboundMessage.objects.filter(contact=contact, created_at__gte=earlier.created_at)
    if len(message.text.strip()) > _CHOICE_CHARACTERS:
        sent_since = sent_since.exclude(in_reply_to=earlier, in_reply_to__report_reference__gt="")
    return None if sent_since.exists() else earlier

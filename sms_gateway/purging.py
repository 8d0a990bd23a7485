"""Retention: a number is erased when nothing needs it any more, the words of what was discarded as well.

The conversation goes on by reference.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from impact.incidents.closing import CLOSED
from impact.incidents.correspondence import end_for_erased
from impact.incidents.models import Incident, Message
from impact.moderation.models import Decision
from impact.operations.overwriting import overwrite_erased
from impact.operations.turns import claim_turn
from sms_gateway.conversation.corresponding import CHANNELS
from sms_gateway.models import Contact, DeliveryReport, InboundMedia, InboundMessage, OutboundMessage

EVERY = timedelta(days=1)
ERASED = "words erased"
_EARLY_REPORTS = timedelta(days=30)


def purge_daily(now: datetime | None = None) -> int:
    """Erase what is due once a day, whichever worker comes first: its turn. Returns how many were erased.

    After a crash, the next day does what this one has not: nothing is erased too early by that.
    """
    now = now or timezone.now()
    if not claim_turn("purge", EVERY, now):
        return 0
    erased = erase_expired_numbers(settings.CONTACT_DAYS, now) + erase_discarded(settings.CONTACT_DAYS, now)
    overwrite_erased()
    return erased


def erase_discarded(days: int, now: datetime | None = None) -> int:
    """Erase the words, the place and the files of messages that a moderator discarded so many days ago.

    The row stays, so that a late delivery of the same message is known. What nobody has decided about is
    never erased, however old it is. Returns how many were erased.
    """
    now = now or timezone.now()
    refused = InboundMessage.objects.filter(
        state=InboundMessage.State.DISCARDED, reviewed_at__lt=now - timedelta(days=days)
    )
    pks = list(refused.exclude(error=ERASED).values_list("pk", flat=True))
    with transaction.atomic():
        InboundMedia.objects.filter(message__in=pks, evidence=None).delete()
        return InboundMessage.objects.filter(pk__in=pks).update(
            text="", longitude=None, latitude=None, reply_link="", error=ERASED
        )


def erase_expired_numbers(days: int, now: datetime | None = None) -> int:
    """Erase the numbers of whom we have not heard for so many days, and whose cases have all been closed, by
    the last decision about each, for as long. What is held, not taken in or not sent keeps the number; words
    that wait until they write again do not, and end with it.

    Returns how many were erased.
    """
    now = now or timezone.now()
    before = now - timedelta(days=days)
    cases = Incident.objects.filter(reports__reporter=OuterRef("reporter"))
    decided = Decision.objects.filter(incident=OuterRef("pk"))
    lately = Exists(decided.filter(decided_at__gte=before)) | (~Exists(decided) & Q(updated_at__gte=before))
    still_open = cases.filter(~CLOSED | lately)
    waiting = InboundMessage.objects.filter(contact=OuterRef("pk"), state__in=("received", "held"))
    unsent = OutboundMessage.objects.filter(contact=OuterRef("pk"), state__in=("queued", "sending"))
    written = Message.objects.filter(
        report__reporter=OuterRef("reporter"), channel__in=CHANNELS, state=Message.State.QUEUED
    )
    due = Contact.objects.filter(erased_at=None, last_heard_at__lt=before).exclude(
        Exists(still_open) | Exists(waiting) | Exists(unsent) | Exists(written)
    )
    DeliveryReport.objects.filter(created_at__lt=now - _EARLY_REPORTS).delete()
    pks = list(due.values_list("pk", flat=True))
    with transaction.atomic():
        silent = Contact.objects.select_for_update().filter(pk__in=pks, last_heard_at__lt=before)
        erased = dict(silent.order_by("pk").values_list("pk", "reporter"))
        Contact.objects.filter(pk__in=erased).update(
            number_sealed="", number_digest=None, block_digest="", erased_at=now
        )
        end_for_erased(list(erased.values()), CHANNELS)
    return len(erased)

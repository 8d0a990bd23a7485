"""Letters about alerts. They name a rule and a country: nothing of a testimony, and no place finer than that.

A letter is claimed before it is handed over and never sent again once it was: the alert stays on the desk
in any case. What a mail server refuses is tried again.
"""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from impact.moderation.alert_models import AlertMail
from impact.moderation.alert_words import alert_words
from impact.places.basemap import country_name

MOST_ATTEMPTS = 6
_FIRST_WAIT = timedelta(minutes=2)
logger = logging.getLogger("headlamp.alerts")


def send_alert_mails(now: datetime | None = None, limit: int = 50) -> int:
    """A worker's turn: send what is due. Returns how many letters left."""
    if not settings.EMAIL_IS_ON:
        return 0
    now = now or timezone.now()
    due = AlertMail.objects.filter(state=AlertMail.State.QUEUED, due_at__lte=now)
    sent = 0
    for mail in due.select_related("alert__rule", "moderator")[:limit]:
        claimed = AlertMail.objects.filter(pk=mail.pk, state=AlertMail.State.QUEUED)
        if claimed.update(state=AlertMail.State.SENDING, attempts=F("attempts") + 1):
            sent += _send(mail, now)
    return sent


def _send(mail: AlertMail, now: datetime) -> int:
    letter = alert_letter(mail)
    try:
        letter.send()
    except (SMTPException, OSError) as error:
        # Only the kind of the error: its words can hold an address.
        logger.warning("a letter about an alert was refused: %s", type(error).__name__)
        is_last = mail.attempts + 1 >= MOST_ATTEMPTS
        AlertMail.objects.filter(pk=mail.pk).update(
            state=AlertMail.State.FAILED if is_last else AlertMail.State.QUEUED,
            due_at=now + _FIRST_WAIT * 2**mail.attempts,
        )
        return 0
    AlertMail.objects.filter(pk=mail.pk).update(state=AlertMail.State.SENT)
    return 1


def alert_letter(mail: AlertMail) -> EmailMessage:
    """The letter, in the language of the installation."""
    with translation.override(settings.LANGUAGE_CODE):
        where = country_name(mail.alert.country) if mail.alert.country else _("not known")
        address = f"{settings.PUBLIC_URL}{reverse('desk:alerts')}"
        body = "\n\n".join(
            (
                _("A rule was met. Country: %(where)s") % {"where": where},
                alert_words(mail.alert),
                _("The desk shows what it is about: %(address)s") % {"address": address},
                _("This letter says nothing of the reports, on purpose."),
            )
        )
        subject = _("Headlamp: an alert. Country: %(where)s") % {"where": where}
    return EmailMessage(
        subject=subject,
        body=body,
        to=[mail.moderator.email],
        headers={"Message-ID": f"<alert-{mail.alert_id}-{mail.moderator_id}@headlamp.invalid>"},
    )

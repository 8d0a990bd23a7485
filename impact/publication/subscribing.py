"""E-mail alerts: asked for twice, left with one click, and never more than a number and a link.

A mail can't be taken back, so it never has the words of an incident. The address is sealed and nowhere
else; there is no picture, no counted link, nothing that tells whether a mail was read.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from impact.places.basemap import country_name
from impact.places.models import ProducingArea
from impact.publication.filtering import IncidentFilter
from impact.publication.models import AlertSubscription
from impact.publication.published import published_incidents
from impact.sealing import can_open, fingerprint, seal, unseal

KEPT_UNCONFIRMED = timedelta(days=7)
MOST_A_ADDRESS = 10
MOST_WAITING = 500  # mails that ask for a confirmation, at a time: nobody's letter box is flooded from here
_BATCH = 50

Writer = Callable[[AlertSubscription, str], tuple[str, str]]  # subject and body, in the active language


def subscribe(*, address: str, country: str = "", area: ProducingArea | None = None, language: str) -> bool:
    """Note that somebody wants alerts; a worker asks them by mail whether they do. False where there are
    too many.

    The same address and place again changes nothing and asks nobody twice. The answer is the same
    whether the address was known, so nobody learns that it was.
    """
    key = secrets.token_urlsafe(24)
    address_print = fingerprint(address.strip().casefold(), "alerts")
    if AlertSubscription.objects.filter(asked_at=None).count() >= MOST_WAITING:
        return False
    if AlertSubscription.objects.filter(address_print=address_print).count() >= MOST_A_ADDRESS:
        return True
    try:
        with transaction.atomic():
            AlertSubscription.objects.create(
                sealed_address=seal(address.strip()),
                address_print=address_print,
                sealed_key=seal(key),
                digest=_digest(key),
                scope=f"area {area.pk}" if area else f"country {country}" if country else "all",
                country=country,
                area=area,
                language=language,
            )
    except IntegrityError:
        pass  # has it already
    return True


def find_subscription(key: str) -> AlertSubscription | None:
    """The subscription whose mails have this key in their links."""
    return AlertSubscription.objects.select_related("area").filter(digest=_digest(key)).first()


def confirm(subscription: AlertSubscription, now: datetime | None = None) -> None:
    """The second yes. Alerts begin with what is published after today."""
    now = now or timezone.now()
    AlertSubscription.objects.filter(pk=subscription.pk, confirmed_at=None).update(
        confirmed_at=now, told_through=now.date()
    )


def unsubscribe(key: str) -> bool:
    """Forget a subscription and its address. Whether there was one."""
    return AlertSubscription.objects.filter(digest=_digest(key)).delete()[0] > 0


def scope_words(subscription: AlertSubscription) -> str:
    """What it is about, in the active language."""
    if subscription.area is not None:
        return _("near %(area)s") % {"area": subscription.area.name}
    return country_name(subscription.country) if subscription.country else _("all countries")


def send_confirmations(now: datetime | None = None) -> int:
    """Ask those who were not asked yet; forget those who did not answer: a worker's turn."""
    now = now or timezone.now()
    AlertSubscription.objects.filter(confirmed_at=None, created_at__lt=now - KEPT_UNCONFIRMED).delete()
    waiting = AlertSubscription.objects.filter(asked_at=None)
    return sum(
        _send_once(subscription, Q(asked_at=None), {"asked_at": now}, _confirmation)
        for subscription in _mailable(waiting)
    )


def send_alerts(now: datetime | None = None) -> int:
    """Tell what was published up to yesterday, to each at most once a day: a worker's turn."""
    yesterday = (now or timezone.now()).date() - timedelta(days=1)
    due = AlertSubscription.objects.filter(confirmed_at__isnull=False, told_through__lt=yesterday)
    sent = 0
    for subscription in _mailable(due):
        seen = subscription.told_through
        assert seen is not None  # noqa: S101  (the query above)
        count = new_incidents(subscription, seen, yesterday)
        told = {"told_through": yesterday}
        if count:
            sent += _send_once(subscription, Q(told_through=seen), told, partial(_alert, count))
        else:
            AlertSubscription.objects.filter(pk=subscription.pk, told_through=seen).update(**told)
    return sent


def new_incidents(subscription: AlertSubscription, after: date, through: date) -> int:
    """How many incidents of its place became public after a day, up to another."""
    fresh = published_incidents(IncidentFilter.parse(_parameters(subscription)))
    return fresh.filter(published_on__gt=after, published_on__lte=through).count()


def _mailable(waiting: QuerySet[AlertSubscription]) -> list[AlertSubscription]:
    if not settings.EMAIL_IS_ON or not can_open():
        return []
    return list(waiting.select_related("area").order_by("created_at")[:_BATCH])


def _send_once(subscription: AlertSubscription, unsent: Q, sent: Mapping[str, object], write: Writer) -> int:
    # Noted before it is sent: a crash between the two loses one mail and doubles none.
    if not AlertSubscription.objects.filter(unsent, pk=subscription.pk).update(**sent):
        return 0
    key = unseal(subscription.sealed_key)
    with translation.override(subscription.language):
        subject, body = write(subscription, key)
    leave = _address("alerts/leave", key)
    EmailMessage(
        subject=subject,
        body=body + "\n\n-- \n" + _leave_words(subscription.language, leave),
        to=[unseal(subscription.sealed_address)],
        headers={
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
            "Auto-Submitted": "auto-generated",
        },
    ).send()
    return 1


def _confirmation(subscription: AlertSubscription, key: str) -> tuple[str, str]:
    body = _(
        "Somebody, you we hope, asked that this address be told when incidents are published: %(scope)s.\n\n"
        "If that is right, open this link and say yes:\n%(link)s\n\n"
        "If not, do nothing: the address is forgotten in seven days."
    ) % {"scope": scope_words(subscription), "link": _address("alerts/confirm", key)}
    return _("Headlamp: do you want alerts?"), body


def _alert(count: int, subscription: AlertSubscription, _key: str) -> tuple[str, str]:
    counted = ngettext(
        "%(count)s new incident was published: %(scope)s",
        "%(count)s new incidents were published: %(scope)s",
        count,
    ) % {"count": count, "scope": scope_words(subscription)}
    query = urlencode({**_parameters(subscription), "lang": subscription.language})
    return f"Headlamp: {counted}", f"{counted}.\n\n{settings.PUBLIC_URL}/?{query}"


def _leave_words(language: str, leave: str) -> str:
    with translation.override(language):
        return _("No more of these, with one click:\n%(link)s") % {"link": leave}


def _parameters(subscription: AlertSubscription) -> dict[str, str]:
    if subscription.area_id is not None:
        return {"area": str(subscription.area_id)}
    return {"country": subscription.country} if subscription.country else {}


def _address(path: str, key: str) -> str:
    return f"{settings.PUBLIC_URL}/{path}/{key}/"


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()

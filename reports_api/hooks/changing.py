"""Webhooks made, changed and ended by their programs or an administrator. Each has its row in the log."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from impact.accounts.administering import AdministrationRefused
from impact.accounts.models import User
from impact.accounts.permissions import administers
from impact.ledger.chain import record
from impact.ledger.models import Kind
from impact.sealing import seal
from reports_api.hooks.signing import new_secret
from reports_api.models import UNFINISHED, ApiKey, EarlierSecret, Webhook, WebhookDelivery

MOST = 20  # of one organisation
OVERLAP_HOURS = 24
MOST_OVERLAP_HOURS = 7 * 24
MOST_EARLIER = 4


class TooManyWebhooks(Exception):
    """An organisation has as many as it may."""


class TooManySecrets(Exception):
    """As many earlier secrets sign still as may."""


class KeyRevoked(Exception):
    """The key was revoked while its program was asking."""


@transaction.atomic
def add_webhook(*, key: ApiKey, url: str, events: Sequence[str]) -> tuple[Webhook, str]:
    """A webhook and its secret, which is told now and can't be asked for again. Raises TooManyWebhooks and
    KeyRevoked."""
    _hold(key)
    if Webhook.objects.filter(organisation=key.organisation_id).count() >= MOST:
        raise TooManyWebhooks
    secret = new_secret()
    webhook = Webhook.objects.create(
        organisation=key.organisation,
        made_with=key,
        url=url,
        events=list(events),
        secret_sealed=seal(secret),
    )
    _record(webhook, "webhook added", key=key)
    return webhook, secret


@transaction.atomic
def change_webhook(
    *,
    key: ApiKey,
    webhook: Webhook,
    url: str | None = None,
    events: Sequence[str] | None = None,
    is_active: bool | None = None,
) -> Webhook:
    """Change what is given. One that is made active again begins with what comes after; one that is not
    loses what waits. Raises KeyRevoked.

    Who gives it another address or begins it anew has set it up: it stops when that key is revoked."""
    _hold(key)
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if url is not None:
        webhook.url = url
    if url is not None or is_active:
        webhook.made_with = key
    if events is not None:
        webhook.events = list(events)
    if is_active is not None and is_active != webhook.is_active:
        webhook.is_active = is_active
        webhook.ended_because = Webhook.End.NONE if is_active else Webhook.End.PAUSED
    webhook.failures, webhook.failing_since, webhook.rests_until = 0, None, None
    webhook.save()
    if not webhook.is_active:
        _drop_waiting(webhook)
    _record(webhook, "webhook changed", key=key)
    return webhook


@transaction.atomic
def renew_secret(
    *, key: ApiKey, webhook: Webhook, overlap_hours: int = OVERLAP_HOURS, now: datetime | None = None
) -> tuple[Webhook, str]:
    """A new secret, which is told now and can't be asked for again. The one before signs beside it for so
    many hours; with 0, which is for one that others may have seen, no earlier one signs any more.

    Raises TooManySecrets and KeyRevoked.
    """
    _hold(key)
    now = now or timezone.now()
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if not overlap_hours:
        webhook.earlier_secrets.all().delete()
    elif webhook.earlier_secrets.filter(signs_until__gt=now).count() >= MOST_EARLIER:
        raise TooManySecrets
    else:
        signs_until = now + timedelta(hours=overlap_hours)
        EarlierSecret.objects.create(webhook=webhook, sealed=webhook.secret_sealed, signs_until=signs_until)
    secret = new_secret()
    webhook.secret_sealed = seal(secret)
    webhook.save(update_fields=["secret_sealed"])
    _record(webhook, "webhook secret renewed", key=key)
    return webhook, secret


@transaction.atomic
def stop_webhooks(*, key: ApiKey, by: User) -> int:
    """Stop what a key has set up, for it is being revoked: whoever else had it may have given an address of
    their own. Returns how many were stopped."""
    active = Webhook.objects.select_for_update(of=("self",)).select_related("organisation")
    stopped = list(active.filter(made_with=key, is_active=True).order_by("pk"))
    for webhook in stopped:
        webhook.is_active, webhook.ended_because = False, Webhook.End.REVOKED
        webhook.save(update_fields=["is_active", "ended_because"])
        _drop_waiting(webhook)
        _record(webhook, "webhook stopped", key=key, by=by)
    return len(stopped)


@transaction.atomic
def remove_webhook(*, webhook: Webhook, key: ApiKey | None = None, by: User | None = None) -> None:
    """End a webhook and forget it, by its program or by an administrator. Raises AdministrationRefused."""
    if by is not None and not administers(by, webhook.organisation_id):
        raise AdministrationRefused(_("You administer another organisation."))
    _record(webhook, "webhook removed", key=key, by=by)
    Webhook.objects.select_for_update().filter(pk=webhook.pk).first()
    webhook.delete()


def _hold(key: ApiKey) -> None:
    """Keep a key from being revoked until the end of the transaction, so that nothing is set up behind the
    back of whoever revokes it. Raises KeyRevoked."""
    if not ApiKey.objects.select_for_update(no_key=True).filter(pk=key.pk, revoked_at=None).exists():
        raise KeyRevoked


def _drop_waiting(webhook: Webhook) -> None:
    WebhookDelivery.objects.filter(webhook=webhook, state__in=UNFINISHED).update(
        state=WebhookDelivery.State.WITHDRAWN, ended_at=timezone.now()
    )


def _record(webhook: Webhook, what: str, key: ApiKey | None = None, by: User | None = None) -> None:
    details = {"what": what, "organisation": webhook.organisation.name}
    if key is not None:
        details["name"] = key.name
    record(
        Kind.SETTING,
        actor_id=by.pk if by is not None else None,
        subject=f"webhook {webhook.pk}",
        details=details,
    )

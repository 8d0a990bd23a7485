"""Webhooks made, changed and ended by their programs or an administrator. Each has its row in the log."""

from collections.abc import Sequence

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
from reports_api.models import UNFINISHED, ApiKey, Webhook, WebhookDelivery

MOST = 20  # of one organisation


class TooManyWebhooks(Exception):
    """An organisation has as many as it may."""


@transaction.atomic
def add_webhook(*, key: ApiKey, url: str, events: Sequence[str]) -> tuple[Webhook, str]:
    """A webhook and its secret, which is told now and can't be asked for again. Raises TooManyWebhooks."""
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
    loses what waits."""
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if url is not None:
        webhook.url = url
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
def remove_webhook(*, webhook: Webhook, key: ApiKey | None = None, by: User | None = None) -> None:
    """End a webhook and forget it, by its program or by an administrator. Raises AdministrationRefused."""
    if by is not None and not administers(by, webhook.organisation_id):
        raise AdministrationRefused(_("You administer another organisation."))
    _record(webhook, "webhook removed", key=key, by=by)
    Webhook.objects.select_for_update().filter(pk=webhook.pk).first()
    webhook.delete()


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

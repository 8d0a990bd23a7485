"""Delivering what is queued, a worker's turn: claimed row by row, a few at a time, after growing waits."""

import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from impact.operations.claiming import claim
from impact.sealing import UnsealError, can_open, unseal
from reports_api.hooks.payloads import payload
from reports_api.hooks.posting import Outcome, post
from reports_api.hooks.signing import signed_headers
from reports_api.models import UNFINISHED, Webhook, WebhookDelivery

AT_ONCE = 8
GIVEN_UP_AFTER = timedelta(days=2)
OFF_AFTER = timedelta(days=5)  # without one success
TRIES_BEFORE_OFF = 3  # of the event at hand
LEASE = timedelta(minutes=2)  # a worker that has not come back by then has died
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
)

logger = logging.getLogger("headlamp.webhooks")
State = WebhookDelivery.State


@dataclass(frozen=True, slots=True)
class _Letter:
    url: str
    body: bytes
    headers: dict[str, str]


def deliver_due(now: datetime | None = None) -> int:
    """Deliver a few of those whose time has come. Returns how many were tried.

    At most some ten seconds, so that nothing else of the worker's waits for a slow receiver. A worker that
    dies between sending and noting it makes one come twice, by the same `webhook-id`.
    """
    if not can_open():
        return 0  # this host can't read the secrets: a worker elsewhere delivers
    now = now or timezone.now()
    _give_up_old(now)
    letters: list[tuple[WebhookDelivery, _Letter]] = []
    for delivery in _due(now):
        if (letter := _claimed(delivery, now)) is not None:
            letters.append((delivery, letter))
    if not letters:
        return 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        # Nothing but HTTP in these threads: the database stays with this one.
        outcomes = list(pool.map(lambda item: post(item[1].url, item[1].body, item[1].headers), letters))
    for (delivery, _letter), outcome in zip(letters, outcomes, strict=True):
        _note(delivery, outcome, timezone.now())
    return len(letters)


def _due(now: datetime) -> Iterator[WebhookDelivery]:
    """What is to be tried now; of a webhook that failed last time a single one."""
    waiting = (
        WebhookDelivery.objects.select_related("webhook")
        .filter(state__in=UNFINISHED, attempt_after__lte=now, webhook__is_active=True)
        .filter(Q(webhook__rests_until=None) | Q(webhook__rests_until__lte=now))
        .order_by("attempt_after", "pk")
    )
    tried, chosen = set(), 0
    for delivery in waiting[: AT_ONCE * 25]:
        if chosen == AT_ONCE:
            return
        if delivery.webhook.failures and delivery.webhook_id in tried:
            continue
        tried.add(delivery.webhook_id)
        chosen += 1
        yield delivery


def _claimed(delivery: WebhookDelivery, now: datetime) -> _Letter | None:
    if not claim(
        delivery, still={"state": delivery.state}, state=State.DELIVERING, attempt_after=now + LEASE
    ):
        return None
    body = payload(delivery)
    if body is None:
        _end(delivery, State.WITHDRAWN, now)
        return None
    try:
        secrets = [unseal(sealed) for sealed in _signing(delivery.webhook, now)]
    except UnsealError:
        _note(delivery, Outcome(error="secret not readable"), now)
        return None
    headers = signed_headers(secrets, delivery.message_id, int(time.time()), body)
    return _Letter(delivery.webhook.url, body, {**headers, "Content-Type": "application/json"})


def _signing(webhook: Webhook, now: datetime) -> list[str]:
    """The sealed secrets that sign now: the current one, and those that were renewed lately."""
    earlier = webhook.earlier_secrets.filter(signs_until__gt=now)
    return [webhook.secret_sealed, *earlier.values_list("sealed", flat=True)]


def _note(delivery: WebhookDelivery, outcome: Outcome, now: datetime) -> None:
    webhook = Webhook.objects.filter(pk=delivery.webhook_id)
    if not outcome.error:
        _end(delivery, State.DELIVERED, now, outcome)
        webhook.update(failures=0, failing_since=None, rests_until=None, last_delivered_at=now, last_error="")
        return
    logger.warning("delivery %s: %s", delivery.pk, outcome.error)
    wait = WAITS[min(delivery.attempts, len(WAITS) - 1)]
    if outcome.status == HTTPStatus.GONE:
        _end(delivery, State.FAILED, now, outcome)
        webhook.update(last_error=outcome.error)
        _switch_off(delivery.webhook_id, Webhook.End.GONE, now)
        return
    WebhookDelivery.objects.filter(pk=delivery.pk, state=State.DELIVERING).update(
        state=State.QUEUED, status=outcome.status, error=outcome.error, attempt_after=now + wait
    )
    _note_failure(delivery, outcome, now)


def _note_failure(delivery: WebhookDelivery, outcome: Outcome, now: datetime) -> None:
    webhook = Webhook.objects.filter(pk=delivery.webhook_id).first()
    if webhook is None:
        return
    since = webhook.failing_since or now
    Webhook.objects.filter(pk=webhook.pk).update(
        failures=F("failures") + 1,
        failing_since=since,
        rests_until=now + WAITS[min(webhook.failures, 3)],
        last_error=outcome.error,
    )
    # Not at the first slip after weeks in which there was nothing to tell.
    if now - since >= OFF_AFTER and delivery.attempts >= TRIES_BEFORE_OFF:
        _switch_off(webhook.pk, Webhook.End.FAILING, now)


def _switch_off(webhook_id: UUID, why: Webhook.End, now: datetime) -> None:
    Webhook.objects.filter(pk=webhook_id, is_active=True).update(is_active=False, ended_because=why)
    WebhookDelivery.objects.filter(webhook=webhook_id, state__in=UNFINISHED).update(
        state=State.FAILED, ended_at=now
    )


def _give_up_old(now: datetime) -> None:
    WebhookDelivery.objects.filter(
        state__in=UNFINISHED, attempt_after__lte=now, occurred_at__lt=now - GIVEN_UP_AFTER
    ).update(state=State.FAILED, ended_at=now)


def _end(
    delivery: WebhookDelivery, state: WebhookDelivery.State, now: datetime, outcome: Outcome | None = None
) -> None:
    outcome = outcome or Outcome()
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        state=state, ended_at=now, status=outcome.status, error=outcome.error
    )

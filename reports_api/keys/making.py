"""Keys for programs: made, found by what a program sends, revoked. Each change has its row in the log."""

import base64
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from impact.accounts.administering import AdministrationRefused
from impact.accounts.models import Organisation, User
from impact.accounts.permissions import administers
from impact.ledger.chain import record
from impact.ledger.models import Kind
from impact.sealing import fingerprints, keys
from reports_api.hooks.changing import stop_webhooks
from reports_api.models import ApiKey, Scope, live_keys

PREFIX = "hl_"
DEFAULT_DAYS = 90
MOST_DAYS = 365
_RANDOM_BYTES = 32
_LONGEST_TOKEN = 100
_PURPOSE = "api key"


@transaction.atomic
def make_key(
    *,
    by: User,
    organisation: Organisation,
    name: str,
    scopes: Iterable[Scope],
    days: int = DEFAULT_DAYS,
    now: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A key and its token, which is told now and stored nowhere. Raises AdministrationRefused."""
    _check(by, organisation)
    if not 1 <= days <= MOST_DAYS:
        raise AdministrationRefused(_("From 1 to %(most)s days.") % {"most": MOST_DAYS})
    token = PREFIX + base64.b32encode(secrets.token_bytes(_RANDOM_BYTES)).decode().rstrip("=").lower()
    key = ApiKey.objects.create(
        organisation=organisation,
        name=name,
        scopes=[str(scope) for scope in scopes],
        digest=fingerprints(token, _PURPOSE)[0],
        digested_by=keys()[0].name,
        made_by=by,
        expires_at=(now or timezone.now()) + timedelta(days=days),
    )
    details = {
        "what": "key made",
        "name": name,
        "organisation": organisation.name,
        "scopes": key.scopes,
        "until": key.expires_at.date().isoformat(),
    }
    record(Kind.SETTING, actor_id=by.pk, subject=f"api key {key.pk}", details=details)
    return key, token


@transaction.atomic
def revoke_key(*, by: User, key: ApiKey, now: datetime | None = None) -> None:
    """From now on the key opens nothing, and the webhooks that it set up stop. Once revoked it stays so.
    Raises AdministrationRefused."""
    _check(by, key.organisation)
    revoked = ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now or timezone.now())
    if revoked:
        details = {"what": "key revoked", "name": key.name, "organisation": key.organisation.name}
        record(Kind.SETTING, actor_id=by.pk, subject=f"api key {key.pk}", details=details)
        stop_webhooks(key=key, by=by)


def find_key(token: str, now: datetime | None = None) -> ApiKey | None:
    """The live key that a token belongs to; None for any other. Notes the day, and no more, of its use.

    A token that is found by an older key of HEADLAMP_KEYS is digested anew with the current one.
    """
    now = now or timezone.now()
    if not token.startswith(PREFIX) or len(token) > _LONGEST_TOKEN:
        return None
    digests = fingerprints(token, _PURPOSE)
    key = ApiKey.objects.select_related("organisation").filter(live_keys(now), digest__in=digests).first()
    if key is None:
        return None
    changes: dict[str, object] = {}
    if key.digest != digests[0]:
        changes |= {"digest": digests[0], "digested_by": keys()[0].name}
    if key.last_used_on != now.date():
        changes["last_used_on"] = now.date()
    if changes:
        ApiKey.objects.filter(pk=key.pk).update(**changes)
    return key


def rotate_keys() -> Iterator[tuple[str, int, int, int]]:
    """Keys are known by their digests alone: one is digested anew when its program next comes. Until then,
    until it ends or is revoked, it needs the old key."""
    live = ApiKey.objects.filter(live_keys(timezone.now()))
    current = live.filter(digested_by=keys()[0].name).count()
    yield ("API keys", 0, current, live.count() - current)


def _check(by: User, organisation: Organisation) -> None:
    if not administers(by, organisation.pk):
        raise AdministrationRefused(_("You administer another organisation."))

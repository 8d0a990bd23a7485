"""What the demo shows of programs: keys that nobody has, so that they open nothing, and idle webhooks."""

from django.db import transaction

from impact.accounts.models import User, default_organisation
from impact.publication.announcing import PublicEvent
from reports_api.hooks.changing import add_webhook, change_webhook
from reports_api.keys.making import make_key, revoke_key
from reports_api.models import ApiKey, Scope

EVENTS = [str(event) for event in PublicEvent]


@transaction.atomic
def invent_programs(by: User) -> None:
    """A key in use with its webhook paused, and one that was revoked with what it had set up. Once."""
    if ApiKey.objects.exists():
        return
    organisation = default_organisation()
    key, _token = make_key(
        by=by, organisation=organisation, name="The coalition’s map", scopes=[Scope.WEBHOOKS, Scope.CASES]
    )
    paused, _secret = add_webhook(key=key, url="https://map.example/headlamp", events=EVENTS)
    change_webhook(key=key, webhook=paused, is_active=False)
    seen, _token = make_key(
        by=by, organisation=organisation, name="A laptop that was stolen", scopes=[Scope.WEBHOOKS]
    )
    add_webhook(key=seen, url="https://office.example/hooks", events=EVENTS)
    revoke_key(by=by, key=seen)

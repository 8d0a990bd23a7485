"""What moderators do to alerts and their rules. Each goes into the log in the same transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from impact.accounts.models import User
from impact.ledger.chain import record
from impact.ledger.models import Kind
from impact.moderation.alert_models import Alert, AlertRule


def add_rule(*, terms: Mapping[str, Any], moderator: User) -> AlertRule:
    """A new rule, active at once. The terms (see `AlertRule.terms`) are checked already."""
    with transaction.atomic():
        rule = AlertRule.objects.create(**terms, made_by=moderator)
        _record(moderator, rule, {"what": "rule added", **rule.terms()})
    return rule


def change_rule(*, rule: AlertRule, terms: Mapping[str, Any], moderator: User) -> AlertRule:
    """Say what a rule asks for from now on. Alerts that it raised keep what it said then.

    Evaluated anew at the worker's next turn. Nothing is written when nothing would change.
    """
    with transaction.atomic():
        locked = AlertRule.objects.select_for_update().get(pk=rule.pk)
        before = locked.terms()
        for name, value in terms.items():
            setattr(locked, name, value)
        after = locked.terms()
        if after == before:
            return locked
        Alert.objects.filter(rule=locked, met_terms={}).update(met_terms=before)
        locked.evaluated_at = None
        locked.save()
        changed = [name for name in after if before[name] != after[name]]
        _record(
            moderator,
            locked,
            {
                "what": "rule changed",
                "before": {name: before[name] for name in changed},
                "after": {name: after[name] for name in changed},
            },
        )
    return locked


def switch_rule(*, rule: AlertRule, is_active: bool, moderator: User) -> bool:
    """Switch a rule on or off. Whether that was anything new."""
    with transaction.atomic():
        switched = AlertRule.objects.filter(pk=rule.pk, is_active=not is_active).update(is_active=is_active)
        if switched:
            _record(moderator, rule, {"what": "rule switched on" if is_active else "rule switched off"})
    return bool(switched)


def close_alert(alert: Alert, *, moderator: User, now: datetime | None = None) -> bool:
    """Say that an alert has been seen to. Whether it was open until now."""
    now = now or timezone.now()
    with transaction.atomic():
        closed = Alert.objects.filter(pk=alert.pk, closed_at__isnull=True).update(
            closed_at=now, closed_by=moderator
        )
        if closed:
            record(
                Kind.ALERT,
                actor_id=moderator.pk,
                subject=f"alert {alert.pk}",
                details={"what": "seen to", "rule": f"alert rule {alert.rule_id}"},
                now=now,
            )
    return bool(closed)


def _record(moderator: User, rule: AlertRule, details: dict[str, Any]) -> None:
    record(Kind.ALERT, actor_id=moderator.pk, subject=f"alert rule {rule.pk}", details=details)

"""One transition of an incident: locked, checked, changed and logged together, or not at all."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from impact.accounts.models import User
from impact.incidents.assessing import keep_in_step
from impact.incidents.models import AreaLink, Incident
from impact.moderation.access import can_decide_case
from impact.moderation.log import record_decision
from impact.moderation.models import Action
from impact.moderation.refusing import DecisionRefused, StaleIncident


def decide(
    incident: Incident,
    moderator: User,
    action: Action,
    reason: str,
    expected_version: int,
    change: Callable[[Incident], list[str]],
    now: datetime | None,
    *,
    noted: dict[str, Any] | None = None,
) -> Incident:
    """Run one transition: lock the row, refuse a stale page, change, record. Returns the fresh incident.

    `change` edits the locked incident and returns the names of the columns that it touched; `noted` is
    what the log says besides. Raises DecisionRefused (StaleIncident when someone was quicker, and for
    a case that is not this moderator's to decide) and writes nothing then.
    """
    if not reason.strip():
        raise DecisionRefused(_("Give a reason: it goes into the log."))
    with transaction.atomic():
        locked = Incident.objects.select_for_update().get(pk=incident.pk)
        if locked.version != expected_version:
            raise StaleIncident(_("Somebody else changed this case meanwhile. Look again before you decide."))
        if not can_decide_case(moderator, locked):
            raise DecisionRefused(_("This case is not yours to decide."))
        before = case_state(locked)
        columns = change(locked)
        after = case_state(locked)
        changed = {name for name in before if before[name] != after[name]}
        if not changed and not noted:
            raise DecisionRefused(_("Nothing would change."))
        locked.version += 1
        locked.save(update_fields=[*columns, "version", "updated_at"])
        keep_in_step(locked)
        record_decision(
            incident=locked,
            moderator=moderator,
            action=action,
            before={name: before[name] for name in sorted(changed)},
            after={name: after[name] for name in sorted(changed)} | (noted or {}),
            reason=reason.strip(),
            now=now or timezone.now(),
        )
    return locked


def case_state(incident: Incident) -> dict[str, Any]:
    """All that a decision can change, in JSON types, for the log."""
    return {
        "triage": str(incident.triage),
        "verification": str(incident.verification),
        "publication": str(incident.publication),
        "shared": incident.shared_at is not None,
        "reliability": str(incident.reliability),
        "credibility": str(incident.credibility),
        "perpetrator": str(incident.perpetrator),
        "people": incident.people,
        "minerals": list(incident.minerals),
        "occurred": [day.isoformat() for day in (incident.occurred_from, incident.occurred_to) if day],
        "occurred_precision": str(incident.occurred_precision),
        "point": [incident.point.x, incident.point.y] if incident.point else [],
        "uncertainty_m": incident.uncertainty_m,
        "place_name": incident.place_name,
        "country": incident.country,
        "harms": list(incident.harms.values_list("harm", flat=True)),
        "public_text": incident.public_text,
        "confirmed_areas": sorted(
            incident.area_links.filter(method=AreaLink.Method.MODERATOR).values_list("area", flat=True)
        ),
        "refused_areas": sorted(incident.refused_links.values_list("area", flat=True)),
        "scope": str(incident.scope),
        "has_identifiable_children": incident.has_identifiable_children,
        "follow_up": str(incident.follow_up),
        "merged_into": _reference_of(incident.merged_into_id),
        "proposed": sorted(
            f"{step}:{user}" for step, user in incident.proposals.values_list("step", "proposed_by")
        ),
    }


def _reference_of(incident_id: UUID | None) -> str:
    if incident_id is None:
        return ""
    return Incident.objects.values_list("reference", flat=True).get(pk=incident_id)

"""Several moderators at one desk: who takes a case, who has it open, what is due."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.moderation.access import can_decide_case
from impact.moderation.casework import CaseVisit, FollowUpAction
from impact.moderation.log import record_decision
from impact.moderation.models import Action
from impact.moderation.refusing import DecisionRefused
from impact.moderation.transition import decide
from impact.vocabulary import FollowUp

HERE_FOR = timedelta(minutes=3)  # a page that is open says so every minute
_KEPT_FOR = timedelta(days=1)


@transaction.atomic
def assign_incident(
    *, incident: Incident, moderator: User, assignee: User | None, reason: str, now: datetime | None = None
) -> None:
    """Give a case to somebody who may decide about it, or to nobody. Makes no open page stale.

    Raises DecisionRefused.
    """
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    if not can_decide_case(moderator, locked):
        raise DecisionRefused(_("This case is not yours to decide."))
    if assignee is not None and not can_decide_case(assignee, locked):
        raise DecisionRefused(_("They may not decide about this case."))
    if locked.assigned_to_id == (assignee.pk if assignee else None):
        raise DecisionRefused(_("Nothing would change."))
    before = str(locked.assigned_to) if locked.assigned_to else ""
    locked.assigned_to = assignee
    locked.save(update_fields=["assigned_to"])
    record_decision(
        incident=locked,
        moderator=moderator,
        action=Action.ASSIGN,
        before={"assigned_to": before},
        after={"assigned_to": str(assignee) if assignee else ""},
        reason=reason,
        now=now,
    )


def note_visit(incident: Incident, user: User, now: datetime | None = None) -> None:
    """Say that somebody has this case open. Visits of yesterday are forgotten."""
    moment = now or timezone.now()
    CaseVisit.objects.update_or_create(incident=incident, user=user, defaults={"seen_at": moment})
    CaseVisit.objects.filter(seen_at__lt=moment - _KEPT_FOR).delete()


def others_here(keys: Iterable[UUID], user: User, now: datetime | None = None) -> dict[UUID, list[str]]:
    """Who else has these cases open, by case."""
    since = (now or timezone.now()) - HERE_FOR
    visits = CaseVisit.objects.filter(incident__in=list(keys), seen_at__gte=since).exclude(user=user)
    here: dict[UUID, list[str]] = {}
    for visit in visits.select_related("user").order_by("seen_at"):
        here.setdefault(visit.incident_id, []).append(str(visit.user))
    return here


def record_follow_up(
    *,
    incident: Incident,
    moderator: User,
    follow_up: FollowUp,
    contacted: str,
    contacted_on: date,
    note: str,
    due_on: date | None,
    expected_version: int,
    now: datetime | None = None,
) -> Incident:
    """Record whom somebody contacted about a case and what came of it; earlier reminders are then done.

    The note is the reason in the log. Raises DecisionRefused.
    """
    moment = now or timezone.now()
    if contacted_on > moment.date() + timedelta(days=1):
        raise DecisionRefused(_("This day has not come yet."))

    def change(locked: Incident) -> list[str]:
        locked.follow_up_actions.filter(is_done=False).update(is_done=True)
        FollowUpAction.objects.create(
            incident=locked,
            contacted=contacted.strip(),
            contacted_on=contacted_on,
            note=note.strip(),
            due_on=due_on,
            is_done=due_on is None,
            recorded_by=moderator,
            recorded_at=moment,
        )
        locked.follow_up = follow_up
        return ["follow_up"]

    noted = {
        "contacted": contacted.strip(),
        "contacted_on": contacted_on.isoformat(),
        "due_on": due_on.isoformat() if due_on else "",
    }
    return decide(incident, moderator, Action.FOLLOW_UP, note, expected_version, change, moment, noted=noted)


def due_follow_ups(cases: QuerySet[Incident], today: date) -> QuerySet[FollowUpAction]:
    """What somebody wanted to come back to by today, the longest due first."""
    due = FollowUpAction.objects.filter(is_done=False, due_on__lte=today, incident__in=cases.order_by())
    return due.select_related("incident").order_by("due_on")

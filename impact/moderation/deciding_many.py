"""Deciding about many cases at once: one reason, one decision each, and those that cannot be are named."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.moderation.access import decidable_incidents
from impact.moderation.deciding import start_verification, triage_incident
from impact.moderation.refusing import DecisionRefused
from impact.moderation.working_together import assign_incident
from impact.vocabulary import Triage

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class ManyDecided:
    """References of the cases that were decided, and of those that were not, with the reason why not."""

    done: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


def sort_out_incidents(
    *, versions: Mapping[UUID, int], moderator: User, triage: Triage, reason: str, now: datetime | None = None
) -> ManyDecided:
    """Sort the cases of `versions` (case to the version that was seen), each in a transaction of its own.

    A case that changed since, that is public, or that is not this moderator's stays as it is.
    """

    def decide(incident: Incident) -> None:
        triage_incident(
            incident=incident,
            moderator=moderator,
            triage=triage,
            reason=reason,
            expected_version=versions[incident.pk],
            now=now,
        )

    return _each(versions, moderator, decide)


def take_up_incidents(
    *, versions: Mapping[UUID, int], moderator: User, reason: str, now: datetime | None = None
) -> ManyDecided:
    """Take the cases of `versions` up: they are being verified. The same holds as of sorting out."""

    def decide(incident: Incident) -> None:
        start_verification(
            incident=incident,
            moderator=moderator,
            reason=reason,
            expected_version=versions[incident.pk],
            now=now,
        )

    return _each(versions, moderator, decide)


def hand_over_incidents(
    *,
    versions: Mapping[UUID, int],
    moderator: User,
    assignee: User,
    reason: str,
    now: datetime | None = None,
) -> ManyDecided:
    """Give the cases of `versions` to somebody who may decide about them. Makes no open page stale."""

    def decide(incident: Incident) -> None:
        assign_incident(incident=incident, moderator=moderator, assignee=assignee, reason=reason, now=now)

    return _each(versions, moderator, decide)


def _each(versions: Mapping[UUID, int], moderator: User, decide: Callable[[Incident], None]) -> ManyDecided:
    done, refused = [], []
    keys = list(versions)[:MOST_AT_ONCE]
    for incident in decidable_incidents(moderator).filter(pk__in=keys).order_by("received_at"):
        try:
            decide(incident)
        except DecisionRefused as why:
            refused.append((incident.reference, str(why)))
        else:
            done.append(incident.reference)
    return ManyDecided(tuple(done), tuple(refused))

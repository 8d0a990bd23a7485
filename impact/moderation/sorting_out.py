"""Sorting out many cases at once: one reason, one decision each, and those that cannot be are named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from impact.accounts.models import User
from impact.moderation.access import decidable_incidents
from impact.moderation.deciding import triage_incident
from impact.moderation.refusing import DecisionRefused
from impact.vocabulary import Triage

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class SortedOut:
    """References of the cases that were sorted, and of those that were not, with the reason why not."""

    done: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


def sort_out_incidents(
    *, versions: Mapping[UUID, int], moderator: User, triage: Triage, reason: str, now: datetime | None = None
) -> SortedOut:
    """Sort the cases of `versions` (case to the version that was seen), each in a transaction of its own.

    A case that changed since, that is public, or that is not this moderator's stays as it is.
    """
    done, refused = [], []
    keys = list(versions)[:MOST_AT_ONCE]
    for incident in decidable_incidents(moderator).filter(pk__in=keys).order_by("received_at"):
        try:
            triage_incident(
                incident=incident,
                moderator=moderator,
                triage=triage,
                reason=reason,
                expected_version=versions[incident.pk],
                now=now,
            )
        except DecisionRefused as why:
            refused.append((incident.reference, str(why)))
        else:
            done.append(incident.reference)
    return SortedOut(tuple(done), tuple(refused))

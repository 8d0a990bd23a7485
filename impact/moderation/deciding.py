"""The only transitions of an incident. Each is one transaction: the change and the decision about it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from impact.accounts.models import User
from impact.incidents.assessing import keep_in_step
from impact.incidents.linking import link_incident
from impact.incidents.models import AreaLink, Incident, IncidentHarm
from impact.moderation.log import record_decision
from impact.moderation.models import Action
from impact.places.basemap import country_at
from impact.places.learnt_names import Meaning, teach_name
from impact.vocabulary import (
    Credibility,
    DatePrecision,
    Harm,
    PeopleKind,
    Perpetrator,
    PlaceMethod,
    PublicationStatus,
    Reliability,
    Triage,
    Verification,
)

REJECTIONS = (Verification.NOT_SUBSTANTIATED, Verification.FALSELY_ATTRIBUTED)


class DecisionRefused(Exception):
    """A decision that cannot be taken; the message says why (translated)."""


class StaleIncident(DecisionRefused):
    """Somebody else changed the incident since the page was opened."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a moderator puts right. Fields left at None stay as they are; `occurred` may be an empty range.

    `point` is (longitude, latitude), WGS 84; `uncertainty_m` belongs to it. `people` has
    {"killed": {"low": 2, "high": 3}} for the kinds that are known. `taught` is what the report calls the
    place, and what place that is: later reports are read with it.
    """

    point: tuple[float, float] | None = None
    uncertainty_m: float | None = None
    place_name: str | None = None
    harms: tuple[Harm, ...] | None = None
    perpetrator: Perpetrator | None = None
    people: dict[str, dict[str, int]] | None = None
    occurred: tuple[date, date] | tuple[()] | None = None
    occurred_precision: DatePrecision | None = None
    minerals: tuple[str, ...] | None = field(default=None)
    taught: tuple[str, Meaning] | None = None


def triage_incident(
    *,
    incident: Incident,
    moderator: User,
    triage: Triage,
    reason: str,
    expected_version: int,
    now: datetime | None = None,
) -> Incident:
    """Sort an incident: triaged, spam, out of scope, duplicate, or back to new."""

    def change(locked: Incident) -> list[str]:
        if locked.publication == PublicationStatus.PUBLIC and triage != Triage.TRIAGED:
            raise DecisionRefused(_("It is public: take it back first."))
        locked.triage = triage
        return ["triage"]

    return decide(incident, moderator, Action.TRIAGE, reason, expected_version, change, now)


def start_verification(
    *, incident: Incident, moderator: User, reason: str, expected_version: int, now: datetime | None = None
) -> Incident:
    """Take an incident up: it is being verified."""

    def change(locked: Incident) -> list[str]:
        if locked.verification != Verification.UNVERIFIED:
            raise DecisionRefused(_("Its verification has already begun."))
        locked.triage = Triage.TRIAGED
        locked.verification = Verification.UNDER_VERIFICATION
        return ["triage", "verification"]

    return decide(incident, moderator, Action.VERIFY, reason, expected_version, change, now)


def verify_incident(
    *,
    incident: Incident,
    moderator: User,
    reason: str,
    expected_version: int,
    is_partial: bool = False,
    now: datetime | None = None,
) -> Incident:
    """Say that an incident is verified, or partially corroborated. It needs at least one harm."""

    def change(locked: Incident) -> list[str]:
        if locked.triage in {Triage.SPAM, Triage.OUT_OF_SCOPE, Triage.DUPLICATE}:
            raise DecisionRefused(_("It was sorted out: bring it back first."))
        if not locked.harms.exists():
            raise DecisionRefused(_("Say first which harm it is."))
        locked.triage = Triage.TRIAGED
        locked.verification = Verification.PARTIALLY_CORROBORATED if is_partial else Verification.VERIFIED
        return ["triage", "verification"]

    return decide(incident, moderator, Action.VERIFY, reason, expected_version, change, now)


def reject_incident(
    *,
    incident: Incident,
    moderator: User,
    outcome: Verification,
    reason: str,
    expected_version: int,
    now: datetime | None = None,
) -> Incident:
    """End the verification without confirming: not substantiated, or falsely attributed."""

    def change(locked: Incident) -> list[str]:
        if outcome not in REJECTIONS:
            raise DecisionRefused(_("That is not a way to reject a report."))
        if locked.publication == PublicationStatus.PUBLIC:
            raise DecisionRefused(_("It is public: take it back first."))
        locked.triage = Triage.TRIAGED
        locked.verification = outcome
        return ["triage", "verification"]

    return decide(incident, moderator, Action.VERIFY, reason, expected_version, change, now)


def grade_incident(
    *,
    incident: Incident,
    moderator: User,
    reliability: Reliability,
    credibility: Credibility,
    reason: str,
    expected_version: int,
    now: datetime | None = None,
) -> Incident:
    """Grade the source and the information, each by itself (Admiralty system)."""

    def change(locked: Incident) -> list[str]:
        locked.reliability, locked.credibility = reliability, credibility
        return ["reliability", "credibility"]

    return decide(incident, moderator, Action.GRADE, reason, expected_version, change, now)


def correct_incident(
    *,
    incident: Incident,
    moderator: User,
    correction: Correction,
    reason: str,
    expected_version: int,
    now: datetime | None = None,
) -> Incident:
    """Put right what was misread. A moved incident is linked again before this returns.

    What is public stays as it was published until it is published again.
    """

    def change(locked: Incident) -> list[str]:
        return _apply(locked, correction)

    with transaction.atomic():
        corrected = decide(incident, moderator, Action.CORRECT, reason, expected_version, change, now)
        if correction.taught is not None:
            teach_name(*correction.taught, taught_by=moderator.pk)
    if correction.point is not None:
        link_incident(corrected)
    return corrected


def decide(
    incident: Incident,
    moderator: User,
    action: Action,
    reason: str,
    expected_version: int,
    change: Callable[[Incident], list[str]],
    now: datetime | None,
) -> Incident:
    """Run one transition: lock the row, refuse a stale page, change, record. Returns the fresh incident.

    `change` edits the locked incident and returns the names of the columns that it touched.
    Raises DecisionRefused (StaleIncident when someone was quicker) and writes nothing then.
    """
    if not reason.strip():
        raise DecisionRefused(_("Give a reason: it goes into the log."))
    with transaction.atomic():
        locked = Incident.objects.select_for_update().get(pk=incident.pk)
        if locked.version != expected_version:
            raise StaleIncident(_("Somebody else changed this case meanwhile. Look again before you decide."))
        before = case_state(locked)
        columns = change(locked)
        after = case_state(locked)
        changed = {name for name in before if before[name] != after[name]}
        if not changed:
            raise DecisionRefused(_("Nothing would change."))
        locked.version += 1
        locked.save(update_fields=[*columns, "version", "updated_at"])
        keep_in_step(locked)
        record_decision(
            incident=locked,
            moderator=moderator,
            action=action,
            before={name: before[name] for name in sorted(changed)},
            after={name: after[name] for name in sorted(changed)},
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
    }


def _apply(incident: Incident, correction: Correction) -> list[str]:
    columns: list[str] = []
    if correction.point is not None:
        longitude, latitude = correction.point
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise DecisionRefused(_("There is no such point: longitude and latitude in degrees."))
        incident.point = Point(longitude, latitude, srid=4326)
        incident.uncertainty_m = correction.uncertainty_m or incident.uncertainty_m
        incident.country = country_at(longitude, latitude)
        incident.place_method = PlaceMethod.MODERATOR
        # Should it not come to the linking, the worker finds it waiting.
        incident.linked_at = None
        incident.link_request += 1
        columns += ["point", "uncertainty_m", "country", "place_method", "linked_at", "link_request"]
    if correction.place_name is not None:
        incident.place_name = correction.place_name
        columns.append("place_name")
    if correction.perpetrator is not None:
        incident.perpetrator = correction.perpetrator
        columns.append("perpetrator")
    if correction.people is not None:
        incident.people = _people(correction.people)
        columns.append("people")
    if correction.minerals is not None:
        incident.minerals = list(correction.minerals)
        columns.append("minerals")
    if correction.occurred is not None:
        _apply_dates(incident, correction)
        columns += ["occurred_from", "occurred_to", "occurred_precision"]
    if correction.harms is not None:
        incident.harms.all().delete()
        IncidentHarm.objects.bulk_create(
            IncidentHarm(incident=incident, harm=harm, rank=rank)
            for rank, harm in enumerate(dict.fromkeys(correction.harms))
        )
    return columns


def _apply_dates(incident: Incident, correction: Correction) -> None:
    if not correction.occurred:
        incident.occurred_from = incident.occurred_to = None
        incident.occurred_precision = ""
        return
    first, last = correction.occurred
    if first > last:
        raise DecisionRefused(_("The end is before the beginning."))
    incident.occurred_from, incident.occurred_to = first, last
    incident.occurred_precision = correction.occurred_precision or DatePrecision.DAY


def _people(people: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    for kind, count in people.items():
        if kind not in PeopleKind.values or not 0 <= count["low"] <= count["high"]:
            raise DecisionRefused(_("These numbers of people cannot be right."))
    return people

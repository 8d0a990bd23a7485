"""The only transitions of an incident. Each is one transaction: the change and the decision about it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from impact.accounts.models import User
from impact.incidents.linking import link_incident
from impact.incidents.models import Incident, IncidentHarm
from impact.moderation.ladder import require_footing
from impact.moderation.models import Action
from impact.moderation.refusing import DecisionRefused, StaleIncident
from impact.moderation.transition import case_state, decide
from impact.moderation.two_people import Step, confirm, propose, standing_proposal, withdraw_proposals
from impact.places.basemap import country_at
from impact.places.learnt_names import Meaning, teach_name
from impact.vocabulary import (
    REJECTED,
    SORTED_OUT,
    Credibility,
    DatePrecision,
    Harm,
    PeopleKind,
    Perpetrator,
    PlaceMethod,
    PublicationStatus,
    Reliability,
    Scope,
    Triage,
    Verification,
    is_counted_only,
)

__all__ = ["Correction", "DecisionRefused", "StaleIncident", "case_state", "decide"]


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
    scope: Scope | Literal[""] | None = None
    has_identifiable_children: bool | None = None


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
        if locked.merged_into_id is not None:
            raise DecisionRefused(_("It was merged: take it out again first."))
        locked.triage = triage
        withdraw_proposals(locked)
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
    """Say that an incident is verified, or partially corroborated. It needs at least one harm.

    Verified takes two people: the first one's word is a proposal (the incident stays what it was), the word
    of another makes it so. Raises DecisionRefused, also when the step asks for more than the case has.
    """
    step = Verification.PARTIALLY_CORROBORATED if is_partial else Verification.VERIFIED

    moment = now or timezone.now()

    def change(locked: Incident) -> list[str]:
        if locked.triage in SORTED_OUT:
            raise DecisionRefused(_("It was sorted out: bring it back first."))
        if not locked.harms.exists():
            raise DecisionRefused(_("Say first which harm it is."))
        require_footing(locked, step, reason)
        locked.triage = Triage.TRIAGED
        if is_partial:
            withdraw_proposals(locked)
        elif settings.TWO_PERSON and locked.verification != step and not _is_second_word(locked):
            if locked.verification == Verification.UNVERIFIED:
                locked.verification = Verification.UNDER_VERIFICATION
            propose(locked, moderator, Step.VERIFY, reason=reason.strip(), now=moment)
            return ["triage", "verification"]
        elif locked.verification != step:
            confirm(locked, moderator, Step.VERIFY)
        locked.verification = step
        return ["triage", "verification"]

    return decide(incident, moderator, Action.VERIFY, reason, expected_version, change, moment)


def _is_second_word(locked: Incident) -> bool:
    return standing_proposal(locked, Step.VERIFY) is not None


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
        if outcome not in REJECTED:
            raise DecisionRefused(_("That is not a way to reject a report."))
        if locked.publication == PublicationStatus.PUBLIC:
            raise DecisionRefused(_("It is public: take it back first."))
        locked.triage = Triage.TRIAGED
        locked.verification = outcome
        withdraw_proposals(locked)
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
    """Grade the source and the information, each by itself (Admiralty system).

    The grade becomes public with the words, so what was proposed for the public is withdrawn.
    """

    def change(locked: Incident) -> list[str]:
        withdraw_proposals(locked, Step.PUBLISH)
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

    What somebody proposed about the case before is withdrawn: it is another case now. What is public, or
    waits for its day, stays as it was decided until it is published again; so a case that may now be told in
    counts only has to be taken back first. Raises DecisionRefused.
    """

    def change(locked: Incident) -> list[str]:
        withdraw_proposals(locked)
        was_told = locked.publication == PublicationStatus.PUBLIC and not _is_counted_only(locked)
        columns = _apply(locked, correction)
        if was_told and _is_counted_only(locked):
            raise DecisionRefused(_("It is public: take it back first."))
        return columns

    with transaction.atomic():
        corrected = decide(incident, moderator, Action.CORRECT, reason, expected_version, change, now)
        if correction.taught is not None:
            teach_name(*correction.taught, taught_by=moderator.pk)
    if correction.point is not None:
        link_incident(corrected)
    return corrected


def _is_counted_only(incident: Incident) -> bool:
    harms = tuple(incident.harms.values_list("harm", flat=True))
    return incident.has_identifiable_children or is_counted_only(harms, incident.people_counted)


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
    if correction.scope is not None:
        incident.scope = correction.scope
        columns.append("scope")
    if correction.has_identifiable_children is not None:
        incident.has_identifiable_children = correction.has_identifiable_children
        columns.append("has_identifiable_children")
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

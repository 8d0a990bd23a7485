"""Two demo moderators at work on what was sent: every step is a real decision, dated when it was taken."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from random import Random
from typing import Any

from django.db import transaction
from pyproj import Geod

from impact.accounts.models import User
from impact.demo.cast import Cast
from impact.demo.planning import Outcome, PlannedReport
from impact.demo.public_wording import public_text
from impact.demo.sending import Progress
from impact.incidents.models import Incident, Report
from impact.moderation.deciding import (
    Correction,
    correct_incident,
    grade_incident,
    reject_incident,
    start_verification,
    triage_incident,
    verify_incident,
)
from impact.moderation.models import Decision
from impact.moderation.working_together import record_follow_up
from impact.places.models import ProducingArea
from impact.publication.publishing import propose_publication, publish_incident, retract_incident
from impact.vocabulary import (
    Credibility,
    DatePrecision,
    FollowUp,
    Harm,
    Perpetrator,
    Reliability,
    Triage,
    Verification,
)

MISPLACED_M = 60_000.0
_BATCH = 200
_LEFT_TO_CONFIRM = 0.25  # of what is verified and not public, for the second moderator to find
_WGS84 = Geod(ellps="WGS84")
_SORTED_OUT = {
    Outcome.SPAM: (Triage.SPAM, "Advertising."),
    Outcome.OUT_OF_SCOPE: (Triage.OUT_OF_SCOPE, "Nothing about harm beside a mine."),
    Outcome.DUPLICATE: (Triage.DUPLICATE, "The same event as an earlier report."),
}
_REJECTED = {
    Outcome.NOT_SUBSTANTIATED: (
        Verification.NOT_SUBSTANTIATED,
        "Two monitors went there and found nobody who saw it.",
    ),
    Outcome.FALSELY_ATTRIBUTED: (
        Verification.FALSELY_ATTRIBUTED,
        "It happened, but others did it than those who were named.",
    ),
}
_FOLLOWED_UP = 0.12
_CONTACTS = {
    "the provincial mines office": (FollowUp.IN_FOLLOW_UP, "They promise an answer within a month."),
    "the prosecutor": (FollowUp.IN_FOLLOW_UP, "A file was opened."),
    "the local committee": (FollowUp.PERSISTENT, "It goes on, they say."),
    "the company's liaison officer": (FollowUp.RESOLVED, "Paid and repaired; the families confirm it."),
    "the military court": (FollowUp.UNRESOLVED, "No answer after three letters."),
}
_VERIFIED_BECAUSE = (
    "Two witnesses were called back; their accounts agree.",
    "The monitor on the spot confirms it and sent photographs.",
    "The health post confirms the date and the number of people.",
    "A second organisation documented the same event.",
)


@dataclass(frozen=True, slots=True)
class Case:
    """A planned report, the incident that came of it, who takes it up, and who is the second one."""

    report: PlannedReport
    incident_id: Any
    moderator: User
    second: User


Act = Callable[[Case, Incident, datetime], object]


def moderate_reports(plan: Sequence[PlannedReport], cast: Cast, progress: Progress) -> int:
    """Decide what the plan says on the cases that nobody decided on yet. Returns how many decisions.

    The decisions of all cases are taken in the order of their dates, so that the log reads as one that grew.
    """
    acts = sorted(
        ((at, case.report.key, rank, case, act)
        for case in _cases(plan, cast)
        for rank, (at, act) in enumerate(_acts(case))),
        key=lambda act: act[:3],
    )  # fmt: skip
    remaining = iter(enumerate(acts, start=1))
    while batch := list(islice(remaining, _BATCH)):
        with transaction.atomic():
            for _done, (at, _key, _rank, case, act) in batch:
                act(case, Incident.objects.get(pk=case.incident_id), at)
        progress(batch[-1][0], len(acts))
    return len(acts)


def _cases(plan: Sequence[PlannedReport], cast: Cast) -> Iterator[Case]:
    planned = {report.source_key: report for report in plan if report.outcome != Outcome.NEW}
    sent = Report.objects.filter(source_key__in=list(planned), is_fictional=True)
    decided = set(Decision.objects.values_list("incident_id", flat=True))
    for report in sent.exclude(incident__in=decided).order_by("received_at", "source_key"):
        plan_of = planned[report.source_key]
        yield Case(plan_of, report.incident_id, *_two(plan_of, report, cast))


def _two(planned: PlannedReport, report: Report, cast: Cast) -> tuple[User, User]:
    """Who works on a case, and who confirms: seniors where the case asks for them."""
    harms = {*report.incident.harm_codes, *planned.harms}
    if Harm.SEXUAL_VIOLENCE in harms:
        return cast.senior, cast.second_senior
    pair = (cast.moderator, cast.second_moderator)
    first, second = pair if Random(report.source_key).random() < 0.6 else pair[::-1]  # noqa: S311
    return first, cast.senior if Harm.KILLING in harms else second


def _acts(case: Case) -> Iterator[tuple[datetime, Act]]:
    random = Random(f"acts:{case.report.key}")  # noqa: S311
    outcome = case.report.outcome
    at = case.report.sent_at + timedelta(hours=random.uniform(3, 60))
    if outcome in _SORTED_OUT:
        yield at, _sort_out
        return
    yield at, _take_up
    if outcome == Outcome.UNDER_VERIFICATION:
        return
    at += timedelta(days=random.uniform(1, 4))
    yield at, _correct
    at += timedelta(days=random.uniform(2, 12))
    if outcome in _REJECTED:
        yield at, _reject
        return
    yield at, partial(_grade, random.choice(("A", "B", "B", "B", "C")), random.choice(("1", "2", "2", "3")))
    yield at + timedelta(minutes=5), partial(_verify, random.random() < 0.2, random.choice(_VERIFIED_BECAUSE))
    is_left_to_confirm = random.random() < _LEFT_TO_CONFIRM
    if outcome == Outcome.VERIFIED and is_left_to_confirm:
        return
    at += timedelta(days=random.uniform(0.2, 3))
    yield at, _second_verification
    if outcome == Outcome.VERIFIED:
        return
    at += timedelta(days=random.uniform(0.5, 4))
    yield at, _propose
    at += timedelta(days=random.uniform(0.2, 4))
    yield at, _publish
    if random.random() < _FOLLOWED_UP:
        at += timedelta(days=random.uniform(2, 6))
        yield at, partial(_follow_up, random.choice(tuple(_CONTACTS)))
    if outcome == Outcome.RETRACTED:
        yield at + timedelta(days=random.uniform(5, 15)), _retract


def _decision(case: Case, incident: Incident, at: datetime, reason: str) -> dict[str, Any]:
    return {
        "incident": incident,
        "moderator": case.moderator,
        "reason": reason,
        "expected_version": incident.version,
        "now": at,
    }


def _sort_out(case: Case, incident: Incident, at: datetime) -> None:
    triage, reason = _SORTED_OUT[case.report.outcome]
    triage_incident(**_decision(case, incident, at, reason), triage=triage)


def _take_up(case: Case, incident: Incident, at: datetime) -> None:
    start_verification(**_decision(case, incident, at, "Concrete enough to follow up."))


def _reject(case: Case, incident: Incident, at: datetime) -> None:
    outcome, reason = _REJECTED[case.report.outcome]
    reject_incident(**_decision(case, incident, at, reason), outcome=outcome)


def _grade(reliability: str, credibility: str, case: Case, incident: Incident, at: datetime) -> None:
    grade_incident(
        **_decision(case, incident, at, "After calling back and comparing with other sources."),
        reliability=Reliability(reliability),
        credibility=Credibility(credibility),
    )


def _verify(is_partial: bool, reason: str, case: Case, incident: Incident, at: datetime) -> None:
    verify_incident(**_decision(case, incident, at, reason), is_partial=is_partial)


def _second_verification(case: Case, incident: Incident, at: datetime) -> None:
    if incident.verification == Verification.UNDER_VERIFICATION:
        second = replace(case, moderator=case.second)
        verify_incident(**_decision(second, incident, at, "Read the file again; the first is right."))


def _propose(case: Case, incident: Incident, at: datetime) -> None:
    propose_publication(
        **_decision(case, incident, at, "Written so that nobody can be known by it."),
        text=_public_text(case, incident),
    )


def _publish(case: Case, incident: Incident, at: datetime) -> None:
    publish_incident(
        **_decision(
            replace(case, moderator=case.second), incident, at, "Checked; nothing in it points to a person."
        ),
        text=incident.public_text or _public_text(case, incident),
    )


def _follow_up(contact: str, case: Case, incident: Incident, at: datetime) -> None:
    follow_up, note = _CONTACTS[contact]
    is_open = follow_up in {FollowUp.IN_FOLLOW_UP, FollowUp.PERSISTENT}
    record_follow_up(
        incident=incident,
        moderator=case.moderator,
        follow_up=follow_up,
        contacted=contact,
        contacted_on=at.date(),
        note=note,
        due_on=at.date() + timedelta(days=30) if is_open else None,
        expected_version=incident.version,
        now=at,
    )


def _public_text(case: Case, incident: Incident) -> str:
    return public_text(incident, ProducingArea.objects.get(source_key=case.report.area), case.report.key)


def _retract(case: Case, incident: Incident, at: datetime) -> None:
    retract_incident(**_decision(case, incident, at, "A witness asked that it be taken back."))


def _correct(case: Case, incident: Incident, at: datetime) -> None:
    """What the reader got wrong or could not know, put right as a moderator would on the phone."""
    area = ProducingArea.objects.get(source_key=case.report.area)
    truth = case.report
    fields: dict[str, Any] = {}
    centre = area.geometry.point_on_surface
    if incident.point is None or _apart_m(incident.point, centre) > MISPLACED_M:
        fields |= {"point": (centre.x, centre.y), "uncertainty_m": area.accuracy_m, "place_name": area.name}
    if not set(truth.harms) <= set(incident.harm_codes):
        fields["harms"] = truth.harms
    if truth.perpetrator not in {Perpetrator.UNKNOWN, incident.perpetrator}:
        fields["perpetrator"] = truth.perpetrator
    if truth.people and not truth.people.keys() <= incident.people.keys():
        fields["people"] = truth.people
    if truth.occurred_on and incident.occurred_from is None:
        fields |= {
            "occurred": (truth.occurred_on, truth.occurred_on),
            "occurred_precision": DatePrecision.DAY,
        }
    if list(incident.minerals) != area.minerals:
        fields["minerals"] = tuple(area.minerals)
    if fields:
        correct_incident(
            **_decision(case, incident, at, "As the reporter and the monitor explained by phone."),
            correction=Correction(**fields),
        )


def _apart_m(point: Any, other: Any) -> float:
    return float(_WGS84.inv(point.x, point.y, other.x, other.y)[2])

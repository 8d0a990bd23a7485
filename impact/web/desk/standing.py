"""What a case stands on and what waits with it: sources, grades held up, proposals, likenesses, follow-up."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from impact.accounts.models import User
from impact.incidents.models import AreaLink, Evidence, Incident, Report
from impact.moderation.access import visible_incidents
from impact.moderation.duplicates import likely_duplicates
from impact.moderation.ladder import Footing, Requirement, requirement_of
from impact.moderation.likeness import Reason
from impact.moderation.merging import standing_merges
from impact.moderation.models import FollowUpAction, Merge, Proposal
from impact.moderation.sources import parted_sources
from impact.moderation.two_people import lacks_senior, standing_proposal
from impact.moderation.working_together import others_here
from impact.vocabulary import REJECTED, PlaceMethod, Verification
from impact.web.desk.queue_rows import Row, row_of

_HELD_UP = (Verification.VERIFIED, Verification.PARTIALLY_CORROBORATED)


@dataclass(frozen=True, slots=True)
class LikeCase:
    """Another case that may be the same event, and why, in words."""

    row: Row
    why: str
    reason: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal of a first moderator, and why this reader cannot confirm it ("" when they can)."""

    proposal: Proposal
    why_not: str

    @property
    def label(self) -> str:
        return str(Proposal.Step(self.proposal.step).label)


@dataclass(frozen=True, slots=True)
class CaseStanding:
    footing: Footing
    support: tuple[str, ...]
    requirements: tuple[tuple[str, Requirement], ...]
    verify: Waiting | None
    publish: Waiting | None
    alike: tuple[LikeCase, ...]
    merges: tuple[Merge, ...]
    evidence: tuple[Evidence, ...]
    follow_ups: tuple[FollowUpAction, ...]
    here: tuple[str, ...]
    links: dict[int, str]
    refused: tuple[tuple[int, str], ...]
    takes_two: bool
    method: str


def case_standing(incident: Incident, user: User) -> CaseStanding:
    """Gather it for a reader; what they may not see is not in it."""
    reports = list(incident.reports.all())
    evidence = tuple(Evidence.objects.filter(report__in=reports).select_related("report"))
    kept = sum(piece.state == Evidence.State.KEPT for piece in evidence)
    footing = Footing(len(parted_sources(reports)), kept)
    return CaseStanding(
        footing=footing,
        support=tuple(_support(incident, reports, footing)),
        requirements=tuple(
            (str(Verification(step).label), requirement_of(step, footing)) for step in _HELD_UP
        ),
        verify=_waiting(standing_proposal(incident, Proposal.Step.VERIFY), incident, user),
        publish=_waiting(standing_proposal(incident, Proposal.Step.PUBLISH), incident, user),
        alike=tuple(_alike(incident, user)),
        merges=tuple(standing_merges(incident)),
        evidence=evidence,
        follow_ups=tuple(incident.follow_up_actions.select_related("recorded_by")),
        here=tuple(others_here([incident.pk], user).get(incident.pk, ())),
        links={
            link.area_id: link.method
            for link in incident.area_links.all()
            if link.method != AreaLink.Method.RULE
        },
        refused=tuple(incident.refused_links.values_list("area_id", "area__name")),
        takes_two=settings.TWO_PERSON,
        method=str(PlaceMethod(incident.place_method).label) if incident.place_method else "",
    )


def _support(incident: Incident, reports: list[Report], footing: Footing) -> list[str]:
    """What speaks for a better grade, or against: shown, and never decided by it."""
    told = [
        ngettext("%(count)d independent source", "%(count)d independent sources", footing.sources)
        % {"count": footing.sources}
    ]
    if footing.evidence:
        told.append(
            ngettext("%(count)d piece of evidence", "%(count)d pieces of evidence", footing.evidence)
            % {"count": footing.evidence}
        )
    reporters = {report.reporter_id for report in reports} - {None}
    earlier = (
        Incident.objects.filter(reports__reporter__in=reporters, received_at__lt=incident.received_at)
        .exclude(pk=incident.pk)
        .distinct()
    )
    held, fell = (
        earlier.filter(verification__in=states).count() if reporters else 0 for states in (_HELD_UP, REJECTED)
    )
    if held:
        told.append(
            ngettext(
                "%(count)d earlier report of theirs held up",
                "%(count)d earlier reports of theirs held up",
                held,
            )
            % {"count": held}
        )
    if fell:
        told.append(
            ngettext(
                "%(count)d earlier report of theirs did not",
                "%(count)d earlier reports of theirs did not",
                fell,
            )
            % {"count": fell}
        )
    if not held and not fell:
        told.append(_("nothing earlier of theirs was examined"))
    return told


def _waiting(proposal: Proposal | None, incident: Incident, user: User) -> Waiting | None:
    if proposal is None:
        return None
    why_not = ""
    if proposal.proposed_by_id == user.pk:
        why_not = _("You proposed this yourself: another moderator has to confirm it.")
    elif lacks_senior(incident, user, proposal):
        why_not = _("For a killing, one of the two has to be a senior moderator.")
    return Waiting(proposal, why_not)


def _alike(incident: Incident, user: User) -> list[LikeCase]:
    likely = {found.incident_id: found for found in likely_duplicates(incident)}
    visible = visible_incidents(user).filter(pk__in=likely).filter(~Q(publication="public"))
    cases = {
        case.pk: case for case in visible.select_related("assigned_to").prefetch_related("harms", "reports")
    }
    alike = []
    for key, found in likely.items():
        if key in cases:
            why = ", ".join(reason_words(Reason(reason)) for reason in found.reasons)
            alike.append(LikeCase(row_of(cases[key]), why, _("The same event: %(why)s.") % {"why": why}))
    return alike


def reason_words(reason: Reason) -> str:
    """Why two cases look like one, in words."""
    return {
        Reason.SAME_DAY: _("same day"),
        Reason.NEAR_DAYS: _("days that fit"),
        Reason.SAME_PLACE: _("same place"),
        Reason.NEAR_PLACE: _("places that can be one"),
        Reason.SAME_HARM: _("same harm"),
        Reason.SAME_PERPETRATOR: _("same perpetrator"),
        Reason.SAME_PEOPLE: _("same number of people"),
        Reason.SAME_NAMES: _("same names"),
        Reason.SAME_NUMBERS: _("same numbers"),
        Reason.SAME_WORDS: _("nearly the same words"),
        Reason.SAME_REPORTER: _("same reporter"),
    }[reason]

"""Taking one case into another, and out again for ever: testimonies move, nothing is lost or rewritten."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from impact.accounts.models import User
from impact.incidents.assessing import keep_in_step
from impact.incidents.models import Incident, Report
from impact.moderation.access import can_decide_case, holder_of, is_sensitive
from impact.moderation.casework import Likeness, Merge
from impact.moderation.log import record_decision
from impact.moderation.models import Action
from impact.moderation.refusing import DecisionRefused
from impact.moderation.transition import decide
from impact.moderation.two_people import withdraw_proposals
from impact.vocabulary import PublicationStatus, Triage


def merge_incidents(
    *,
    kept: Incident,
    merged: Incident,
    moderator: User,
    reason: str,
    expected_version: int,
    now: datetime | None = None,
) -> Merge:
    """Take `merged` into `kept`: its reports move there, each as it was sent; the facts of `kept` stay.

    `expected_version` is that of `kept`. What was proposed about either is withdrawn: it rests on other
    testimony now. Raises DecisionRefused for a case that is public, merged already, or not this moderator's,
    and where more people could read its testimonies in `kept`.
    """
    moment = now or timezone.now()
    if kept.pk == merged.pk:
        raise DecisionRefused(_("A case cannot be merged into itself."))
    with transaction.atomic():
        # In one order, whoever merges which into which, so that two moderators never wait for each other.
        locked = {case.pk: case for case in _locked([kept, merged])}
        gone = locked[merged.pk]
        _refuse_unmergeable(locked[kept.pk], gone, moderator)
        moved = list(gone.reports.order_by("received_at"))
        merge = Merge.objects.create(
            kept=kept,
            merged=gone,
            report_ids=[str(report.pk) for report in moved],
            triage_before=gone.triage,
            merged_by=moderator,
            merged_at=moment,
        )

        def change(case: Incident) -> list[str]:
            Report.objects.filter(pk__in=merge.report_ids).update(incident=case)
            withdraw_proposals(case)
            if case.triage == Triage.NEW:
                case.triage = Triage.TRIAGED
            return ["triage"]

        noted = {"merged": gone.reference, "reports": [report.reference for report in moved]}
        decide(kept, moderator, Action.MERGE, reason, expected_version, change, moment, noted=noted)

        def leave(case: Incident) -> list[str]:
            withdraw_proposals(case)
            case.triage, case.merged_into = Triage.DUPLICATE, kept
            return ["triage", "merged_into"]

        decide(gone, moderator, Action.MERGE, reason, gone.version, leave, moment)
        Likeness.objects.filter(first__in=locked, second__in=locked).delete()
    return merge


def undo_merge(*, merge: Merge, moderator: User, reason: str, now: datetime | None = None) -> Incident:
    """Take a case out again, however much later and whatever happened since. Returns it.

    Its reports come back from wherever later merges took them; what was decided about the kept case since
    stays decided. Raises DecisionRefused.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        standing = Merge.objects.select_for_update().get(pk=merge.pk)
        if standing.undone_at is not None:
            raise DecisionRefused(_("It was taken out already."))
        chain = _chain_from(standing.kept)
        locked = {case.pk: case for case in _locked([*chain, standing.merged])}
        reports = Report.objects.filter(pk__in=_brought(standing, chain), incident__in=chain)
        back = locked.pop(standing.merged_id)
        if not can_decide_case(moderator, locked[standing.kept_id]):
            raise DecisionRefused(_("This case is not yours to decide."))
        told = dict(reports.values_list("reference", "incident"))
        Report.objects.filter(reference__in=told).update(incident=back)
        standing.undone_by, standing.undone_at = moderator, moment
        standing.save(update_fields=["undone_by", "undone_at"])

        def come_back(case: Incident) -> list[str]:
            case.triage, case.merged_into = standing.triage_before, None
            return ["triage", "merged_into"]

        noted = {"reports": sorted(told)}
        returned = decide(
            back, moderator, Action.UNMERGE, reason, back.version, come_back, moment, noted=noted
        )
        for holder in locked.values():
            if holder.pk in told.values() or holder.pk == standing.kept_id:
                _leave_behind(holder, back, moderator, reason, moment, sorted(told))
        Likeness.objects.filter(first__in=[back.pk, *locked], second__in=[back.pk, *locked]).delete()
    return returned


def _chain_from(kept: Incident) -> list[Incident]:
    """A case, and where later merges took it: a testimony that was merged into it lies in one of them."""
    chain = [kept]
    while (further := chain[-1].merged_into) is not None:
        chain.append(further)
    return chain


def _brought(standing: Merge, chain: list[Incident]) -> set[str]:
    """The reports that this merge brought and no later one brought again from elsewhere."""
    later = Merge.objects.filter(
        merged_at__gte=standing.merged_at, undone_at__isnull=True, kept__in=chain
    ).exclude(Q(pk=standing.pk) | Q(merged__in=chain))
    elsewhere = {key for keys in later.values_list("report_ids", flat=True) for key in keys}
    return set(standing.report_ids) - elsewhere


def standing_merges(incident: Incident) -> QuerySet[Merge]:
    """The cases that were taken into this one and can be taken out again."""
    return incident.merges_into_it.filter(undone_at__isnull=True).select_related("merged", "merged_by")


def _leave_behind(
    holder: Incident, back: Incident, moderator: User, reason: str, moment: datetime, told: list[str]
) -> None:
    """Note at a case that testimonies left it. What it rests on is less now, so proposals are withdrawn."""
    withdraw_proposals(holder)
    holder.version += 1
    holder.save(update_fields=["version", "updated_at"])
    keep_in_step(holder)
    record_decision(
        incident=holder,
        moderator=moderator,
        action=Action.UNMERGE,
        before={"merged": back.reference},
        after={"taken_out": back.reference, "reports": told},
        reason=reason.strip(),
        now=moment,
    )


def _locked(cases: list[Incident]) -> list[Incident]:
    keys = sorted({case.pk for case in cases})
    return list(Incident.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def _refuse_unmergeable(kept: Incident, merged: Incident, moderator: User) -> None:
    if merged.merged_into_id is not None or kept.merged_into_id is not None:
        raise DecisionRefused(_("It was merged already."))
    if merged.publication == PublicationStatus.PUBLIC:
        raise DecisionRefused(_("It is public: keep that one, or take it back first."))
    if not can_decide_case(moderator, merged):
        raise DecisionRefused(_("This case is not yours to decide."))
    if kept.shared_at is not None and merged.reports.filter(may_share=False).exists():
        raise DecisionRefused(_("A reporter did not agree that it be shared in the coalition."))
    if holder_of(merged) != holder_of(kept) and merged.reports.filter(may_share=False).exists():
        raise DecisionRefused(
            _("A reporter did not agree that another organisation reads it: sort it out as a duplicate.")
        )
    if is_sensitive(merged) and not is_sensitive(kept):
        raise DecisionRefused(
            _("Only senior moderators see that case: say at this one too what harm was done, or to whom.")
        )

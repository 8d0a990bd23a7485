"""Merging, following up, assigning, and judging producing areas: forms of a case that are small."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from impact.accounts.models import User
from impact.accounts.permissions import CAPABILITIES, can_moderate
from impact.incidents.models import Incident
from impact.moderation.access import holder_of, visible_incidents
from impact.moderation.duplicates import tell_apart
from impact.moderation.judging_links import confirm_link, refuse_link, reopen_link
from impact.moderation.merging import merge_incidents, undo_merge
from impact.moderation.models import Merge
from impact.moderation.refusing import DecisionRefused
from impact.moderation.working_together import assign_incident, record_follow_up
from impact.places.models import ProducingArea
from impact.vocabulary import FollowUp
from impact.web.desk.case_form import CaseForm


def deciders(organisations: Iterable[int]) -> QuerySet[User]:
    """Who decides about cases of these organisations; about this one is asked when it is given to them.

    Of no others: who moderates for another organisation is nobody's business.
    """
    return User.objects.filter(
        is_active=True,
        memberships__role__in=CAPABILITIES["moderate"],
        memberships__organisation__in=organisations,
    ).distinct()


class MergeForm(CaseForm):
    """Another case is the same event: take it in. Or it is not: never suggest it again."""

    action = "merge"
    other = forms.UUIDField(widget=forms.HiddenInput)
    is_apart = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def decide(self, moderator: User) -> str:
        other = _other(moderator, self.cleaned_data["other"])
        if self.cleaned_data["is_apart"]:
            tell_apart(self.incident, other, moderator)
            return gettext("Told apart: they are not suggested to each other again.")
        decision = self.decision(moderator)
        merge_incidents(kept=decision.pop("incident"), merged=other, **decision)
        return gettext("Merged: every testimony of %(reference)s is here now.") % {
            "reference": other.reference
        }


class UnmergeForm(CaseForm):
    """Take a case out again."""

    action = "unmerge"
    merge = forms.IntegerField(widget=forms.HiddenInput)

    def decide(self, moderator: User) -> str:
        merge = Merge.objects.filter(pk=self.cleaned_data["merge"], kept=self.incident).first()
        if merge is None:
            raise DecisionRefused(gettext("It was taken out already."))
        back = undo_merge(merge=merge, moderator=moderator, reason=self.cleaned_data["reason"])
        return gettext("Taken out: %(reference)s is a case of its own again.") % {"reference": back.reference}


class FollowUpForm(CaseForm):
    """Whom somebody contacted, when, what came of it, and when to come back to it."""

    action = "follow_up"
    follow_up = forms.ChoiceField(label=_("Follow-up"), choices=FollowUp)
    contacted = forms.CharField(label=_("Who was contacted"), max_length=200)
    contacted_on = forms.DateField(label=_("On"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    due_on = forms.DateField(
        label=_("Come back to it on"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["reason"].label = _("What came of it")

    def starting(self, incident: Incident) -> dict[str, Any]:
        return {"follow_up": incident.follow_up}

    def decide(self, moderator: User) -> str:
        given = self.cleaned_data
        decision = self.decision(moderator)
        note = decision.pop("reason")
        record_follow_up(
            **decision,
            follow_up=FollowUp(given["follow_up"]),
            contacted=given["contacted"],
            contacted_on=given["contacted_on"],
            note=note,
            due_on=given["due_on"],
        )
        return gettext("Recorded.")


class AssignForm(CaseForm):
    """Whose case it is. Taking one needs no reason."""

    action = "assign"
    assignee = forms.ModelChoiceField(
        label=_("With"), queryset=User.objects.none(), required=False, empty_label=_("nobody")
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["reason"].required = False
        field = self.fields["assignee"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = deciders([holder_of(self.incident)])

    def starting(self, incident: Incident) -> dict[str, Any]:
        return {"assignee": incident.assigned_to_id}

    def decide(self, moderator: User) -> str:
        assignee = self.cleaned_data["assignee"]
        if assignee is not None and not can_moderate(assignee):
            raise DecisionRefused(gettext("They may not decide about this case."))
        reason = self.cleaned_data["reason"] or (
            gettext("Taken.") if assignee == moderator else gettext("Given.")
        )
        assign_incident(incident=self.incident, moderator=moderator, assignee=assignee, reason=reason)
        return gettext("Assigned.")


class LinkForm(CaseForm):
    """A producing area has to do with it, or has not."""

    action = "link"
    area = forms.ModelChoiceField(queryset=ProducingArea.objects.all(), widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        choices=[("confirm", _("Confirm")), ("refuse", _("Refuse")), ("reopen", _("Reopen"))]
    )

    def decide(self, moderator: User) -> str:
        judge = {"confirm": confirm_link, "refuse": refuse_link, "reopen": reopen_link}
        judge[self.cleaned_data["verdict"]](**self.decision(moderator), area=self.cleaned_data["area"])
        return gettext("Recorded.")


def _other(moderator: User, key: UUID) -> Incident:
    found = visible_incidents(moderator).filter(pk=key).first()
    if found is None:
        raise DecisionRefused(gettext("There is no such case."))
    return found

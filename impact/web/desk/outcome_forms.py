"""Where a case goes, and how far its source and its information are believed."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.moderation.deciding import (
    grade_incident,
    reject_incident,
    start_verification,
    triage_incident,
    verify_incident,
)
from impact.moderation.working_together import assign_incident
from impact.publication.publishing import PUBLISHABLE
from impact.vocabulary import (
    REJECTED,
    SORTED_OUT,
    Credibility,
    PublicationStatus,
    Reliability,
    Triage,
    Verification,
)
from impact.web.desk.case_form import CaseForm


class OutcomeForm(CaseForm):
    """Where the case goes: one choice, one reason. Only what can be chosen now is offered."""

    action = "decide"
    field_order = ("outcome",)
    outcome = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a decision.")},
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field = self.fields["outcome"]
        if isinstance(field, forms.ChoiceField):
            # A stale page can ask for what is no longer offered: the domain then says why not.
            field.choices = list(_OUTCOMES.items()) if self.is_bound else list(self.offered())

    def full_clean(self) -> None:
        """Validates all, then shows what can be chosen now, and what was chosen."""
        super().full_clean()
        field = self.fields["outcome"]
        if isinstance(field, forms.ChoiceField) and self.is_bound:
            shown = {name for name, _label in self.offered()} | {self.data.get("outcome")}
            field.choices = [(name, label) for name, label in _OUTCOMES.items() if name in shown]

    def offered(self) -> Iterator[tuple[str, Any]]:
        """The outcomes that make sense for the case as it is."""
        case = self.incident
        offers = {
            "take_up": case.verification == Verification.UNVERIFIED and case.triage not in SORTED_OUT,
            "verify": case.verification != Verification.VERIFIED and case.triage not in SORTED_OUT,
            "partly": case.verification not in PUBLISHABLE and case.triage not in SORTED_OUT,
            "not_substantiated": case.verification != Verification.NOT_SUBSTANTIATED,
            "falsely_attributed": case.verification != Verification.FALSELY_ATTRIBUTED,
            "spam": case.triage != Triage.SPAM,
            "out_of_scope": case.triage != Triage.OUT_OF_SCOPE,
            "duplicate": case.triage != Triage.DUPLICATE,
            "bring_back": case.triage in SORTED_OUT,
        }
        if case.publication == PublicationStatus.PUBLIC:
            offers = {"verify": offers["verify"], "partly": case.verification == Verification.VERIFIED}
        return ((name, _OUTCOMES[name]) for name, is_offered in offers.items() if is_offered)

    def decide(self, moderator: User) -> str:
        outcome, decision = self.cleaned_data["outcome"], self.decision(moderator)
        if outcome == "take_up":
            start_verification(**decision)
            if self.data.get("mine") and self.incident.assigned_to_id != moderator.pk:
                # Whoever takes a case up at one press works on it.
                assign_incident(
                    incident=self.incident, moderator=moderator, assignee=moderator, reason=gettext("Taken.")
                )
        elif outcome in {"verify", "partly"}:
            decided = verify_incident(**decision, is_partial=outcome == "partly")
            if outcome == "verify" and decided.verification != Verification.VERIFIED:
                return gettext("Proposed as verified: another moderator confirms it.")
        elif outcome in REJECTED:
            reject_incident(**decision, outcome=Verification(outcome))
        else:
            triage = Triage.TRIAGED if outcome == "bring_back" else Triage(outcome)
            triage_incident(**decision, triage=triage)
        return gettext("Recorded: %(decision)s.") % {"decision": _OUTCOMES[outcome]}


_OUTCOMES = {
    "take_up": _("Take it up: being verified"),
    "verify": _("Verified"),
    "partly": _("Partially corroborated"),
    "not_substantiated": _("Not substantiated"),
    "falsely_attributed": _("Falsely attributed"),
    "spam": _("Spam"),
    "out_of_scope": _("Out of scope"),
    "duplicate": _("Duplicate"),
    "bring_back": _("Bring back"),
}


class GradeForm(CaseForm):
    """The two axes of the Admiralty system, each by itself."""

    action = "grade"
    field_order = ("reliability", "credibility")
    reliability = forms.ChoiceField(
        label=_("Reliability: how far the source can be relied on"),
        choices=Reliability,
        widget=forms.RadioSelect,
    )
    credibility = forms.ChoiceField(
        label=_("Credibility: how far the information can be believed"),
        choices=Credibility,
        widget=forms.RadioSelect,
    )

    def starting(self, incident: Incident) -> dict[str, Any]:
        return {"reliability": incident.reliability, "credibility": incident.credibility}

    def fields_of_state(self, state: dict[str, Any]) -> dict[str, Any]:
        return {"reliability": state["reliability"], "credibility": state["credibility"]}

    def decide(self, moderator: User) -> str:
        grade_incident(
            **self.decision(moderator),
            reliability=Reliability(self.cleaned_data["reliability"]),
            credibility=Credibility(self.cleaned_data["credibility"]),
        )
        return gettext("Graded.")

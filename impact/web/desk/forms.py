"""The forms of a case. Each one reads what a moderator wrote and calls one function of the domain."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.moderation.deciding import (
    Correction,
    correct_incident,
    grade_incident,
    reject_incident,
    start_verification,
    triage_incident,
    verify_incident,
)
from impact.publication.publishing import publish_incident, retract_incident
from impact.vocabulary import (
    HARMS_BY_THEME,
    Credibility,
    DatePrecision,
    Harm,
    Mineral,
    PeopleKind,
    Perpetrator,
    PublicationStatus,
    Reliability,
    Triage,
    Verification,
)
from impact.web.desk.history import Entry, case_history
from impact.web.desk.places import Candidate, candidate_of, places_called
from impact.web.desk.revealing import Doubt, publication_doubts

_LARGEST_VERSION = 2**31 - 1
_REASON_LIMIT = 2000
SORTED_OUT = (Triage.SPAM, Triage.OUT_OF_SCOPE, Triage.DUPLICATE)
_CONFIRMED = (Verification.VERIFIED, Verification.PARTIALLY_CORROBORATED)
_REFUTED = (Verification.NOT_SUBSTANTIATED, Verification.FALSELY_ATTRIBUTED)


class CaseForm(forms.Form):
    """A form about one case: it carries the version of the page and the reason for the log."""

    action: ClassVar[str] = ""
    expected_version = forms.IntegerField(min_value=1, max_value=_LARGEST_VERSION, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason, for the log"),
        max_length=_REASON_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "reasons"}),
        error_messages={"required": _("Give a reason: it goes into the log.")},
    )

    def __init__(self, data: Any = None, *, incident: Incident, **named: Any) -> None:
        self.incident = incident
        initial = {
            "expected_version": incident.version,
            **self.starting(incident),
        }
        super().__init__(data, initial=initial, auto_id=f"{self.action}_%s", label_suffix="", **named)

    def starting(self, incident: Incident) -> dict[str, Any]:
        """The values that the form starts with."""
        return {}

    def is_only_looking(self) -> bool:
        """Whether the button that was pressed asks for a look at something and decides nothing."""
        return False

    def changes_since_opened(self) -> list[Entry]:
        """What others decided since the page was opened on which this was written."""
        seen = self.cleaned_data.get("expected_version") if self.is_bound else None
        if seen is None or seen >= self.incident.version:
            return []
        return case_history(self.incident)[seen - 1 :]

    def decide(self, moderator: User) -> str:
        """Take the decision and say what was done (translated). Raises DecisionRefused."""
        raise NotImplementedError

    def decision(self, moderator: User) -> dict[str, Any]:
        """What every decision needs: the case, who, why, and the version that they saw."""
        return {
            "incident": self.incident,
            "moderator": moderator,
            "reason": self.cleaned_data["reason"],
            "expected_version": self.cleaned_data["expected_version"],
        }


class OutcomeForm(CaseForm):
    """Where the case goes: one choice, one reason. Only what can be chosen now is offered."""

    action = "decide"
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

    def offered(self) -> Iterator[tuple[str, Any]]:
        """The outcomes that make sense for the case as it is."""
        case = self.incident
        offers = {
            "take_up": case.verification == Verification.UNVERIFIED and case.triage not in SORTED_OUT,
            "verify": case.verification != Verification.VERIFIED and case.triage not in SORTED_OUT,
            "partly": case.verification not in _CONFIRMED and case.triage not in SORTED_OUT,
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
        elif outcome in {"verify", "partly"}:
            verify_incident(**decision, is_partial=outcome == "partly")
        elif outcome in _REFUTED:
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
    reliability = forms.ChoiceField(label=_("Source"), choices=Reliability)
    credibility = forms.ChoiceField(label=_("Information"), choices=Credibility)

    def starting(self, incident: Incident) -> dict[str, Any]:
        return {"reliability": incident.reliability, "credibility": incident.credibility}

    def decide(self, moderator: User) -> str:
        grade_incident(
            **self.decision(moderator),
            reliability=Reliability(self.cleaned_data["reliability"]),
            credibility=Credibility(self.cleaned_data["credibility"]),
        )
        return gettext("Graded.")


class PlaceForm(CaseForm):
    """Where it happened: a candidate, a name that is looked up, or a typed point."""

    action = "place"
    choice = forms.ChoiceField(label=_("Place"), widget=forms.RadioSelect, required=False)
    name = forms.CharField(label=_("Look up a name"), max_length=200, required=False)
    longitude = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180, required=False)
    latitude = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90, required=False)
    uncertainty_km = forms.FloatField(
        label=_("True place within, km"), min_value=0.01, max_value=1000, required=False
    )
    place_name = forms.CharField(label=_("Called"), max_length=200, required=False)

    def __init__(self, *arguments: Any, candidates: tuple[Candidate, ...] = (), **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.found = places_called(self.data.get("name", "")) if self.is_bound else []
        self.candidates = (*candidates, *(place for place in self.found if place not in candidates))
        field = self.fields["choice"]
        if isinstance(field, forms.ChoiceField):
            chosen = candidate_of(self.data.get("choice", "")) if self.is_bound else None
            known = (*self.candidates, *([chosen] if chosen and chosen not in self.candidates else ()))
            field.choices = [(place.key, place.words) for place in known] + [
                ("typed", _("The point typed below"))
            ]
        self.fields["longitude"].widget.attrs["step"] = "any"
        self.fields["latitude"].widget.attrs["step"] = "any"
        self.fields["uncertainty_km"].widget.attrs["step"] = "any"

    def starting(self, incident: Incident) -> dict[str, Any]:
        point = incident.point
        return {
            "longitude": round(point.x, 5) if point else None,
            "latitude": round(point.y, 5) if point else None,
            "uncertainty_km": incident.uncertainty_m / 1000 if incident.uncertainty_m else None,
            "place_name": incident.place_name,
        }

    def is_only_looking(self) -> bool:
        return "look_up" in self.data

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        choice = cleaned.get("choice")
        if "choice" in cleaned and not choice:
            self.add_error("choice", _("Choose a place."))
        if choice == "typed":
            for axis in ("longitude", "latitude"):
                if cleaned.get(axis) is None and axis not in self.errors:
                    self.add_error(axis, _("Give it in degrees."))
        return cleaned

    def decide(self, moderator: User) -> str:
        chosen = candidate_of(self.cleaned_data["choice"])
        if chosen is not None:
            correction = Correction(
                point=(chosen.longitude, chosen.latitude),
                uncertainty_m=chosen.radius_m,
                place_name=chosen.name,
            )
        else:
            km = self.cleaned_data["uncertainty_km"]
            correction = Correction(
                point=(self.cleaned_data["longitude"], self.cleaned_data["latitude"]),
                uncertainty_m=km * 1000 if km else None,
                place_name=self.cleaned_data["place_name"],
            )
        correct_incident(**self.decision(moderator), correction=correction)
        return gettext("Moved, and linked again to the producing areas around.")


class FactsForm(CaseForm):
    """What happened, to how many, by whom and when: all but the place."""

    action = "facts"
    main_harm = forms.ChoiceField(
        label=_("Main harm"), choices=[("", _("None")), *Harm.choices], required=False
    )
    harms = forms.MultipleChoiceField(
        label=_("All harms"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[
            (theme.label, [(harm.value, harm.label) for harm in harms])
            for theme, harms in HARMS_BY_THEME.items()
        ],
    )
    perpetrator = forms.ChoiceField(label=_("Who did it"), choices=Perpetrator)
    minerals = forms.MultipleChoiceField(
        label=_("Minerals"), choices=Mineral, widget=forms.CheckboxSelectMultiple, required=False
    )
    occurred_from = forms.DateField(
        label=_("First day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    occurred_to = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    occurred_precision = forms.ChoiceField(label=_("Known to the"), choices=DatePrecision, required=False)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for kind in PeopleKind:
            for end, words in (("low", _("at least")), ("high", _("at most"))):
                self.fields[f"{kind.value}_{end}"] = forms.IntegerField(
                    label=f"{kind.label}, {words}", min_value=0, max_value=1_000_000, required=False
                )

    def starting(self, incident: Incident) -> dict[str, Any]:
        harms = incident.harm_codes
        people = {
            f"{kind}_{end}": count.get(end)
            for kind, count in incident.people.items()
            for end in ("low", "high")
        }
        return {
            "main_harm": harms[0] if harms else "",
            "harms": harms,
            "perpetrator": incident.perpetrator,
            "minerals": incident.minerals,
            "occurred_from": incident.occurred_from,
            "occurred_to": incident.occurred_to,
            "occurred_precision": incident.occurred_precision or DatePrecision.DAY,
            **people,
        }

    def people_rows(self) -> list[tuple[Any, forms.BoundField, forms.BoundField]]:
        """(kind, at least, at most) for the template."""
        return [(kind.label, self[f"{kind.value}_low"], self[f"{kind.value}_high"]) for kind in PeopleKind]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("occurred_to") and not cleaned.get("occurred_from"):
            self.add_error("occurred_from", _("Say the first day too."))
        return cleaned

    def decide(self, moderator: User) -> str:
        correct_incident(**self.decision(moderator), correction=self.correction())
        return gettext("Corrected.")

    def correction(self) -> Correction:
        """All that the form holds: what is as it was is no change to the domain."""
        given = self.cleaned_data
        harms = [Harm(code) for code in (given["main_harm"], *given["harms"]) if code]
        first, last = given["occurred_from"], given["occurred_to"]
        return Correction(
            harms=tuple(dict.fromkeys(harms)),
            perpetrator=Perpetrator(given["perpetrator"]),
            minerals=tuple(given["minerals"]),
            people=self._people(),
            occurred=(first, last or first) if first else (),
            occurred_precision=DatePrecision(given["occurred_precision"] or DatePrecision.DAY),
        )

    def _people(self) -> dict[str, dict[str, int]]:
        people = {}
        for kind in PeopleKind.values:
            low, high = self.cleaned_data[f"{kind}_low"], self.cleaned_data[f"{kind}_high"]
            if low is not None or high is not None:
                low = high if low is None else low
                people[kind] = {"low": low, "high": low if high is None else high}
        return people


class PublishForm(CaseForm):
    """The public words. They start empty: a moderator writes them, nothing is copied from a report."""

    action = "publish"
    text = forms.CharField(
        label=_("Public text"),
        max_length=5000,
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": _("Write what the world may read.")},
    )
    confirmed = forms.BooleanField(label=_("I have looked, and it is right to publish this"), required=False)
    confirmed_reason = forms.CharField(label=_("Why it is right"), max_length=_REASON_LIMIT, required=False)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.doubts: list[Doubt] = publication_doubts(self.incident, self.data.get("text", ""))

    def starting(self, incident: Incident) -> dict[str, Any]:
        return {"text": incident.public_text}

    def is_only_looking(self) -> bool:
        return "look" in self.data

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.doubts and not (cleaned.get("confirmed") and cleaned.get("confirmed_reason")):
            self.add_error("confirmed", _("Look at this again: change the text, or confirm it and say why."))
        return cleaned

    def decide(self, moderator: User) -> str:
        decision = self.decision(moderator)
        if self.doubts:
            decision["reason"] = f"{decision['reason']} [{self.cleaned_data['confirmed_reason']}]"
        publish_incident(**decision, text=self.cleaned_data["text"])
        return gettext("Published.")


class RetractForm(CaseForm):
    action = "retract"

    def decide(self, moderator: User) -> str:
        retract_incident(**self.decision(moderator))
        return gettext("Taken back from the public.")


FORMS: dict[str, type[CaseForm]] = {
    form.action: form for form in (OutcomeForm, GradeForm, PlaceForm, FactsForm, PublishForm, RetractForm)
}

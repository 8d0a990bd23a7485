"""What all forms of a case share: the version of the page, and the reason for the log."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.moderation.transition import case_state
from impact.web.desk.history import Entry, case_history
from impact.web.desk.rebasing import Conflict, rebased_data, state_at

_LARGEST_VERSION = 2**31 - 1
REASON_LIMIT = 2000


class CaseForm(forms.Form):
    """A form about one case: it carries the version of the page and the reason for the log."""

    action: ClassVar[str] = ""
    expected_version = forms.IntegerField(min_value=1, max_value=_LARGEST_VERSION, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason, for the log"),
        max_length=REASON_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "reasons"}),
        error_messages={"required": _("Give a reason: it goes into the log.")},
    )

    def __init__(self, data: Any = None, *, incident: Incident, **named: Any) -> None:
        self.incident = incident
        self.conflicts: list[Conflict] = []
        if data is not None and data.get("ready") and not data.get("reason"):
            # One press: a reason that was ready on the button.
            data = data.copy()
            data["reason"] = data["ready"]
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
        since = [entry for entry in case_history(self.incident) if entry.raises_version]
        return since[len(since) - (self.incident.version - seen) :]

    def rebase(self) -> None:
        """Lay what was typed over what others changed meanwhile. Both changed: theirs is told beside it."""
        seen = self.cleaned_data.get("expected_version")
        if seen is None or not self.fields_of_state(case_state(self.incident)):
            return
        before = self.fields_of_state(state_at(self.incident, seen))
        now = self.fields_of_state(case_state(self.incident))
        self.data, conflicts = rebased_data(self, self.data, before, now)
        self.conflicts = [Conflict(self[name], words) for name, words in conflicts.items()]

    def fields_of_state(self, state: dict[str, Any]) -> dict[str, Any]:
        """The values of this form's fields in a state of the case; {} for a form that edits no facts."""
        return {}

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

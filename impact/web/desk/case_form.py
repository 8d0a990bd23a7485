"""What all forms of a case share: the version of the page, and the reason for the log."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.web.desk.history import Entry, case_history

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

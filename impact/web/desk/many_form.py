"""What is done with the cases that are ticked in the queue: one act, one reason, one decision each."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from impact.accounts.models import User
from impact.accounts.permissions import deciding_organisations
from impact.moderation.deciding_many import (
    ManyDecided,
    hand_over_incidents,
    sort_out_incidents,
    take_up_incidents,
)
from impact.vocabulary import Triage
from impact.web.desk.case_form import REASON_LIMIT
from impact.web.desk.team_forms import deciders

_TAKE_UP, _HAND_OVER = "take_up", "hand_over"


class ManyForm(forms.Form):
    """Many cases, one act, one reason. Handing over needs no reason, but a note helps who takes over."""

    act = forms.ChoiceField(
        label=_("Do with them"),
        choices=[
            (_TAKE_UP, _("Take up: being verified")),
            (_HAND_OVER, _("Hand over to …")),
            (Triage.SPAM.value, _("Sort out: spam")),
            (Triage.OUT_OF_SCOPE.value, _("Sort out: out of scope")),
        ],
    )
    assignee = forms.ModelChoiceField(
        label=_("To whom"), queryset=User.objects.none(), required=False, empty_label="–"
    )
    reason = forms.CharField(
        label=_("Reason or note, for the log"),
        max_length=REASON_LIMIT,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "list": "reasons"}),
    )

    def __init__(self, data: object = None, *, by: User) -> None:
        super().__init__(data, label_suffix="", auto_id="many_%s")  # type: ignore[arg-type]
        field = self.fields["assignee"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = deciders(deciding_organisations(by))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("act") == _HAND_OVER:
            if given.get("assignee") is None:
                raise forms.ValidationError(_("Say to whom."))
        elif not given.get("reason"):
            raise forms.ValidationError(_("Give a reason: it goes into the log."))
        return given

    def decide(self, versions: Mapping[UUID, int], moderator: User) -> tuple[str, ManyDecided]:
        """Take the decisions, and say what was done (translated)."""
        given = self.cleaned_data
        act, reason, who = given["act"], given["reason"], given["assignee"]
        if act == _HAND_OVER:
            outcome = hand_over_incidents(
                versions=versions, moderator=moderator, assignee=who, reason=reason or gettext("Given.")
            )
            words = ngettext(
                "%(count)d case is with %(name)s now.",
                "%(count)d cases are with %(name)s now.",
                len(outcome.done),
            )
        elif act == _TAKE_UP:
            outcome = take_up_incidents(versions=versions, moderator=moderator, reason=reason)
            words = ngettext(
                "%(count)d case is being verified now.",
                "%(count)d cases are being verified now.",
                len(outcome.done),
            )
        else:
            outcome = sort_out_incidents(
                versions=versions, moderator=moderator, triage=Triage(act), reason=reason
            )
            words = ngettext("%(count)d case sorted out.", "%(count)d cases sorted out.", len(outcome.done))
        return words % {"count": len(outcome.done), "name": who or ""}, outcome

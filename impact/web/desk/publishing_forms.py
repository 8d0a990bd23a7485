"""Publishing a case in a moderator's words, and taking it back."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from impact.accounts.models import User
from impact.formats.days import day_words
from impact.incidents.models import Incident
from impact.moderation.two_people import is_first_word
from impact.publication.publishing import propose_publication, publish_incident, retract_incident
from impact.publication.redacting import identifying_in
from impact.publication.wording import public_words
from impact.web.desk.case_form import REASON_LIMIT, CaseForm
from impact.web.desk.left_fields import left_fields
from impact.web.desk.revealing import Doubt, publication_doubts


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
    confirmed_reason = forms.CharField(label=_("Why it is right"), max_length=REASON_LIMIT, required=False)

    def __init__(self, data: Any = None, **named: Any) -> None:
        if data is not None and data.get("draft"):
            # One press: the draft that was shown, looked at and taken as it is.
            data = data.copy()
            data["text"] = data["draft"]
            data["reason"] = data.get("reason") or gettext("The draft from what the case holds.")
        if data is not None:
            # What is looked at, asked about and proposed are the words that will be public.
            data = data.copy()
            data["text"] = public_words(data.get("text", ""))
        super().__init__(data, **named)
        self.doubts: list[Doubt] = publication_doubts(self.incident)
        written = self.data.get("text", "") if self.is_bound else self.incident.public_text
        self.left = left_fields(self, identifying_in(written, self.incident.country))

    def starting(self, incident: Incident) -> dict[str, Any]:
        return {"text": incident.public_text}

    @property
    def reasons_for_left(self) -> list[forms.BoundField]:
        """A field for each thing found in the words, for the reason that it may stay."""
        return [self[name] for name in self.left]

    def is_only_looking(self) -> bool:
        return "look" in self.data

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.doubts and not (cleaned.get("confirmed") and cleaned.get("confirmed_reason")):
            self.add_error("confirmed", _("Look at this again: change the text, or confirm it and say why."))
        return cleaned

    def decide(self, moderator: User) -> str:
        decision = self.decision(moderator)
        decision["left"] = {words: self.cleaned_data[name] for name, words in self.left.items()}
        if self.doubts:
            decision["reason"] = f"{decision['reason']} [{self.cleaned_data['confirmed_reason']}]"
        text = self.cleaned_data["text"]
        if is_first_word(self.incident, moderator, text):
            propose_publication(**decision, text=text)
            return gettext("Proposed for the public: another moderator publishes it.")
        published = publish_incident(**decision, text=text)
        if published.published_on > timezone.localdate():
            day = day_words(published.published_on)
            return gettext("Decided. The world sees it from %(day)s on.") % {"day": day}
        return gettext("Published.")


class RetractForm(CaseForm):
    action = "retract"

    def decide(self, moderator: User) -> str:
        retract_incident(**self.decision(moderator))
        return gettext("Taken back from the public.")

"""What a moderator writes to a reporter: a ready phrase in their language, or words of one's own."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from impact.incidents.correspondence import (
    MESSAGE_LIMIT,
    Letter,
    NotWritable,
    ask_reporter,
    tell_outcome,
    why_not_writable,
)
from impact.incidents.models import Report
from impact.incidents.ready import ReadyPhrase, ready_phrases

_SHORTEST_TELLING_WORD = 5


def erased_numbers(reports: Iterable[Report]) -> dict[int, datetime]:
    """When the numbers of the reporters of these were erased, by reporter: the telephones' door knows."""
    reporters = {report.reporter_id for report in reports if report.reporter_id is not None}
    found: dict[int, datetime] = import_string(settings.ERASED_NUMBERS)(reporters) if reporters else {}
    return found


@dataclass(frozen=True, slots=True)
class Cost:
    """How many segments a text takes, and the alphabet that decides it ("gsm7" or "ucs2")."""

    count: int
    units: int
    encoding: str


class _Phrases(forms.Select):
    """A list whose phrases say for themselves what language they are in: its headings are in the page's."""

    def __init__(self, phrases: Mapping[str, ReadyPhrase]) -> None:
        super().__init__()
        self.phrases = phrases

    def create_option(self, name: str, value: Any, *arguments: Any, **named: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *arguments, **named)
        if (phrase := self.phrases.get(str(value))) is not None:
            option["attrs"]["lang"] = phrase.language
        return option


class TalkForm(forms.Form):
    """One letter to one reporter. Words that were told before go out only when that is said twice."""

    ready = forms.ChoiceField(label=_("Ready phrase"), required=False)
    text = forms.CharField(
        label=_("Or in your own words, in the reporter’s language"),
        required=False,
        max_length=MESSAGE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    expects_answer = forms.BooleanField(
        label=_("It asks something: the next text is the answer"), required=False
    )
    is_sure = forms.BooleanField(label=_("Send it all the same"), required=False)

    def __init__(self, data: Any = None, *, report: Report) -> None:
        initial = {"expects_answer": True}
        super().__init__(data, auto_id=f"talk_{report.pk}_%s", label_suffix="", initial=initial)
        self.report = report
        self.phrases = ready_phrases(self.language)
        if self.language not in {"", "und"}:
            self.fields["text"].widget.attrs["lang"] = self.language
        field = self.fields["ready"]
        if isinstance(field, forms.ChoiceField):
            field.widget = _Phrases(self.phrases)
            field.choices = [
                ("", "…"),
                (_("Ask"), self._choices(is_outcome=False)),
                (_("Tell what became of it"), self._choices(is_outcome=True)),
            ]

    @property
    def language(self) -> str:
        """The language that the reporter was last written to in, else that of the report."""
        written = [message.language for message in self.report.messages.all() if message.is_to_reporter]
        return written[-1] if written else self.report.language

    @property
    def refusal(self) -> str:
        """Why nobody may write to this reporter (translated), or ""."""
        return why_not_writable(self.report)

    @property
    def is_by_text(self) -> bool:
        """Whether it goes out as a text message, which is paid for by the segment."""
        return self.report.channel not in {"web", "api"}

    @property
    def letter(self) -> Letter:
        """What is to be sent, after is_valid()."""
        phrase = self._phrase()
        text = self.cleaned_data["text"].strip() or (phrase.text if phrase else "")
        language = phrase.language if phrase else self.language
        return Letter(text, language, phrase.asked if phrase else None)

    @property
    def sent_text(self) -> str:
        """The letter as it goes out, behind the reference."""
        text = self.letter.text
        return text if self.report.reference in text else f"{self.report.reference}: {text}"

    @property
    def cost(self) -> Cost:
        counted = import_string(settings.COUNT_SEGMENTS)(self.sent_text)
        return Cost(counted.count, counted.units, counted.encoding)

    @property
    def repeated(self) -> list[str]:
        """Words of the letter that were told or name the place: whoever takes the phone would read them."""
        incident = self.report.incident
        told = _words(f"{self.report.text} {incident.place_name} {incident.place_words}")
        ready = _words(" ".join(phrase.text for phrase in self.phrases.values()))
        return sorted(_words(self.cleaned_data["text"]) & told - ready)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("ready") and cleaned.get("text", "").strip():
            raise forms.ValidationError(_("Choose a ready phrase or write your own words, not both."))
        if not cleaned.get("ready") and not cleaned.get("text", "").strip():
            raise forms.ValidationError(_("Write something, or choose a ready phrase."))
        return cleaned

    def send(self, moderator_id: int) -> None:
        """Queue the letter. Raises NotWritable."""
        if erased_numbers([self.report]):
            raise NotWritable(_("The reporter’s number was erased: nothing can be sent to them."))
        phrase = self._phrase()
        asks = not phrase.is_outcome if phrase else self.cleaned_data["expects_answer"]
        write = ask_reporter if asks else tell_outcome
        write(report=self.report, moderator_id=moderator_id, letter=self.letter)

    def _phrase(self) -> ReadyPhrase | None:
        return self.phrases.get(self.cleaned_data["ready"])

    def _choices(self, *, is_outcome: bool) -> list[tuple[str, str]]:
        phrases = self.phrases.items()
        return [(code, phrase.text) for code, phrase in phrases if phrase.is_outcome is is_outcome]


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) >= _SHORTEST_TELLING_WORD}

"""The question when: a day, a month, or neither."""

import calendar
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from impact.web.reporting.answers import Answers
from impact.web.reporting.forms import Step

_DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"]
_MONTH_FORMATS = ["%Y-%m", "%m/%Y"]


class WhenStep(Step):
    template = "reporting/when.html"
    when = forms.ChoiceField(
        label=_("When did it happen?"),
        choices=[
            ("today", _("Today")),
            ("yesterday", _("Yesterday")),
            ("day", _("On another day")),
            ("month", _("Some time in a month")),
            ("unknown", _("I do not know, or it goes on")),
        ],
        error_messages={"required": _("Choose one; “I do not know” is an answer too.")},
        widget=forms.RadioSelect,
    )
    day = forms.DateField(
        label=_("Day"),
        required=False,
        input_formats=_DAY_FORMATS,
        error_messages={"invalid": _("Write the day as 18/11/2026.")},
    )
    month = forms.DateField(
        label=_("Month"),
        required=False,
        input_formats=_MONTH_FORMATS,
        error_messages={"invalid": _("Write the month as 11/2026.")},
    )

    @staticmethod
    def initial_of(answers: Answers) -> dict[str, Any]:
        first = answers.occurred_from
        return {
            "when": answers.when,
            "day": first if answers.when == "day" else "",
            "month": first[:7] if answers.when == "month" else "",
        }

    def clean(self) -> None:
        when = self.cleaned_data.get("when")
        if when:
            for unchosen in {"day", "month"} - {when}:
                self.errors.pop(unchosen, None)
        if when in {"day", "month"} and when not in self.errors:
            chosen = self.cleaned_data.get(when)
            if chosen is None:
                self.add_error(when, _("Say which day.") if when == "day" else _("Say which month."))
            elif chosen > timezone.localdate() + timedelta(days=1):
                self.add_error(when, _("This day has not come yet."))

    def merged(self, answers: Answers) -> Answers:
        first, last = self._days()
        return replace(
            answers,
            when=self.cleaned_data["when"],
            occurred_from=first.isoformat() if first else "",
            occurred_to=last.isoformat() if last else "",
        )

    def _days(self) -> tuple[date | None, date | None]:
        today = timezone.localdate()
        match self.cleaned_data["when"]:
            case "today":
                return today, today
            case "yesterday":
                return today - timedelta(days=1), today - timedelta(days=1)
            case "day":
                return self.cleaned_data["day"], self.cleaned_data["day"]
            case "month":
                first: date = self.cleaned_data["month"]
                last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
                return first, min(last, max(today, first))
        return None, None

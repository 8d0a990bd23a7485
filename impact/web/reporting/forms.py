"""The questions: what, where, and what we may do with it. When has a file of its own."""

from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from impact.incidents.draft import TEXT_LIMIT
from impact.vocabulary import HARMS_BY_THEME
from impact.web.reporting.answers import Answers


class Step(forms.Form):
    """One page of the form: reads answers into fields, and fields back into answers."""

    template: ClassVar[str]

    @staticmethod
    def initial_of(answers: Answers) -> dict[str, Any]:
        raise NotImplementedError

    def merged(self, answers: Answers) -> Answers:
        """The answers with those of this page. Only after is_valid()."""
        raise NotImplementedError


class WhatStep(Step):
    template = "reporting/what.html"
    text = forms.CharField(
        label=_("What happened?"),
        max_length=TEXT_LIMIT,
        error_messages={"required": _("Say what happened, in your own words.")},
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    harms = forms.MultipleChoiceField(
        label=_("What kind of thing was it?"),
        required=False,
        choices=[
            (theme.label, [(harm.value, harm.label) for harm in harms])
            for theme, harms in HARMS_BY_THEME.items()
        ],
        widget=forms.CheckboxSelectMultiple,
    )

    @staticmethod
    def initial_of(answers: Answers) -> dict[str, Any]:
        return {"text": answers.text, "harms": answers.harms}

    def merged(self, answers: Answers) -> Answers:
        return replace(answers, text=self.cleaned_data["text"], harms=tuple(self.cleaned_data["harms"]))


class WhereStep(Step):
    """Words, a place from a list that the words lead to, or a point. None of them is needed."""

    template = "reporting/where.html"
    place_words = forms.CharField(
        label=_("Name of the village, town, river or mine"), max_length=200, required=False
    )
    searched = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    place = forms.CharField(required=False, validators=[RegexValidator(r"\A(place|area):[0-9]{1,18}\Z")])
    latitude = forms.CharField(label=_("Latitude"), max_length=20, required=False)
    longitude = forms.CharField(label=_("Longitude"), max_length=20, required=False)

    @staticmethod
    def initial_of(answers: Answers) -> dict[str, Any]:
        return {
            "place_words": answers.place_words,
            "searched": answers.place_words,
            "place": answers.place,
            "latitude": "" if answers.latitude is None else answers.latitude,
            "longitude": "" if answers.longitude is None else answers.longitude,
        }

    def clean_latitude(self) -> float | None:
        return self._degrees("latitude", 90, _("Latitude is a number from -90 to 90, such as -6.41"))

    def clean_longitude(self) -> float | None:
        return self._degrees("longitude", 180, _("Longitude is a number from -180 to 180, such as 20.80"))

    def clean(self) -> None:
        longitude, latitude = self.cleaned_data.get("longitude"), self.cleaned_data.get("latitude")
        if not self.errors and (longitude is None) != (latitude is None):
            self.add_error(
                "latitude" if latitude is None else "longitude",
                _("A point needs both numbers, latitude and longitude. Leave both out if you are not sure."),
            )

    def merged(self, answers: Answers) -> Answers:
        given = self.cleaned_data
        is_of_these_words = given["place_words"] == given["searched"]
        return replace(
            answers,
            place_words=given["place_words"],
            place=given["place"] if is_of_these_words else "",
            latitude=given["latitude"],
            longitude=given["longitude"],
        )

    def _degrees(self, name: str, most: int, message: Any) -> float | None:
        text = str(self.cleaned_data[name]).replace(",", ".").replace("−", "-")
        if not text:
            return None
        try:
            degrees = float(text)
        except ValueError:
            raise forms.ValidationError(message) from None
        if not -most <= degrees <= most:
            raise forms.ValidationError(message)
        return round(degrees, 6)


class ConsentStep(Step):
    template = "reporting/consent.html"
    follow_up = forms.BooleanField(label=_("You may ask me questions on this site"), required=False)
    share = forms.BooleanField(
        label=_("You may share what I told with organisations of the coalition"), required=False
    )
    publish = forms.BooleanField(label=_("You may publish a safe version of it"), required=False)

    @staticmethod
    def initial_of(answers: Answers) -> dict[str, Any]:
        return {"follow_up": answers.follow_up, "share": answers.share, "publish": answers.publish}

    def merged(self, answers: Answers) -> Answers:
        return replace(answers, **self.cleaned_data)

"""The form: the questions of the web form in four languages, as an XForm (ODK XForms, by pyxform)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from pyxform.builder import create_survey_element_from_dict

from impact.vocabulary import Harm

FORM_ID = "headlamp_report"
PICTURES, RECORDINGS, FILMS = "photo", "recording", "film"
_META = {
    "type": "group",
    "name": "meta",
    "control": {"bodyless": True},
    "children": [
        {"type": "calculate", "name": "instanceID", "bind": {"readonly": "true()", "jr:preload": "uid"}}
    ],
}


@dataclass(frozen=True, slots=True)
class XForm:
    """`version` and `hash` ("md5:…", as OpenRosa has it) change when any word of the form does."""

    title: str
    version: str
    xml: bytes

    @property
    def hash(self) -> str:
        return f"md5:{hashlib.md5(self.xml, usedforsecurity=False).hexdigest()}"


@cache
def report_form() -> XForm:
    """The form, the same in every process of one version of the product."""
    title = "Headlamp"
    version = hashlib.sha256(_xml(title, "").encode()).hexdigest()[:12]
    return XForm(title, version, _xml(title, version).encode())


def _xml(title: str, version: str) -> str:
    survey = create_survey_element_from_dict(
        {
            "type": "survey",
            "name": "data",
            "id_string": FORM_ID,
            "title": title,
            "version": version,
            "default_language": _language(settings.LANGUAGES[0]),
            "children": [*_questions(), _META],
            "choices": {
                "harms": [_choice(harm) for harm in Harm],
                "yes": [{"name": "yes", "label": _said(lambda: _("Yes"))}],
            },
        }
    )
    return str(survey.to_xml(validate=False, pretty_print=False))


def _questions() -> list[dict[str, Any]]:
    words = {"bind": {"required": "true()"}, "control": {"appearance": "multiline"}}
    return [
        {
            **_asked("text", "text", lambda: _("What happened?")),
            **words,
            "hint": _said(
                lambda: _(
                    "In your own words and language. Leave out names of people who could be harmed by it."
                )
            ),
        },
        {
            **_asked("select all that apply", "harms", lambda: _("Tick what it was (you need not)")),
            "itemset": "harms",
            "list_name": "harms",
        },
        _asked("text", "place_words", lambda: _("Name of the village, town, river or mine")),
        _asked("geopoint", "location", lambda: _("A point, only if it is safe to carry it on this phone")),
        _asked("date", "occurred_on", lambda: _("When did it happen?")),
        _asked("photo", PICTURES, lambda: _("A picture, only if it is safe to have it on this phone")),
        _asked("audio", RECORDINGS, lambda: _("A recording")),
        _asked("video", FILMS, lambda: _("A film")),
        _consent("share", lambda: _("You may share what I said with organisations of the coalition")),
        _consent("publish", lambda: _("You may publish a safe version of it")),
    ]


def _asked(kind: str, name: str, label: Callable[[], str]) -> dict[str, Any]:
    return {"type": kind, "name": name, "label": _said(label)}


def _consent(name: str, label: Callable[[], str]) -> dict[str, Any]:
    return {**_asked("select all that apply", name, label), "itemset": "yes", "list_name": "yes"}


def _choice(harm: Harm) -> dict[str, Any]:
    return {"name": harm.value, "label": _said(lambda: str(harm.label))}


def _said(words: Callable[[], str]) -> dict[str, str]:
    said = {}
    for language in settings.LANGUAGES:
        with override(language[0]):
            said[_language(language)] = words()
    return said


def _language(language: tuple[str, Any]) -> str:
    """As Collect lists languages: "Français (fr)"."""
    code, name = language
    with override(code):
        return f"{name} ({code})"

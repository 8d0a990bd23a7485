"""What can be chosen of an export, by kind: read from a form, kept as JSON, handed to who makes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from impact.exports.models import ExportKind
from impact.places.boxes import Box
from impact.publication.filtering import IncidentFilter
from impact.publication.models import Snapshot
from impact.summaries.brief import BriefOptions
from impact.summaries.brief.options import MOST_CASES, SENTENCES
from impact.summaries.exporting import FORMATS
from impact.summaries.formats.options import ExportOptions
from impact.summaries.maps import MAP_FORMATS, MAP_SIZES, MAP_STYLES, MapOptions, frame_box

_LONGEST_SENTENCE = 400
_LONGEST_TITLE = 120


class ChoiceError(ValueError):
    """A choice that cannot be: `field` names it, `message` says why (translated)."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class Choices:
    """All choices of all kinds; a kind looks at its own. Country, box and days are those of the filter."""

    language: str = "en"
    title: str = ""
    size: str = "a4"
    style: str = "points"
    format: str = "pdf"
    data: str = "gpkg"
    has_hxl: bool = False
    is_acled_style: bool = False
    is_one_page: bool = False
    cases: tuple[str, ...] = ()
    sentences: tuple[tuple[int, str], ...] = ()

    @classmethod
    def parse(cls, given: Mapping[str, str], *, cases: Iterable[str] = ()) -> "Choices":
        """Read a form. A `sentence_N` that is still what `was_N` says is the product's own, and is counted
        anew when it is made. Raises ChoiceError.
        """
        chosen = cls(
            language=_one_of(given, "language", dict(settings.LANGUAGES), "en"),
            title=_line(given.get("title", ""), "title", _LONGEST_TITLE),
            size=_one_of(given, "size", MAP_SIZES, "a4"),
            style=_one_of(given, "style", MAP_STYLES, "points"),
            format=_one_of(given, "format", MAP_FORMATS, "pdf"),
            data=_one_of(given, "data", FORMATS, "gpkg"),
            has_hxl=given.get("columns") == "hxl",
            is_acled_style=given.get("columns") == "acled",
            is_one_page=given.get("pages") == "one",
            cases=_cases(cases),
            sentences=tuple(_sentences(given)),
        )
        if (chosen.has_hxl or chosen.is_acled_style) and chosen.data != "csv":
            raise ChoiceError("columns", _("These columns are for CSV."))
        return chosen

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Choices":
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in kept.items() if name in known}
        values["cases"] = tuple(values.get("cases", ()))
        values["sentences"] = tuple((number, text) for number, text in values.get("sentences", ()))
        return cls(**values)

    def as_json(self, kind: str) -> dict[str, Any]:
        """The choices that a kind looks at, in JSON types."""
        return {
            name: [list(item) if isinstance(item, tuple) else item for item in value]
            if isinstance(value := getattr(self, name), tuple)
            else value
            for name in _OF_KIND[kind]
        }

    def map_options(self, snapshot: Snapshot) -> MapOptions:
        chosen = IncidentFilter.parse(snapshot.filter)
        country, box = chosen_frame(chosen)
        return MapOptions(
            size=self.size,
            format=self.format,
            language=self.language,
            country=country,
            bbox=box,
            style=self.style,
            title=self.title,
        )

    def brief_options(self, snapshot: Snapshot) -> BriefOptions:
        chosen = IncidentFilter.parse(snapshot.filter)
        return BriefOptions(
            language=self.language,
            country=only_country(chosen),
            from_on=chosen.from_on,
            to_on=chosen.to_on,
            title=self.title,
            cases=self.cases,
            sentences=self.sentences,
            is_one_page=self.is_one_page,
        )

    def data_options(self) -> ExportOptions:
        return ExportOptions(self.language, has_hxl=self.has_hxl, is_acled_style=self.is_acled_style)


_MAP = ("language", "title", "size", "style", "format")
_BRIEF = ("language", "title", "is_one_page", "cases", "sentences")
_DATA = ("language", "data", "has_hxl", "is_acled_style")
_OF_KIND: dict[str, tuple[str, ...]] = {
    ExportKind.MAP: _MAP,
    ExportKind.BRIEF: _BRIEF,
    ExportKind.DATA: _DATA,
    ExportKind.PACKAGE: tuple(dict.fromkeys((*_MAP, *_BRIEF, *_DATA))),
}


def only_country(chosen: IncidentFilter) -> str:
    """The country of a filter that names one, else ""."""
    return chosen.country[0] if len(chosen.country) == 1 else ""


def chosen_frame(chosen: IncidentFilter) -> tuple[str, Box | None]:
    """What a map of a filter shows, as its options have it: its country, or "" and the box where that can be
    a frame."""
    country = only_country(chosen)
    return country, None if country else frame_box(chosen.bbox)


def _one_of(given: Mapping[str, str], name: str, known: Iterable[str], default: str) -> str:
    value = given.get(name) or default
    if value not in known:
        raise ChoiceError(
            name,
            _("“%(word)s” is not one of: %(known)s.") % {"word": value[:40], "known": ", ".join(known)},
        )
    return value


def _line(text: str, field: str, most: int) -> str:
    line = " ".join(text.split())
    if len(line) > most:
        raise ChoiceError(field, _("At most %(most)s characters.") % {"most": most})
    return line


def _cases(cases: Iterable[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(cases))
    if len(found) > MOST_CASES:
        raise ChoiceError("cases", _("At most %(most)s cases.") % {"most": MOST_CASES})
    try:
        return tuple(str(UUID(case)) for case in found)
    except ValueError:
        raise ChoiceError("cases", _("There is no such incident.")) from None


def _sentences(given: Mapping[str, str]) -> Iterable[tuple[int, str]]:
    for number in range(1, SENTENCES + 1):
        field = f"sentence_{number}"
        sentence = _line(given.get(field, ""), field, _LONGEST_SENTENCE)
        if sentence and sentence != " ".join(given.get(f"was_{number}", "").split()):
            yield number, sentence

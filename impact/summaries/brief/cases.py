"""The cases of a brief: those that the advocate chose, or the gravest, each in its public version."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from impact.formats.days import period_words
from impact.places.basemap import country_name
from impact.publication.published import PublishedRecord
from impact.summaries.brief.options import MOST_CASES, BriefOptions
from impact.summaries.maps.palette import THEME_MARKS
from impact.vocabulary import Harm, PeopleKind, Perpetrator, Verification, theme_of

_TOLD = 4  # where nobody chose any


def chosen_cases(records: Sequence[PublishedRecord], options: BriefOptions) -> list[PublishedRecord]:
    """The cases that were asked for, in that order; else the gravest and best attested that have words."""
    by_id = {record["id"]: record for record in records}
    if options.cases:
        return [by_id[case] for case in options.cases[:MOST_CASES] if case in by_id]
    told = [record for record in records if record["text"]]
    told.sort(
        key=lambda record: (
            -(record["killed"] or 0),
            record["credibility"],
            record["reliability"],
            record["id"],
        )
    )
    return told[:_TOLD]


def cases_content(records: Sequence[PublishedRecord], options: BriefOptions) -> dict[str, Any]:
    """The cases in their public version, as the template lays them out."""
    return {
        "title": _("Cases"),
        "note": _("In their public version: places and days are coarse on purpose."),
        "none": _("No case with a public text is among them."),
        "rows": [_case(record) for record in chosen_cases(records, options)],
    }


def _case(record: PublishedRecord) -> dict[str, Any]:
    near = record["areas"][0] if record["areas"] else None
    grade = record["reliability"] + record["credibility"]
    return {
        "head": " · ".join(
            part
            for part in (
                country_name(record["country"]) if record["country"] else "",
                _days(record),
                ", ".join(str(Harm(harm).label) for harm in record["harms"]),
            )
            if part
        ),
        "text": record["text"],
        "facts": " · ".join(
            part
            for part in (
                str(Perpetrator(record["perpetrator"]).label),
                _("near %(area)s (%(km)s km)") % {"area": near["name"], "km": near["distance_km"]}
                if near
                else "",
                ", ".join(_people(record)),
                f"{Verification(record['verification']).label}, {grade}",
                record["id"][:8],
            )
            if part
        ),
        "colour": THEME_MARKS[theme_of(record["harms"][0])][1] if record["harms"] else "#767676",
    }


def _people(record: PublishedRecord) -> list[str]:
    counts = cast(Mapping[str, int | None], record)
    return [
        _("%(kind)s: %(count)s") % {"kind": kind.label, "count": number_format(count, force_grouping=True)}
        for kind in PeopleKind
        if (count := counts[kind])
    ]


def _days(record: PublishedRecord) -> str:
    first, last = record["occurred_from"], record["occurred_to"]
    if first is None or last is None:
        return ""
    return period_words(date.fromisoformat(first), date.fromisoformat(last), record["occurred_precision"])

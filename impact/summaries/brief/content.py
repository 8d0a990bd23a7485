"""The words and tables of a brief, ready to be set: a dictionary that the template only lays out."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from impact.crosswalks import ASKS, Ask
from impact.formats.days import day_words
from impact.places.basemap import country_name
from impact.places.nearness.reach_words import reach_words
from impact.publication.models import Snapshot
from impact.summaries.brief.asks import ASK_WORDS, BODIES
from impact.summaries.brief.cases import cases_content
from impact.summaries.brief.figures import AREA_KINDS, Figures, months_of
from impact.summaries.brief.narrative import five_sentences, period_of
from impact.summaries.brief.options import BriefOptions
from impact.summaries.brief.scope import scope_words
from impact.summaries.brief.wording import how_to_check, limits, method
from impact.summaries.maps.palette import AREA_STYLES, THEME_MARKS
from impact.vocabulary import (
    AreaKind,
    Credibility,
    Perpetrator,
    Reliability,
    Theme,
    Verification,
)

ANNEX_AREAS = 40


def brief_content(
    snapshot: Snapshot,
    figures: Figures,
    options: BriefOptions,
    sections: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Everything on the pages. `sections`: those that are not counted from the snapshot alone."""
    made = day_words(snapshot.created_at)
    title = options.title or _("Harm beside mines")
    place = country_name(options.country) if options.country else ""
    scope = scope_words(snapshot, options)
    return {
        "language": options.language,
        "title": _("%(title)s: %(place)s") % {"title": title, "place": place} if place else title,
        "subtitle": _("%(period)s · as of %(day)s")
        % {"period": " · ".join(filter(None, (scope, period_of(figures)))), "day": made},
        "organisation": settings.ORGANISATION,
        "contact": settings.CONTACT,
        "stamp": _("FICTIONAL DEMONSTRATION DATA") if snapshot.is_fictional else "",
        "foot": _("Snapshot %(id)s · SHA-256 %(digest)s…")
        % {"id": snapshot.pk, "digest": snapshot.digest[:16]},
        "page_word": _("Page"),
        "is_one_page": options.is_one_page,
        "key_figures": key_figures(figures),
        "summary_title": _("In five sentences") if figures["incidents"] else _("In short"),
        "sentences": five_sentences(figures, options),
        "map": _map_words(snapshot, figures),
        "trend": _trend(figures),
        "themes": _themes(figures),
        "asks": _asks(figures),
        "cases": cases_content(figures.records, options),
        "perpetrators": _perpetrators(figures),
        "kinds": _kinds(figures),
        "method": {"title": _("Method, standard of proof and limits"), "paragraphs": [*method(), *limits()]},
        "grades": _grades(),
        "verification": _verification(figures),
        "annex": _annex(figures),
        "check": how_to_check(snapshot),
        "sections": list(sections),
    }


def key_figures(figures: Figures) -> list[dict[str, str]]:
    """The few numbers of the first page."""
    return [
        {"value": _count(figures[name]), "label": label}
        for name, label in (
            ("incidents", _("published incidents")),
            ("people.killed", _("people killed, at least")),
            ("security_forces", _("name public or private security forces")),
            ("areas", _("producing areas nearby")),
        )
    ]


def _map_words(snapshot: Snapshot, figures: Figures) -> dict[str, Any]:
    return {
        "title": _("Where"),
        "note": _(
            "Symbols stand in the middle of fixed hexagons, never at the place itself; their area goes with "
            "the count. %(nowhere)s without a known place; at least %(withheld)s verified and withheld, "
            "everywhere."
        )
        % {"nowhere": _count(figures["unplaced"]), "withheld": _count(snapshot.withheld)},
        "alt": _("Map of the published incidents by theme; the table by theme gives the counts."),
        "legend": [
            {
                "shape": THEME_MARKS[theme][0],
                "colour": THEME_MARKS[theme][1],
                "label": str(Theme(theme).label),
            }
            for theme in Theme.values
        ],
        "areas": [
            {
                "label": _("producing area, %(kind)s") % {"kind": kind.label.lower()},
                "colour": AREA_STYLES[kind]["facecolor"],
                "edge": AREA_STYLES[kind]["edgecolor"],
                "hatch": AREA_STYLES[kind].get("hatch", "")[:1],
            }
            for kind in AREA_KINDS
        ],
    }


def _trend(figures: Figures) -> dict[str, Any]:
    counts = {month: figures[f"month.{month:%Y-%m}"] for month in months_of(figures.records)}
    months = [
        {
            "label": date_format(month, "YEAR_MONTH_FORMAT"),
            "is_january": month.month == 1,
            "year": str(month.year),
            "count": count,
        }
        for month, count in counts.items()
    ]
    return {
        "title": _("When: published incidents by month"),
        "note": _(
            "By the month of the first day. A low month may be a month with little reporting; incidents "
            "of which no month is known are not in it."
        ),
        "head": [_("Month"), _("Incidents")],
        "months": months,
        "most": _count(max(counts.values(), default=0)),
        "alt": ", ".join(f"{month['label']} {month['count']}" for month in months),
    }


def _themes(figures: Figures) -> dict[str, Any]:
    rows = [
        _row(Theme(theme).label, figures[f"theme.{theme}"], colour=THEME_MARKS[theme][1])
        for theme in Theme.values
    ]
    return {
        "title": _("What: by theme"),
        "head": [_("Theme"), _("Incidents")],
        "rows": rows,
        "note": _("Each incident once, by its main harm; the asks below count every harm of an incident."),
    }


def _perpetrators(figures: Figures) -> dict[str, Any]:
    counts = {code: figures[f"perpetrator.{code}"] for code in Perpetrator.values}
    rows = [
        _row(Perpetrator(code).label, count)
        for code, count in sorted(counts.items(), key=lambda item: -item[1])
        if count
    ]
    return {
        "title": _("Who: by kind of perpetrator, as alleged"),
        "head": [_("Alleged perpetrator"), _("Incidents")],
        "rows": rows,
        "note": _("Never a named person or unit."),
    }


def _kinds(figures: Figures) -> dict[str, Any]:
    rows = [_row(kind.label, figures[f"kind.{kind}"]) for kind in (*AREA_KINDS, AreaKind.UNKNOWN)]
    rows.append(_row(_("No area known within %(reach)s") % {"reach": reach_words()}, figures["kind.none"]))
    return {
        "title": _("Beside which mining: by the nearest producing area"),
        "head": [_("Kind of nearest area"), _("Incidents")],
        "rows": rows,
        "note": _("Near does not mean caused by."),
    }


def _asks(figures: Figures) -> dict[str, Any]:
    rows = []
    for code in ASKS.rules:
        words = ASK_WORDS[code]
        stem = f"ask.{code}"
        rows.append(
            {
                "label": str(Ask(code).label),
                "clause": words.clause,
                "bodies": ", ".join(words.bodies),
                "incidents": _count(figures[f"{stem}.incidents"]),
                "areas": _count(figures[f"{stem}.areas"]),
                "months": _count(figures[f"{stem}.months"]),
            }
        )
    return {
        "title": _("By the coalition’s asks of 2018"),
        "head": [_("Ask, in the words of 2018"), _("Concerns"), _("Incidents"), _("Areas"), _("Months")],
        "rows": rows,
        "note": _(
            "An incident counts under every ask that it bears on. Humanitarian law: acts by the army or an "
            "armed group against people; whether there was an armed conflict is for jurists. Wording: "
            "proposal of Canada to the Brussels plenary, as published by the World Diamond Council on 14 "
            "November 2018; environment: press release of the civil society coalition, same day."
        ),
        "bodies": [
            f"{short} – {name}"
            for short, name in BODIES.items()
            if any(short in ASK_WORDS[code].bodies for code in ASKS.rules)
        ],
    }


def _verification(figures: Figures) -> dict[str, Any]:
    statuses = (Verification.VERIFIED, Verification.PARTIALLY_CORROBORATED)
    return {
        "title": _("How sure"),
        "head": [_("Verification"), _("Incidents")],
        "rows": [_row(status.label, figures[f"verification.{status}"]) for status in statuses],
        "note": "",
    }


def _grades() -> dict[str, Any]:
    return {
        "title": _("Grades"),
        "note": _("The source and the information are graded each by itself (Admiralty system)."),
        "rows": [
            [str(grade.label).replace(" - ", " – ") for grade in (source, information)]
            for source, information in zip(Reliability, Credibility, strict=True)
        ],
        "head": [_("Reliability"), _("Credibility")],
    }


def _annex(figures: Figures) -> dict[str, Any]:
    """Incidents near each producing area, the fullest first."""
    areas = {area["id"]: area for record in figures.records for area in record["areas"]}
    ordered = sorted(areas, key=lambda area: (-figures[f"area.{area}.incidents"], areas[area]["name"]))
    return {
        "title": _("Annex: producing areas with published incidents nearby"),
        "head": [_("Area"), _("Kind of mining"), _("Incidents"), _("Killed"), _("Months")],
        "rows": [
            [
                areas[area]["name"],
                str(AreaKind(areas[area]["kind"]).label),
                *(
                    _count(figures[f"area.{area}.{measure}"])
                    for measure in ("incidents", "people.killed", "months")
                ),
            ]
            for area in ordered[:ANNEX_AREAS]
        ],
        "note": _(
            "An incident counts at every area within %(reach)s of its hexagon, so these add up to more. "
            "%(shown)s of %(all)s areas are listed; the data file has every incident."
        )
        % {
            "shown": _count(len(ordered[:ANNEX_AREAS])),
            "all": _count(len(ordered)),
            "reach": reach_words(),
        },
    }


def _count(value: int) -> str:
    return str(number_format(value, force_grouping=True))


def _row(label: Any, count: int, **more: str) -> dict[str, Any]:
    """A row of a counted table: `count` is how long its bar is, `words` what is printed."""
    return {"label": str(label), "count": count, "words": _count(count), **more}

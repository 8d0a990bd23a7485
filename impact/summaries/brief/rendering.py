"""A brief as a tagged PDF (PDF/UA-1, PDF/A-2a), set by typst; with its figures and the numbers of a speech.

The same snapshot and options give the same bytes: fonts are those that come with the packages, the date is
the snapshot's.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from impact.publication.coverage import FEWER_THAN
from impact.publication.models import Snapshot
from impact.publication.snapshots.taking import snapshot_records
from impact.publication.surroundings import Surroundings
from impact.summaries.at_rest import collector_at_rest
from impact.summaries.brief.cases import chosen_cases
from impact.summaries.brief.content import ANNEX_AREAS, brief_content
from impact.summaries.brief.deriving import Derived, derive
from impact.summaries.brief.figures import Figures, brief_figures
from impact.summaries.brief.options import BriefOptions
from impact.summaries.brief.production import more_sections
from impact.summaries.brief.speech import speech_numbers
from impact.summaries.maps.marginalia import areas_of_today
from impact.summaries.maps.options import MapOptions
from impact.summaries.maps.rendering import render_frame
from impact.summaries.pattern import (
    LEAST_FOR_TREND,
    SYSTEMATIC_INCIDENTS,
    SYSTEMATIC_MONTHS,
    WIDESPREAD_INCIDENTS,
    WIDESPREAD_SITES,
)
from impact.summaries.typesetting import typeset
from impact.summaries.typography import hard_spaces
from impact.vocabulary import PeopleKind

TEMPLATE = Path(__file__).parent / "template.typ"


@dataclass(frozen=True, slots=True)
class Brief:
    """What a brief is made of: the document, the figures that it prints, and the numbers for a speech."""

    pdf: bytes
    figures: bytes
    speech: str


def make_brief(snapshot: Snapshot, options: BriefOptions) -> Brief:
    """The brief of a snapshot. Reads the snapshot, what was frozen with it, and production as then held."""
    with collector_at_rest(), translation.override(options.language), timezone.override(UTC):
        records = options.narrowed(snapshot_records(snapshot))
        figures = brief_figures(records, options)
        surroundings = Surroundings(snapshot)
        derived = derive(snapshot, surroundings, records, options)
        content = brief_content(snapshot, figures, options, more_sections(derived))
        if not surroundings.is_frozen:
            content["method"]["paragraphs"].append(areas_of_today())
        picture = render_frame(
            records,
            MapOptions(size="inline", language=options.language, country=options.country),
            surroundings,
        )
        return Brief(
            pdf=typeset(TEMPLATE, snapshot.created_at, hard_spaces(content), map=picture.decode()),
            figures=figures_json(snapshot, figures, derived, options),
            speech=speech_numbers(snapshot, figures, options),
        )


def figures_json(snapshot: Snapshot, figures: Figures, derived: Derived, options: BriefOptions) -> bytes:
    """Every figure with the query that it answers, for docs/check_brief.py and anybody else's program."""
    document: Mapping[str, Any] = {
        "snapshot": snapshot.pk,
        "digest_sha256": snapshot.digest,
        "made_from": f"{snapshot.created_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "narrowed_to": options.where().as_json(),
        "figures": figures.as_json(),
        "derived": derived.as_json(),
        "cases": [
            {
                "id": case["id"],
                **{kind: case[kind] for kind in PeopleKind.values},  # type: ignore[literal-required]
                "nearest_area_km": case["areas"][0]["distance_km"] if case["areas"] else None,
            }
            for case in chosen_cases(figures.records, options)
        ],
        "stated": {
            "withheld": snapshot.withheld,
            "shown": snapshot.shown,
            "months_from_first_to_last": sum(name.startswith("month.") for name in figures.values),
            "areas_in_annex": min(figures["areas"], ANNEX_AREAS),
        },
        "measures": {
            "near_km": round(max(settings.NEAR_M.values()) / 1000, 1),
            "confidence_percent": 95,
            "never_told_exactly_below": FEWER_THAN,
            "widespread": {"incidents": WIDESPREAD_INCIDENTS, "sites": WIDESPREAD_SITES},
            "systematic": {"incidents": SYSTEMATIC_INCIDENTS, "months": SYSTEMATIC_MONTHS},
            "least_for_trend": LEAST_FOR_TREND,
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"

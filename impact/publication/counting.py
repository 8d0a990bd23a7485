"""What may be told in counts only: rounded counts of fixed cells (harm, country, year), and sums of those.

The one way by which public figures reach CountedIncident. A filter that is finer than the cells gets no
figure at all: whatever is asked, and however often, answers are sums of the same rounded cells.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from impact.publication.filtering import IncidentFilter
from impact.publication.guarding import rounded_reads
from impact.publication.models import CountedIncident
from impact.publication.rounding import shown_count
from impact.vocabulary import theme_of


@dataclass(frozen=True, slots=True)
class CountedCell:
    """At least `count` incidents, a multiple of five above nought. `year` is None where no day is known."""

    harm: str
    country: str
    year: int | None
    count: int


def counted_cells(chosen: IncidentFilter | None = None) -> list[CountedCell] | None:
    """The cells that pass a filter and may be told; None where the filter asks for something finer than a
    cell."""
    chosen = chosen or IncidentFilter()
    if not _fits_cells(chosen):
        return None
    with rounded_reads():
        rows = list(
            CountedIncident.objects.values_list("harm", "country", "year")
            .annotate(count=Count("pk"))
            .order_by("harm", "country", "year")
        )
    return [
        CountedCell(harm, country, year, shown_count(count))
        for harm, country, year, count in rows
        if shown_count(count) and _passes(chosen, harm, country, year)
    ]


def counted_by(cells: Iterable[CountedCell] | None, name: str) -> dict[str, int]:
    """The cells summed by "harm", "country", "theme" or "year"."""
    sums: dict[str, int] = {}
    for cell in cells or ():
        key = str(theme_of(cell.harm)) if name == "theme" else str(getattr(cell, name) or "")
        sums[key] = sums.get(key, 0) + cell.count
    return sums


def _fits_cells(chosen: IncidentFilter) -> bool:
    is_finer = chosen.area is not None or any(
        (chosen.perpetrator, chosen.verification, chosen.kind, chosen.mineral, chosen.near, chosen.bbox)
    )
    return not is_finer and _is_year_start(chosen.from_on) and _is_year_end(chosen.to_on)


def _is_year_start(day: date | None) -> bool:
    return day is None or (day.month, day.day) == (1, 1)


def _is_year_end(day: date | None) -> bool:
    return day is None or (day.month, day.day) == (12, 31)


def _passes(chosen: IncidentFilter, harm: str, country: str, year: int | None) -> bool:
    if chosen.theme and str(theme_of(harm)) not in chosen.theme:
        return False
    if chosen.harm and harm not in chosen.harm:
        return False
    if chosen.country and country not in chosen.country:
        return False
    if chosen.from_on and (year is None or year < chosen.from_on.year):
        return False
    return not (chosen.to_on and (year is None or year > chosen.to_on.year))

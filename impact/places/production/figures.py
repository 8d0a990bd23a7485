"""What a country or an area is said to produce, chosen among sources so that nothing is counted twice."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from impact.places.models import ProductionFigure
from impact.places.production.importing import SHIPPED_NAME
from impact.places.production.numbers import disclosed_sum
from impact.places.production.periods import Period
from impact.vocabulary import ProductionKind


@dataclass(frozen=True, slots=True)
class Output:
    """What one source says was produced in a period. None is "not disclosed", never nought."""

    country: str
    area_id: int | None
    period: Period
    kind: ProductionKind
    carats: Decimal | None
    value_usd: Decimal | None
    is_approximate: bool
    source: str
    source_name: str
    note: str
    imported_on: date


def current_figures(
    *, country: str = "", area_id: int | None = None, as_of: datetime | None = None
) -> QuerySet[ProductionFigure]:
    """The figures that hold now, or held at a moment: of an area and what is joined to it, of a country, or
    of every country."""
    figures = ProductionFigure.objects.filter(superseded_at__isnull=True)
    if as_of is not None:
        still = Q(superseded_at__isnull=True) | Q(superseded_at__gt=as_of)
        figures = ProductionFigure.objects.filter(still, imported_at__lte=as_of)
    if area_id is not None:
        return figures.filter(Q(area=area_id) | Q(area__joined_to=area_id))
    figures = figures.filter(area__isnull=True)
    return figures.filter(country=country) if country else figures


def outputs(figures: Iterable[ProductionFigure]) -> list[Output]:
    """One output for each stretch of time and kind, without overlaps, in order of time; all figures are of
    one area, or of countries.

    Where several sources tell of a year, one of them is believed for the whole year: an imported one
    before those that ship with the product, then the one that covers more of it, then the latest. A
    whole year goes before its halves. Qualities are added where no figure for all of them is given.
    """
    by_year: dict[tuple[str, bool, int], dict[str, list[ProductionFigure]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for figure in figures:
        by_year[(figure.country, figure.area_id is None, figure.from_on.year)][figure.source_name].append(
            figure
        )
    chosen: list[Output] = []
    for sources in by_year.values():
        best = max(sources.values(), key=_rank)
        chosen.extend(_without_overlaps(_of_all_qualities(best)))
    return sorted(chosen, key=lambda output: (output.country, output.period, _ORDER[output.kind]))


_ORDER = {ProductionKind.TOTAL: 0, ProductionKind.ARTISANAL: 1, ProductionKind.INDUSTRIAL: 2}


def _rank(figures: list[ProductionFigure]) -> tuple[bool, int, bool, float]:
    return (
        figures[0].source_name != SHIPPED_NAME,
        max(_covered_days(figures)),
        len({figure.kind for figure in figures}) > 1,
        max(figure.imported_at.timestamp() for figure in figures),
    )


def _covered_days(figures: list[ProductionFigure]) -> Iterator[int]:
    for kind in {figure.kind for figure in figures}:
        of_kind = [output for output in _of_all_qualities(figures) if output.kind == kind]
        yield sum(output.period.days for output in _without_overlaps(of_kind))


def _of_all_qualities(figures: list[ProductionFigure]) -> list[Output]:
    groups: dict[tuple[Period, str], list[ProductionFigure]] = defaultdict(list)
    for figure in figures:
        groups[(Period(figure.from_on, figure.to_on), str(figure.kind))].append(figure)
    found = []
    for (period, kind), group in groups.items():
        whole = [figure for figure in group if not figure.quality] or group
        first = whole[0]
        found.append(
            Output(
                country=first.country,
                area_id=first.area_id,
                period=period,
                kind=ProductionKind(kind),
                carats=disclosed_sum(figure.carats for figure in whole),
                value_usd=disclosed_sum(figure.value_usd for figure in whole),
                is_approximate=any(figure.is_approximate for figure in whole),
                source=first.source,
                source_name=first.source_name,
                note=first.note,
                imported_on=first.imported_at.date(),
            )
        )
    return found


def _without_overlaps(found: list[Output]) -> list[Output]:
    """The longest stretches first; shorter ones only where nothing is told yet, kind by kind."""
    kept: list[Output] = []
    for output in sorted(found, key=lambda one: (-one.period.days, one.period)):
        overlaps = any(other.kind == output.kind and other.period.overlaps(output.period) for other in kept)
        if not overlaps:
            kept.append(output)
    return kept

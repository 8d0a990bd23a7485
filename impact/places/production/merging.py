"""Rows of one table that state the same thing twice, and halves of a year that nobody stated."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from impact.places.importing.report import ImportReport
from impact.places.importing.source import ImportRefused
from impact.places.production.numbers import disclosed_sum
from impact.places.production.stated import Key, Stated
from impact.vocabulary import ProductionKind

ADD, LATEST, REFUSE = "add", "latest", "refuse"
POLICIES = (ADD, LATEST, REFUSE)


def merge_duplicates(stated: Sequence[Stated], report: ImportReport, *, policy: str = "") -> list[Stated]:
    """One figure for each key, in the order of the table; every duplicate is said with its rows.

    The same figures twice count once. Different figures for one key are added, unless `policy` takes the
    latest or refuses: the Kimberley Process's own totals add what a participant submitted in parts.
    Raises ImportRefused when they are to be refused.
    """
    by_key: dict[Key, list[Stated]] = defaultdict(list)
    for figure in stated:
        by_key[figure.key].append(figure)
    merged = []
    for key, figures in by_key.items():
        different = _without_repetitions(figures, report)
        if len(different) == 1:
            merged.append(different[0])
            continue
        rows = ", ".join(str(figure.rows[0]) for figure in different)
        words = f"{key.country} {key.period.label} {key.kind}: rows {rows} state different figures"
        if policy == REFUSE:
            raise ImportRefused(f"{words}; --duplicates {ADD} or {LATEST} takes them")
        if policy == LATEST:
            merged.append(different[-1])
            report.doubtful.append((different[-1].rows[0], f"{words}; the last one was taken"))
        else:
            added = _sum(different)
            merged.append(added)
            total = "not disclosed" if added.carats is None else f"{added.carats:,} carats"
            report.doubtful.append(
                (
                    different[-1].rows[0],
                    f"{words}; they were added, {total} (--duplicates latest takes the last)",
                )
            )
    report.notes.extend(_conflicts(merged))
    return merged


def missing_parts(figures: Iterable[Stated]) -> Iterator[tuple[int, str]]:
    """(row, reason) for every year of which one half or some quarters are stated and the others are not,
    and for a kind that is disclosed in one half of a year and not in the other."""
    by_year: dict[tuple[str, int | None, int], list[Stated]] = defaultdict(list)
    for figure in figures:
        by_year[(figure.key.country, figure.key.area_id, figure.key.period.from_on.year)].append(figure)
    yield from _silent_years(by_year)
    for (country, area_id, year), stated in by_year.items():
        whose = country if area_id is None else f"{country}, area {area_id}"
        parts = {figure.key.period.label: figure for figure in stated}
        if str(year) in parts:
            continue
        expected = _expected(year, parts)
        missing = [label for label in expected if label not in parts]
        if missing:
            row = stated[-1].rows[-1]
            yield row, f"{whose} {year}: {', '.join(missing)} is not stated; the year is not complete"
        yield from _missing_kinds(whose, year, stated)


def _silent_years(by_year: dict[tuple[str, int | None, int], list[Stated]]) -> Iterator[tuple[int, str]]:
    """Years between two that are stated, of which nothing is."""
    years: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for country, area_id, year in by_year:
        years[(country, area_id)].append(year)
    for (country, area_id), stated in years.items():
        ordered = sorted(stated)
        for before, after in pairwise(ordered):
            if after - before > 1:
                gap = str(before + 1) if after - before == 2 else f"{before + 1} to {after - 1}"
                row = by_year[(country, area_id, after)][0].rows[0]
                yield row, f"{country}{f', area {area_id}' if area_id else ''}: nothing is stated of {gap}"


def _missing_kinds(whose: str, year: int, stated: list[Stated]) -> Iterator[tuple[int, str]]:
    producing = [figure for figure in stated if figure.carats or figure.carats is None]
    kinds: dict[str, dict[str, Stated]] = defaultdict(dict)
    for figure in producing:
        kinds[figure.key.kind][figure.key.period.label] = figure
    periods = {figure.key.period.label for figure in producing}
    for kind, by_period in kinds.items():
        for label in sorted(periods - by_period.keys()):
            row = next(iter(by_period.values())).rows[0]
            yield (
                row,
                f"{whose} {year}: {kind} is stated for {', '.join(sorted(by_period))} and not for {label}",
            )


def _expected(year: int, parts: Iterable[str]) -> list[str]:
    marks = {label[4:6] for label in parts if len(label) == len("2023-H1") and label[4] == "-"}
    if "-H" in marks:
        return [f"{year}-H{part}" for part in (1, 2)]
    if "-Q" in marks:
        return [f"{year}-Q{part}" for part in (1, 2, 3, 4)]
    if marks:
        return [f"{year}-{month:02}" for month in range(1, 13)]
    return []


def _without_repetitions(figures: list[Stated], report: ImportReport) -> list[Stated]:
    different: list[Stated] = []
    for figure in figures:
        twin = next((one for one in different if _amounts(one) == _amounts(figure)), None)
        if twin is None:
            different.append(figure)
        else:
            report.skip(figure.rows[0], f"the same as row {twin.rows[0]}: counted once")
    return different


def _conflicts(merged: list[Stated]) -> Iterator[str]:
    """Where a table states that nothing was produced and a production for the same period."""
    kinds: dict[tuple[object, ...], list[Stated]] = defaultdict(list)
    for figure in merged:
        key = figure.key
        kinds[(key.country, key.area_id, key.period, key.quality)].append(figure)
    for figures in kinds.values():
        none = [one for one in figures if one.key.kind == ProductionKind.TOTAL and one.carats == 0]
        some = [one for one in figures if one.carats and one.key.kind != ProductionKind.TOTAL]
        if none and some:
            key = none[0].key
            yield (
                f"doubtful: {key.country} {key.period.label}: row {none[0].rows[0]} says that nothing was "
                f"produced, row {some[0].rows[0]} that something was"
            )


def _sum(figures: list[Stated]) -> Stated:
    return replace(
        figures[0],
        carats=disclosed_sum(figure.carats for figure in figures),
        value_usd=disclosed_sum(figure.value_usd for figure in figures),
        rows=tuple(figure.rows[0] for figure in figures),
        is_approximate=any(figure.is_approximate for figure in figures),
    )


def _amounts(figure: Stated) -> tuple[Decimal | None, Decimal | None]:
    return figure.carats, figure.value_usd

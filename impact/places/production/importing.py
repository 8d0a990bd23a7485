"""Production figures from other people's tables: read, compare with what is stored, write once, report."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from impact.places.gazetteer import DATA_DIR
from impact.places.importing.progress import Progress, no_progress
from impact.places.importing.report import ImportReport
from impact.places.models import ProductionFigure
from impact.places.production.areas import AreaFinder
from impact.places.production.merging import LATEST, merge_duplicates, missing_parts
from impact.places.production.stated import Key, ReadingOptions, Stated, TableReader
from impact.places.production.tables import notation_of, read_sheets

SHIPPED_FILE = DATA_DIR / "production_figures.csv"
SHIPPED_NAME = "Headlamp production figures"
_BATCH = 500


def import_production(
    path: Path,
    options: ReadingOptions,
    *,
    source_name: str,
    licence: str = "",
    sheet: str = "",
    encoding: str = "",
    duplicates: str = "",
    is_dry_run: bool = False,
    progress: Progress = no_progress,
    now: datetime | None = None,
) -> ImportReport:
    """Store the production figures of a file, all or none; a second time only what was corrected is written.

    A correction is a new row; the one before is kept, with when and by which it was superseded. What the
    source states no longer is kept and said. A dry run reports the same and writes nothing.
    Raises ImportRefused for a file that is no use as a whole.
    """
    report = ImportReport()
    sheets = read_sheets(path, options.columns, sheet=sheet, encoding=encoding, notes=report.notes)
    areas = AreaFinder()
    notation = notation_of(sheets, options.decimal)
    if notation.is_mixed:
        report.notes.append("decimals are written with commas and with points: each number is read by itself")
    stated = [
        figure
        for table in sheets
        for figure in TableReader(table, options, areas, report, notation).figures()
    ]
    figures = merge_duplicates(stated, report, policy=duplicates)
    report.doubtful.extend(missing_parts(figures))
    with transaction.atomic():
        _store(figures, source_name, licence, report, is_dry_run, progress, now or timezone.now())
    return report


def import_shipped_production(*, is_dry_run: bool = False) -> ImportReport:
    """Store the figures that ship with the product: a few countries and years, each with its source."""
    return import_production(
        SHIPPED_FILE,
        ReadingOptions(),
        source_name=SHIPPED_NAME,
        licence="CC0-1.0",
        duplicates=LATEST,
        is_dry_run=is_dry_run,
    )


def _store(
    figures: Iterable[Stated],
    source_name: str,
    licence: str,
    report: ImportReport,
    is_dry_run: bool,
    progress: Progress,
    now: datetime,
) -> None:
    known = {
        _key_of(figure): figure
        for figure in ProductionFigure.objects.select_for_update()
        .filter(source_name=source_name, superseded_at__isnull=True)
        .order_by("pk")
    }
    rows = list(figures)
    created: list[ProductionFigure] = []
    corrections: list[tuple[ProductionFigure, ProductionFigure]] = []
    for done, stated in enumerate(rows, start=1):
        fresh = _figure(stated, source_name, licence, now)
        before = known.pop(_key(stated.key), None)
        if before is None:
            created.append(fresh)
        elif _says(before) != _says(fresh):
            corrections.append((before, fresh))
            report.notes.append(_correction_words(before, fresh, stated))
        else:
            report.unchanged += 1
        progress(done, len(rows))
    report.created, report.updated = len(created), len(corrections)
    if known:
        gone = ", ".join(sorted({f"{country} {first.year}" for country, _, first, *_ in known})[:8])
        report.notes.append(f"{len(known)} figures stored before are not in this file and were kept: {gone}")
    if is_dry_run:
        return
    ProductionFigure.objects.bulk_create(created, batch_size=_BATCH)
    for before, fresh in corrections:
        # Out of the way of "one current figure" first; then the new one, then which it was.
        before.superseded_at = now
        before.save(update_fields=["superseded_at"])
        fresh.save()
        before.superseded_by = fresh
        before.save(update_fields=["superseded_by"])


def _figure(stated: Stated, source_name: str, licence: str, now: datetime) -> ProductionFigure:
    return ProductionFigure(
        country=stated.key.country,
        area_id=stated.key.area_id,
        from_on=stated.key.period.from_on,
        to_on=stated.key.period.to_on,
        kind=stated.key.kind,
        quality=stated.key.quality,
        carats=stated.carats,
        value_usd=stated.value_usd,
        is_approximate=stated.is_approximate,
        source=stated.source or source_name,
        source_name=source_name,
        source_rows=", ".join(str(number) for number in stated.rows)[:100],
        licence=licence,
        note=stated.note,
        imported_at=now,
    )


def _key(key: Key) -> tuple[Any, ...]:
    return (key.country, key.area_id, key.period.from_on, key.period.to_on, key.kind, key.quality)


def _key_of(figure: ProductionFigure) -> tuple[Any, ...]:
    return (
        figure.country,
        figure.area_id,
        figure.from_on,
        figure.to_on,
        str(figure.kind),
        str(figure.quality),
    )


def _says(figure: ProductionFigure) -> tuple[Any, ...]:
    return (
        figure.carats,
        figure.value_usd,
        figure.is_approximate,
        figure.source,
        figure.licence,
        figure.note,
    )


def _correction_words(before: ProductionFigure, fresh: ProductionFigure, stated: Stated) -> str:
    def words(figure: ProductionFigure) -> str:
        carats = "not disclosed" if figure.carats is None else f"{figure.carats:,} carats"
        value = "value not disclosed" if figure.value_usd is None else f"US$ {figure.value_usd:,}"
        return f"{carats}, {value}"

    key = stated.key
    return (
        f"corrected (row {fresh.source_rows}): {key.country} {key.period.label} {key.kind}: "
        f"{words(before)} is now {words(fresh)}"
    )

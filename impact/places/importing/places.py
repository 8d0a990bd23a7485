"""Gazetteers from files to the table of places, in batches, all or none."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from impact.places.gazetteer import DATA_DIR
from impact.places.gazetteer_store import forget_gazetteer
from impact.places.importing.place_files import PlaceFile
from impact.places.importing.place_rows import PlaceRow
from impact.places.importing.progress import Progress, no_progress
from impact.places.importing.report import ImportReport
from impact.places.models import Place

SHIPPED_FILE = DATA_DIR / "gazetteer.csv.gz"
GEONAMES = "GeoNames"
OURS = "Headlamp"
_BATCH = 2000
_COLUMNS = (
    "name",
    "aliases",
    "country",
    "region",
    "longitude",
    "latitude",
    "radius_m",
    "population",
    "feature_code",
)


def import_places(
    path: Path, *, source_name: str = "", is_dry_run: bool = False, progress: Progress = no_progress
) -> ImportReport:
    """Store the places of a gazetteer, all or none; a second time only what changed is written.

    A file in the format of GeoNames is theirs unless `source_name` says otherwise; any other is named after
    the file. A dry run reports the same and writes nothing. Raises ImportRefused.
    """
    file = PlaceFile(path)
    source = (source_name or (GEONAMES if file.is_geonames else path.name))[:200]
    return _store(file, lambda _place: source, is_dry_run, progress)


def import_shipped_places(*, is_dry_run: bool = False, progress: Progress = no_progress) -> ImportReport:
    """Store the gazetteer that ships with the product.

    Its places have the numbers that they have in GeoNames, so that a full file of theirs, imported later,
    updates them; our own additions have negative ones.
    """

    def source_of(place: PlaceRow) -> str:
        return OURS if place.key.startswith("-") else GEONAMES

    return _store(PlaceFile(SHIPPED_FILE), source_of, is_dry_run, progress)


def _store(
    file: PlaceFile, source_of: Callable[[PlaceRow], str], is_dry_run: bool, progress: Progress
) -> ImportReport:
    report = ImportReport()
    batch: dict[tuple[str, str], PlaceRow] = {}
    left_out = 0
    with transaction.atomic():
        for done, line in enumerate(file.lines(), start=1):
            if line.reason:
                report.skip(line.number, line.reason)
            elif line.place is None:
                left_out += 1
            elif (key := (source_of(line.place), line.place.key)) in batch:
                report.skip(line.number, "the same identifier as a row shortly before")
            else:
                batch[key] = line.place
            if len(batch) == _BATCH:
                _store_batch(batch, report, is_dry_run)
                batch = {}
            progress(done, file.count)
        _store_batch(batch, report, is_dry_run)
    if left_out:
        report.notes.append(f"{left_out} rows of other kinds (rivers, hills, schools) were left out")
    if not is_dry_run:
        forget_gazetteer()
    return report


def _store_batch(batch: dict[tuple[str, str], PlaceRow], report: ImportReport, is_dry_run: bool) -> None:
    known = {
        (place.source_name, place.source_key): place
        for place in Place.objects.filter(source_key__in=[key for _, key in batch])
    }
    written, now = [], timezone.now()
    for key, row in batch.items():
        values = _values(row)
        held = known.get(key)
        if held is not None and all(getattr(held, name) == value for name, value in values.items()):
            report.unchanged += 1
            continue
        report.updated += held is not None
        report.created += held is None
        written.append(Place(source_name=key[0], source_key=key[1], updated_at=now, **values))
    if not is_dry_run:
        Place.objects.bulk_create(
            written,
            update_conflicts=True,
            unique_fields=("source_name", "source_key"),
            update_fields=(*_COLUMNS, "updated_at"),
        )


def _values(row: PlaceRow) -> dict[str, Any]:
    values = asdict(row)
    return {name: list(values[name]) if name == "aliases" else values[name] for name in _COLUMNS}

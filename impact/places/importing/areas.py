"""Producing areas from other people's files: read, compare with what is stored, write once, report."""

from pathlib import Path
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils import timezone

from impact.places.gazetteer import DATA_DIR
from impact.places.gazetteer_store import forget_gazetteer
from impact.places.importing.area_files import read_area_file
from impact.places.importing.area_rows import AreaOptions, AreaReader, AreaRow
from impact.places.importing.progress import Progress, no_progress
from impact.places.importing.report import ImportReport
from impact.places.models import ProducingArea

SHIPPED_FILE = DATA_DIR / "producing_areas.csv"
SHIPPED = AreaOptions(source_name="Headlamp producing areas", licence="CC0-1.0", is_approximate=True)
_BATCH = 500
_COMPARED = (
    "name",
    "aliases",
    "country",
    "kind",
    "minerals",
    "operator",
    "accuracy_m",
    "is_approximate",
    "source",
    "licence",
    "note",
)


def import_areas(
    path: Path,
    options: AreaOptions,
    *,
    layer: str = "",
    encoding: str = "",
    is_dry_run: bool = False,
    progress: Progress = no_progress,
) -> ImportReport:
    """Store the producing areas of a file, all or none; a second time only what changed is written.

    An area is known again by the source's own identifier, or by name and place where there is none.
    A dry run reports the same and writes nothing. Raises ImportRefused for a file that is no use as a whole.
    """
    report = ImportReport()
    table = read_area_file(path, options.columns, layer=layer, encoding=encoding)
    rows = list(AreaReader(table, options, report).areas(progress))
    with transaction.atomic():
        known = {
            area.source_key: area for area in ProducingArea.objects.filter(source_name=options.source_name)
        }
        created = [_new_area(row, options) for row in rows if row.key not in known]
        updated = [
            area for row in rows if (area := known.get(row.key)) is not None and _apply(row, options, area)
        ]
        if not is_dry_run:
            ProducingArea.objects.bulk_create(created, batch_size=_BATCH)
            ProducingArea.objects.bulk_update(
                updated, fields=[*_COMPARED, "geometry", "updated_at"], batch_size=_BATCH
            )
    if not is_dry_run:
        forget_gazetteer()
    report.created, report.updated = len(created), len(updated)
    report.unchanged = len(rows) - len(created) - len(updated)
    return report


def import_shipped_areas(*, is_dry_run: bool = False) -> ImportReport:
    """Store the producing areas that ship with the product, all marked approximate."""
    return import_areas(SHIPPED_FILE, SHIPPED, is_dry_run=is_dry_run)


def _new_area(row: AreaRow, options: AreaOptions) -> ProducingArea:
    return ProducingArea(
        source_name=options.source_name,
        source_key=row.key,
        geometry=_stored_geometry(row),
        **_values(row, options),
    )


def _apply(row: AreaRow, options: AreaOptions, area: ProducingArea) -> bool:
    """Put a row's values on a stored area; whether that changed anything."""
    values = _values(row, options)
    geometry = _stored_geometry(row)
    if all(getattr(area, name) == value for name, value in values.items()) and bytes(
        area.geometry.wkb
    ) == bytes(geometry.wkb):
        return False
    for name, value in values.items():
        setattr(area, name, value)
    area.geometry = geometry
    area.updated_at = timezone.now()
    return True


def _values(row: AreaRow, options: AreaOptions) -> dict[str, Any]:
    return {
        "name": row.name,
        "aliases": list(row.aliases),
        "country": row.country,
        "kind": str(row.kind),
        "minerals": list(row.minerals),
        "operator": row.operator,
        "accuracy_m": row.accuracy_m,
        "is_approximate": options.is_approximate,
        "source": row.source,
        "licence": options.licence[:100],
        "note": row.note,
    }


def _stored_geometry(row: AreaRow) -> GEOSGeometry:
    return GEOSGeometry(memoryview(shapely.to_wkb(row.geometry, byte_order=1)), srid=4326)

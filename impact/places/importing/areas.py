"""Producing areas from other people's files: read, compare with what is stored, write once, report."""

from collections.abc import Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils import timezone

from impact.ledger.chain import record
from impact.ledger.models import Kind
from impact.places.area_records import AreaAlias, AreaChange
from impact.places.area_state import area_state
from impact.places.gazetteer import DATA_DIR
from impact.places.gazetteer_store import forget_gazetteer
from impact.places.importing.area_files import read_area_file
from impact.places.importing.area_rows import AreaOptions, AreaReader, AreaRow
from impact.places.importing.progress import Progress, no_progress
from impact.places.importing.report import ImportReport, Listener
from impact.places.models import ProducingArea
from impact.places.pairing import suggest_pairs

SHIPPED_FILE = DATA_DIR / "producing_areas.csv"
SHIPPED = AreaOptions(source_name="Headlamp producing areas", licence="CC0-1.0", is_approximate=True)
_BATCH = 500
_FIELDS = (
    "name",
    "country",
    "kind",
    "minerals",
    "operator",
    "title_holder",
    "active_from",
    "active_to",
    "geometry",
    "accuracy_m",
    "is_approximate",
    "source",
    "source_date",
    "licence",
    "note",
)
_WRITTEN = (
    *_FIELDS,
    "aliases",
    "absent_since",
    "retired_on",
    "retired_because",
    "version",
    "relinked_at",
    "updated_at",
)


def import_areas(
    path: Path,
    options: AreaOptions,
    *,
    layer: str = "",
    encoding: str = "",
    retires: bool = False,
    is_dry_run: bool = False,
    progress: Progress = no_progress,
    listen: Listener | None = None,
) -> ImportReport:
    """Store the producing areas of a file, all or none; a second time only what changed is written.

    An area is known again by the source's own identifier, or by name and place where there is none. What a
    moderator corrected or named stays. Areas that the source no longer has are listed, and with `retires`
    retired; nothing is ever deleted. A dry run reports the same and writes nothing. `listen` hears of every
    row. Raises ImportRefused for a file that is no use as a whole.
    """
    report = ImportReport(listen=listen)
    table = read_area_file(path, options.columns, layer=layer, encoding=encoding)
    reader = AreaReader(table, options, report)
    with transaction.atomic():
        writer = _Writer(options, report)
        rows = reader.areas(progress)
        while batch := list(islice(rows, _BATCH)):
            writer.write(batch)
        writer.list_gone(reader, retires=retires)
        suggest_pairs(writer.touched)
        if report.has_changes:
            record(
                Kind.AREA,
                actor_id=None,
                subject="import",
                details={
                    "source": options.source_name,
                    "created": report.created,
                    "updated": report.updated,
                    "retired": report.retired,
                },
            )
        if is_dry_run:
            transaction.set_rollback(True)
    forget_gazetteer()
    return report


def import_shipped_areas(*, is_dry_run: bool = False) -> ImportReport:
    """Store the producing areas that ship with the product, all marked approximate."""
    return import_areas(SHIPPED_FILE, SHIPPED, is_dry_run=is_dry_run)


class _Writer:
    """Compares batches of rows with what is stored of a source, and writes the difference."""

    def __init__(self, options: AreaOptions, report: ImportReport) -> None:
        self._options = options
        self._report = report
        self._stored = ProducingArea.objects.filter(source_name=options.source_name)
        self._now = timezone.now()
        self.touched: list[int] = []

    def write(self, rows: Sequence[AreaRow]) -> None:
        known = {
            area.source_key: area
            for area in self._stored.filter(source_key__in=[row.key for row in rows]).prefetch_related(
                "other_names"
            )
        }
        created = [(row, self._new_area(row)) for row in rows if row.key not in known]
        updated: list[ProducingArea] = []
        changes: list[AreaChange] = []
        names: list[AreaAlias] = []
        for row in rows:
            area = known.get(row.key)
            if area is None:
                self._report.created += 1
                self._report.tell(row.number, "created")
                continue
            before = area_state(area)
            if not self._apply(row, area, names):
                self._report.unchanged += 1
                self._report.tell(row.number, "unchanged")
                continue
            updated.append(area)
            after = area_state(area)
            differing = [name for name in after if before[name] != after[name]]
            changes.append(
                AreaChange(
                    area=area,
                    action=AreaChange.Action.IMPORTED,
                    changed_at=self._now,
                    before={name: before[name] for name in differing},
                    after={name: after[name] for name in differing},
                    reason=self._options.source_name,
                )
            )
            self._report.updated += 1
            self._report.tell(row.number, "updated", ", ".join(differing))
        stored = ProducingArea.objects.bulk_create([area for _, area in created], batch_size=_BATCH)
        names += [
            alias for (row, _), area in zip(created, stored, strict=True) for alias in _aliases(row, area)
        ]
        ProducingArea.objects.bulk_update(updated, fields=list(_WRITTEN), batch_size=_BATCH)
        AreaChange.objects.bulk_create(changes, batch_size=_BATCH)
        AreaAlias.objects.bulk_create(names, batch_size=_BATCH, ignore_conflicts=True)
        self.touched += [area.pk for area in (*stored, *updated)]

    def list_gone(self, reader: AreaReader, *, retires: bool) -> None:
        """List what the source had and has no longer, but for what was retired before; retire it if asked."""
        standing = self._stored.filter(retired_on__isnull=True).order_by("country", "name", "pk")
        gone = [
            pk
            for pk, key in standing.values_list("pk", "source_key").iterator(chunk_size=2000)
            if not reader.was_seen(key)
        ]
        today = self._now.date()
        for start in range(0, len(gone), _BATCH):
            areas = list(ProducingArea.objects.filter(pk__in=gone[start : start + _BATCH]))
            for area in areas:
                self._report.gone.append(f"{area} {area.source_key}")
                self._report.tell(0, "retired" if retires else "gone", f"{area} {area.source_key}")
            self._leave(areas, today, retires)
        self._report.retired = len(gone) if retires else 0

    def _leave(self, areas: list[ProducingArea], today: date, retires: bool) -> None:
        why = f"no longer in {self._options.source_name}"
        newly = [area for area in areas if retires or area.absent_since is None]
        AreaChange.objects.bulk_create(
            AreaChange(
                area=area,
                action=AreaChange.Action.RETIRED if retires else AreaChange.Action.GONE,
                changed_at=self._now,
                after={"retired_on": today.isoformat()} if retires else {"absent_since": today.isoformat()},
                reason=why,
            )
            for area in newly
        )
        for area in newly:
            area.absent_since = area.absent_since or today
            area.updated_at = self._now
            if retires:
                area.retired_on, area.retired_because = today, why
                area.version += 1
                area.relinked_at = None
        ProducingArea.objects.bulk_update(
            newly,
            ["absent_since", "retired_on", "retired_because", "version", "relinked_at", "updated_at"],
            batch_size=_BATCH,
        )

    def _new_area(self, row: AreaRow) -> ProducingArea:
        return ProducingArea(
            source_name=self._options.source_name,
            source_key=row.key,
            aliases=_flat(row.aliases),
            **_values(row, self._options),
        )

    def _apply(self, row: AreaRow, area: ProducingArea, names: list[AreaAlias]) -> bool:
        """Put a row's values on a stored area, but for what a moderator set; whether anything changed."""
        values = {
            name: value for name, value in _values(row, self._options).items() if name not in area.corrected
        }
        changed = {name for name, value in values.items() if not _is_same(getattr(area, name), value)}
        from_source = {
            (alias.name, alias.language)
            for alias in area.other_names.all()
            if alias.origin == AreaAlias.Origin.SOURCE
        }
        own = [
            (alias.name, alias.language)
            for alias in area.other_names.all()
            if alias.origin == AreaAlias.Origin.MODERATOR
        ]
        aliases = _flat((*row.aliases, *own))
        is_renamed = from_source - set(own) != set(row.aliases) - set(own) or area.aliases != aliases
        if not changed and not is_renamed and area.absent_since is None:
            return False
        for name in changed:
            setattr(area, name, values[name])
        if is_renamed:
            area.other_names.filter(origin=AreaAlias.Origin.SOURCE).delete()
            names += _aliases(row, area)
        area.aliases = aliases
        if area.retired_on and area.absent_since:
            # It was retired because it had gone: here it is again.
            area.retired_on, area.retired_because, area.relinked_at = None, "", None
        area.absent_since = None
        area.version += 1
        if changed & {"geometry", "kind", "accuracy_m"}:
            area.relinked_at = None
        area.updated_at = self._now
        return True


def _aliases(row: AreaRow, area: ProducingArea) -> list[AreaAlias]:
    return [AreaAlias(area=area, name=name, language=language) for name, language in row.aliases]


def _flat(aliases: Sequence[tuple[str, str]]) -> list[str]:
    return list(dict.fromkeys(name for name, _ in aliases))


def _is_same(stored: Any, value: Any) -> bool:
    if isinstance(value, GEOSGeometry):
        return bytes(stored.wkb) == bytes(value.wkb)
    return bool(stored == value)


def _values(row: AreaRow, options: AreaOptions) -> dict[str, Any]:
    return {
        "name": row.name,
        "country": row.country,
        "kind": str(row.kind),
        "minerals": list(row.minerals),
        "operator": row.operator,
        "title_holder": row.title_holder,
        "active_from": row.active_from,
        "active_to": row.active_to,
        "geometry": GEOSGeometry(memoryview(shapely.to_wkb(row.geometry, byte_order=1)), srid=4326),
        "accuracy_m": row.accuracy_m,
        "is_approximate": options.is_approximate,
        "source": row.source,
        "source_date": row.source_date,
        "licence": options.licence[:100],
        "note": row.note,
    }

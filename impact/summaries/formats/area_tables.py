"""The producing areas around a file's incidents, and which incident is near which, as Arrow tables.

Distances are the public ones: whole kilometres from the middle of the hexagon. They say no more than the
hexagon and the areas do already, so nobody finds by them where in it something happened.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from impact.places.site_codes import site_code
from impact.publication.models import Snapshot
from impact.publication.snapshots.columns import snapshot_batches
from impact.publication.surroundings import KnownArea, Surroundings
from impact.summaries.formats.batches import GEOMETRY_FIELD

AREA_SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        *((name, pa.string()) for name in ("site_code", "name", "aliases", "country", "kind")),
        *((name, pa.string()) for name in ("minerals", "operator")),
        *((name, pa.float64()) for name in ("lon", "lat", "accuracy_m")),
        ("is_approximate", pa.bool_()),
        ("source", pa.string()),
        ("source_date", pa.date32()),
        *((name, pa.string()) for name in ("licence", "note")),
        ("is_retired", pa.bool_()),
        ("incidents", pa.int32()),
    ]
)
LINK_SCHEMA = pa.schema(
    [
        ("incident_id", pa.string()),
        ("area_id", pa.int64()),
        ("site_code", pa.string()),
        ("area_name", pa.string()),
        ("rank", pa.int32()),
        ("distance_km", pa.int32()),
    ]
)
# The numbers of both rows within the file, as the GeoPackage's related tables call them (OGC 18-000).
RELATION_FIELDS = (pa.field("base_id", pa.int64()), pa.field("related_id", pa.int64()))
_SURFACE, _LINE = 2, 1


@dataclass(frozen=True, slots=True)
class _Counted:
    """Of a file's incidents: their countries; by an area's key its name, kind and how many are near."""

    countries: frozenset[str]
    near: dict[int, tuple[str, str, int]]


class FileAreas:
    """The areas of a file: every area that an incident of it is near, and with them all areas in use in the
    countries of its incidents, or in those that its filter names. A map with no other mines than those beside
    harm would say that there is harm beside every mine.

    In order of country, name and key. What a snapshot from before areas were frozen does not know is null.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @cached_property
    def areas(self) -> list[KnownArea]:
        known, counted = Surroundings(self._snapshot), self._counted
        named = str(self._snapshot.filter.get("country", "")).upper()
        countries = {code for code in named.split(",") if code} or counted.countries
        chosen = {area.id: area for area in known.areas if not area.is_retired and area.country in countries}
        for key, (name, kind, _count) in counted.near.items():
            chosen[key] = known.area(key) or KnownArea(key, name, kind, (), is_retired=False, wkb=b"")
        return sorted(chosen.values(), key=lambda area: (area.country, area.name, area.id))

    def table(self) -> pa.Table:
        """AREA_SCHEMA: a row an area."""
        points = shapely.point_on_surface(self._shapes)
        rows = [
            {
                "id": area.id,
                "site_code": site_code(area.country, area.id) if area.country else None,
                "name": area.name,
                "aliases": "; ".join(area.aliases),
                "country": area.country or None,
                "kind": area.kind,
                "minerals": "; ".join(area.minerals),
                "operator": area.operator,
                "lon": None if shapely.is_missing(point) else point.x,
                "lat": None if shapely.is_missing(point) else point.y,
                "accuracy_m": area.accuracy_m,
                "is_approximate": area.is_approximate,
                "source": area.source,
                "source_date": area.source_date,
                "licence": area.licence,
                "note": area.note,
                "is_retired": area.is_retired,
                "incidents": self._counted.near.get(area.id, ("", "", 0))[2],
            }
            for area, point in zip(self.areas, points, strict=True)
        ]
        return pa.Table.from_pylist(rows, AREA_SCHEMA)

    def placed(self) -> pa.Table:
        """The same with a last column of a point on each (WKB, EPSG:4326); null where no place is known."""
        return _with_shapes(self.table(), shapely.point_on_surface(self._shapes))

    def outlines(self) -> pa.Table:
        """Those that are surfaces, as multipolygons."""
        return self._of_dimension(_SURFACE, shapely.MultiPolygon)

    def lines(self) -> pa.Table:
        """Those that are lines, as multilines."""
        return self._of_dimension(_LINE, shapely.MultiLineString)

    def shapes(self) -> Sequence[shapely.Geometry | None]:
        """The shape of each area in their order; None where it is not known."""
        return list(self._shapes)

    def links(self, *, with_numbers: bool = False) -> pa.RecordBatchReader:
        """LINK_SCHEMA: a row for each incident and area near it, in order of incident and distance.

        `with_numbers`: RELATION_FIELDS before it.
        """
        schema = pa.schema([*RELATION_FIELDS, *LINK_SCHEMA]) if with_numbers else LINK_SCHEMA
        return pa.RecordBatchReader.from_batches(schema, self._link_batches(schema))

    def _link_batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        codes = self.table().column("site_code")
        keys = np.array([area.id for area in self.areas], dtype=np.int64)
        order = np.argsort(keys)
        before = 0
        for batch in snapshot_batches(self._snapshot):
            lists = batch.column("areas")
            near = lists.flatten()
            parents = pc.list_parent_indices(lists).to_numpy()
            counts = np.bincount(parents, minlength=len(batch))
            starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
            area_ids = pc.struct_field(near, "id")
            rows = order[np.searchsorted(keys, area_ids.to_numpy(), sorter=order)]
            told = {
                "base_id": pa.array(parents + before + 1),
                "related_id": pa.array(rows + 1),
                "incident_id": batch.column("id").take(pa.array(parents)),
                "area_id": area_ids,
                "site_code": codes.take(pa.array(rows)).combine_chunks(),
                "area_name": pc.struct_field(near, "name"),
                "rank": pa.array((np.arange(len(parents)) - starts[parents] + 1).astype(np.int32)),
                "distance_km": pc.struct_field(near, "distance_km").cast(pa.int32()),
            }
            before += len(batch)
            if len(near):
                yield pa.RecordBatch.from_arrays([told[name] for name in schema.names], schema=schema)

    @cached_property
    def _counted(self) -> _Counted:
        countries: set[str] = set()
        near: dict[int, tuple[str, str, int]] = {}
        for batch in snapshot_batches(self._snapshot):
            countries.update(filter(None, batch.column("country").unique().to_pylist()))
            flat = pa.table({"area": batch.column("areas").flatten()}).flatten()
            keys = [f"area.{name}" for name in ("id", "name", "kind")]
            for row in flat.group_by(keys).aggregate([([], "count_all")]).to_pylist():
                key = row["area.id"]
                count = near.get(key, ("", "", 0))[2] + row["count_all"]
                near[key] = (row["area.name"], row["area.kind"], count)
        return _Counted(frozenset(countries), near)

    @cached_property
    def _shapes(self) -> np.ndarray:
        return np.asarray(shapely.from_wkb([area.wkb or None for area in self.areas]), dtype=object)

    def _of_dimension(self, dimension: int, gather: type[shapely.Geometry]) -> pa.Table:
        has = shapely.get_dimensions(self._shapes) == dimension
        parts = [gather(list(shapely.get_parts(shape))) for shape in self._shapes[has]]
        return _with_shapes(self.table().filter(pa.array(has)), np.array(parts, dtype=object))


def _with_shapes(table: pa.Table, shapes: np.ndarray) -> pa.Table:
    return table.append_column(GEOMETRY_FIELD, pa.array(shapely.to_wkb(shapes, byte_order=1), pa.binary()))

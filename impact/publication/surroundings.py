"""What surrounds the incidents of a snapshot on its maps and in its briefs: producing areas, the largest
places, the reporting effort. Frozen with the snapshot, so that a map made again years later is the same.
"""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date
from functools import cached_property
from typing import Any

from impact.places.models import Place, ProducingArea
from impact.publication.coverage import Effort, effort_of, months_of
from impact.publication.models import CoverageMonth, Snapshot
from impact.publication.snapshots.editions import Edition

MOST_PLACES = 3000  # by population
_AREA_COLUMNS = (
    *("name", "country", "kind", "operator", "accuracy_m", "is_approximate"),
    *("source", "source_date", "licence", "note"),
)


@dataclass(frozen=True, slots=True)
class KnownArea:
    """A producing area. `wkb`: its shape, WGS 84, as well-known binary; empty for one that is joined to
    another and only named by older incidents. What follows it is empty in snapshots from before it was frozen
    too."""

    id: int
    name: str
    kind: str
    minerals: tuple[str, ...]
    is_retired: bool
    wkb: bytes
    country: str = ""
    aliases: tuple[str, ...] = ()
    operator: str = ""
    accuracy_m: float | None = None
    is_approximate: bool | None = None
    source: str = ""
    source_date: date | None = None
    licence: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A town or village of the gazetteer, WGS 84 degrees."""

    name: str
    country: str
    longitude: float
    latitude: float


class Surroundings:
    """Of a snapshot, or with None as they are now. Each part is read once, when it is asked for.

    A snapshot from before these were frozen has no editions: then `is_frozen` is false, and they are those of
    today.
    """

    def __init__(self, snapshot: Snapshot | None = None) -> None:
        self._editions = {
            Edition.Kind.AREAS: snapshot and snapshot.areas_edition,
            Edition.Kind.PLACES: snapshot and snapshot.places_edition,
            Edition.Kind.COVERAGE: snapshot and snapshot.coverage_edition,
        }

    @property
    def is_frozen(self) -> bool:
        return all(self._editions.values())

    def digest(self, kind: Edition.Kind) -> str:
        """The SHA-256 of a frozen part, or ""."""
        edition = self._editions[kind]
        return edition.digest if edition else ""

    @cached_property
    def areas(self) -> list[KnownArea]:
        """Every producing area that leads its place, in order of key."""
        return [area for area in self._areas.values() if area.wkb]

    def area(self, area_id: int) -> KnownArea | None:
        """One of them, also one that is joined to another; None for one that is not known."""
        return self._areas.get(area_id)

    def minerals_of(self, area_id: int) -> tuple[str, ...]:
        """What is dug at an area, also at one that is joined to another."""
        area = self.area(area_id)
        return area.minerals if area else ()

    @cached_property
    def places(self) -> list[KnownPlace]:
        """The largest places, the largest first."""
        return [
            KnownPlace(row["name"], row["country"], row["lon"], row["lat"])
            for row in self._rows(Edition.Kind.PLACES)
        ]

    @cached_property
    def areas_changed_on(self) -> date | None:
        """The day of the latest change to an area."""
        days = [row["changed_on"] for row in self._area_rows if row["changed_on"]]
        return date.fromisoformat(max(days)) if days else None

    def coverage_months(
        self, country: str, from_on: date | None = None, to_on: date | None = None
    ) -> list[CoverageMonth]:
        """As publication.coverage has it: from the first report that ever came from a country."""
        return months_of(self._coverage.get(country, []), from_on, to_on)

    def effort(self, country: str, from_on: date | None = None, to_on: date | None = None) -> Effort:
        return effort_of(country, self.coverage_months(country, from_on, to_on), from_on, to_on)

    @cached_property
    def _area_rows(self) -> list[dict[str, Any]]:
        return list(self._rows(Edition.Kind.AREAS))

    @cached_property
    def _areas(self) -> dict[int, KnownArea]:
        return {row["id"]: _known_area(row) for row in self._area_rows}

    @cached_property
    def _coverage(self) -> dict[str, list[CoverageMonth]]:
        months: dict[str, list[CoverageMonth]] = {}
        for row in self._rows(Edition.Kind.COVERAGE):
            known = {**row, "month": date.fromisoformat(row["month"])}
            months.setdefault(row["country"], []).append(CoverageMonth(**known))
        return months

    def _rows(self, kind: Edition.Kind) -> Iterator[dict[str, Any]]:
        edition = self._editions[kind]
        if edition is None:
            yield from _PRESENT[kind]()
            return
        for line in gzip.decompress(edition.rows).splitlines():
            yield json.loads(line)


def present_editions() -> dict[str, Edition]:
    """The fields of a snapshot that is taken now: each state is stored when no snapshot found it before."""
    return {f"{kind}_edition": _kept(kind, _PRESENT[kind]()) for kind in _PRESENT}


def _known_area(row: dict[str, Any]) -> KnownArea:
    day = row.get("source_date")
    return KnownArea(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        minerals=tuple(row["minerals"]),
        is_retired=row["is_retired"],
        wkb=bytes.fromhex(row["wkb"]),
        country=row.get("country", ""),
        aliases=tuple(row.get("aliases", ())),
        operator=row.get("operator", ""),
        accuracy_m=row.get("accuracy_m"),
        is_approximate=row.get("is_approximate"),
        source=row.get("source", ""),
        source_date=date.fromisoformat(day) if day else None,
        licence=row.get("licence", ""),
        note=row.get("note", ""),
    )


def _kept(kind: Edition.Kind, rows: Iterable[dict[str, Any]]) -> Edition:
    body = b"".join(
        json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        for row in rows
    )
    digest = hashlib.sha256(body).hexdigest()
    known = Edition.objects.filter(kind=kind, digest=digest).defer("rows").first()
    if known is not None:
        return known
    kept, _is_new = Edition.objects.get_or_create(
        kind=kind, digest=digest, defaults={"rows": gzip.compress(body, mtime=0)}
    )
    return kept


def _present_areas() -> Iterator[dict[str, Any]]:
    for area in (
        ProducingArea.objects.order_by("pk")
        .only(*_AREA_COLUMNS, "minerals", "aliases", "geometry", "joined_to", "retired_on", "updated_at")
        .iterator(chunk_size=2000)
    ):
        yield {
            "id": area.pk,
            **{name: getattr(area, name) for name in _AREA_COLUMNS},
            "kind": str(area.kind),
            "minerals": list(area.minerals),
            "aliases": list(area.aliases),
            "source_date": area.source_date.isoformat() if area.source_date else None,
            "is_retired": area.retired_on is not None,
            "wkb": "" if area.joined_to_id else bytes(area.geometry.wkb).hex(),
            "changed_on": f"{area.updated_at.astimezone(UTC):%Y-%m-%d}",
        }


def _present_places() -> Iterator[dict[str, Any]]:
    places = Place.objects.exclude(feature_code__startswith="ADM").order_by("-population", "pk")
    for place in places.only("name", "country", "longitude", "latitude")[:MOST_PLACES]:
        yield {"name": place.name, "country": place.country, "lon": place.longitude, "lat": place.latitude}


def _present_coverage() -> Iterator[dict[str, Any]]:
    fields = ("country", "month", "state", "reports", "reporters", "monitors")
    for row in CoverageMonth.objects.order_by("country", "month").values(*fields):
        yield {**row, "month": row["month"].isoformat()}


_PRESENT = {
    Edition.Kind.AREAS: _present_areas,
    Edition.Kind.PLACES: _present_places,
    Edition.Kind.COVERAGE: _present_coverage,
}

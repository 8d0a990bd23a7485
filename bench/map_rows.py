"""The rows that bench/map.py measures: a million published incidents of 30 months around seven mining
districts, with their harms and their links to 20,000 producing areas, in the product's own tables.

Written in bulk, but through the triggers that stand on those tables.
"""

import time
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import h3
import numpy as np
from django.contrib.gis.geos import Point, Polygon
from django.db import connection, transaction

from impact.places.area_shapes import shapes_in_use
from impact.places.models import ProducingArea
from impact.places.nearness.measuring import AreaIndex
from impact.publication.models import PublishedHarm, PublishedIncident, PublishedLink
from impact.publication.relinking import public_distance_m
from impact.publication.state import mark_public_change
from impact.vocabulary import Harm, Perpetrator, theme_of

CENTRES = ((23.6, -6.1), (20.8, -6.4), (29.0, 2.0), (-10.9, 8.5), (18.0, 5.0), (31.2, -19.6), (-44.0, -18.0))
COUNTRIES = ("CD", "CD", "CD", "SL", "CF", "ZW", "BR")
AREAS = 20_000
_WEEKS = 130
_TURN = 50_000
_HARMS = [harm for harm in Harm.values if harm != Harm.SEXUAL_VIOLENCE]
_PERPETRATORS = list(Perpetrator.values)
_FIELDS = (
    "id", "incident_key", "theme", "perpetrator", "verification", "reliability", "credibility", "killed",
    "injured", "minerals", "country", "longitude", "latitude", "cell", "uncertainty_m", "occurred_from",
    "occurred_to", "occurred_precision", "text", "published_on", "salt", "is_fictional",
)  # fmt: skip
_TEXT = "People were hurt at an artisanal site. What is written here is fiction, as long as such texts are."
Row = tuple[Any, ...]


def fill(count: int) -> None:
    """Write it all, and say how long it took."""
    started = time.perf_counter()
    chance = np.random.default_rng(7)
    _write_areas(chance)
    near = _Nearness()
    written = [0, 0, 0]
    for start in range(0, count, _TURN):
        incidents, harms, links = _turn(chance, min(_TURN, count - start), near)
        with transaction.atomic():
            _insert(PublishedIncident, _FIELDS, incidents)
            _insert(PublishedHarm, ("published_id", "harm", "rank"), harms)
            _insert(PublishedLink, ("published_id", "area_id", "distance_m", "rank"), links)
        for index, rows in enumerate((incidents, harms, links)):
            written[index] += len(rows)
        print(f"\r{written[0]:,} of {count:,} incidents", end="", flush=True)
    mark_public_change()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(
        f"\r{connection.vendor}: {written[0]:,} incidents at {len(near.links):,} points, "
        f"{written[1]:,} harms, {written[2]:,} links to {AREAS:,} areas, "
        f"written in {time.perf_counter() - started:.0f} s"
    )


def _write_areas(chance: np.random.Generator) -> None:
    kinds = ("artisanal", "artisanal", "industrial", "mixed")
    for start in range(0, AREAS, 2000):
        areas = []
        for number in range(start, start + 2000):
            which = number % len(CENTRES)
            x, y = (float(n) for n in chance.normal(CENTRES[which], 3.0))
            is_shape = number % 5 == 0
            areas.append(
                ProducingArea(
                    name=f"Area {number}",
                    country=COUNTRIES[which],
                    kind=kinds[number % 4],
                    minerals=["diamond"],
                    geometry=Polygon.from_bbox((x, y, x + 0.05, y + 0.05)) if is_shape else Point(x, y),
                    source="bench",
                    source_name="bench",
                    source_key=str(number),
                )
            )
            areas[-1].geometry.srid = 4326
        ProducingArea.objects.bulk_create(areas)


class _Nearness:
    """The links of each point, measured once."""

    def __init__(self) -> None:
        self.links: dict[tuple[float, float], list[tuple[int, float]]] = {}
        self._index = AreaIndex(shapes_in_use())

    def measure(self, points: Iterable[tuple[float, float]]) -> None:
        new = [point for point in dict.fromkeys(points) if point not in self.links]
        if not new:
            return
        longitude, latitude = np.array(new).T
        found = self._index.nearest(longitude, latitude, np.zeros(len(new)))
        self.links |= {point: [] for point in new}
        columns = found.point.tolist(), found.area.tolist(), found.distance_m.tolist()
        for number, area, distance_m in zip(*columns, strict=True):
            self.links[new[number]].append((area, public_distance_m(distance_m)))


def _turn(chance: np.random.Generator, count: int, near: _Nearness) -> tuple[list[Row], list[Row], list[Row]]:
    which = chance.integers(len(CENTRES), size=count)
    around = chance.normal(np.array(CENTRES)[which], 2.5)
    cells = [h3.latlng_to_cell(latitude, longitude, 5) for longitude, latitude in around.tolist()]
    middles = {cell: h3.cell_to_latlng(cell) for cell in set(cells)}
    points = [(round(middles[cell][1], 5), round(middles[cell][0], 5)) for cell in cells]
    near.measure(points)
    weeks = chance.integers(_WEEKS, size=count).tolist()
    main = chance.integers(len(_HARMS), size=count).tolist()
    second = chance.integers(3 * len(_HARMS), size=count).tolist()
    who = chance.integers(len(_PERPETRATORS), size=count).tolist()
    people = chance.integers(-3, 4, size=count).tolist()
    share = chance.random(count).tolist()
    keys = _hex(chance, count), _hex(chance, count), _hex(chance, count)
    incidents: list[Row] = []
    harms: list[Row] = []
    links: list[Row] = []
    for row, (key, other, salt) in enumerate(zip(*keys, strict=True)):
        is_placed, is_dated = share[row] > 0.03, share[row] < 0.95
        monday = date(2024, 1, 1) + timedelta(days=7 * weeks[row])
        place = (*points[row], cells[row], 22_000.0) if is_placed else (None, None, "", None)
        when = (monday, monday + timedelta(days=6), "week") if is_dated else (None, None, "")
        killed = people[row] if people[row] >= 0 else None
        incidents.append((
            key, other, theme_of(_HARMS[main[row]]), _PERPETRATORS[who[row]],
            "verified" if row % 5 else "partially_corroborated", "B", "2", killed, None, '["diamond"]',
            COUNTRIES[which[row]], *place, *when, _TEXT, monday + timedelta(days=14), salt, True,
        ))  # fmt: skip
        of_it = dict.fromkeys((main[row], second[row])) if second[row] < len(_HARMS) else (main[row],)
        harms += [(key, _HARMS[harm], rank) for rank, harm in enumerate(of_it)]
        if is_placed:
            links += [(key, *link, rank) for rank, link in enumerate(near.links[points[row]])]
    return incidents, harms, links


def _hex(chance: np.random.Generator, count: int) -> list[str]:
    text = chance.bytes(16 * count).hex()
    return [text[start : start + 32] for start in range(0, 32 * count, 32)]


def _insert(model: type[Any], fields: tuple[str, ...], rows: list[Row]) -> None:
    table, names = model._meta.db_table, ", ".join(fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", _plain(rows))  # noqa: S608


def _plain(rows: list[Row]) -> Iterator[Row]:
    for row in rows:
        yield tuple(value.isoformat() if isinstance(value, date) else value for value in row)

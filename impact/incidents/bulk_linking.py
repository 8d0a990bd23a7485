"""Linking many incidents at once: read in chunks, measured in several processes, written in chunks.

Says exactly what `link_incident` says: both measure with the same index. Incidents about which a moderator
judged, and those beside retired areas, are few and go through `link_incident` one by one.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from impact.incidents.link_rows import LinkRows, replace_links
from impact.incidents.linking import link_incident
from impact.incidents.models import AreaLink, Incident, RefusedLink
from impact.places.area_shapes import areas_stamp, shapes_in_use
from impact.places.nearness.measuring import AreaIndex, Nearness
from impact.places.nearness.measuring_apart import measuring_pool, nearest_apart

CHUNK = 20_000
_WORTH_AN_INDEX = 200  # waiting incidents from which on all areas are loaded
Progress = Callable[[int], None]


def link_unlinked(limit: int = 500) -> int:
    """Link what waits: a worker's turn. Returns how many were linked."""
    waiting = list(Incident.objects.filter(linked_at__isnull=True).order_by("received_at")[:limit])
    if len(waiting) >= _WORTH_AN_INDEX:
        return link_waiting()
    for incident in waiting:
        link_incident(incident)
    return len(waiting)


def link_waiting(*, processes: int = 1, say: Progress = lambda done: None) -> int:
    """Link all that waits, in the order of the keys. Returns how many were linked; `say` hears it meanwhile.

    Memory is that of a few chunks and of all areas. A crash loses nothing: what is not written still waits.
    """
    done = 0
    with _Measurer(processes) as measurer:
        for chunk, found in measurer.measured(_waiting_chunks()):
            done += _write(chunk, found, measurer.uncertainty_of(found, chunk))
            say(done)
    return done


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Waiting incidents as columns; NaN where there is no point."""

    keys: list[Any]
    longitude: np.ndarray
    latitude: np.ndarray
    uncertainty_m: np.ndarray
    requests: list[int]

    def placed(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Longitude, latitude and uncertainty of those that have a point."""
        placed = np.isfinite(self.longitude)
        return self.longitude[placed], self.latitude[placed], self.uncertainty_m[placed]

    def numbered(self, found: Nearness) -> Nearness:
        """What was found for the placed ones, with their numbers in the chunk."""
        return replace(found, point=np.flatnonzero(np.isfinite(self.longitude))[found.point])


def _waiting_chunks() -> Iterator[_Chunk]:
    x, y = ("X(point)", "Y(point)") if settings.IS_SPATIALITE else ("ST_X(point)", "ST_Y(point)")
    columns = f"id, {x}, {y}, uncertainty_m, link_request"
    last: list[Any] = []
    while True:
        after = " AND id > %s" if last else ""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {columns} FROM incidents_incident WHERE linked_at IS NULL{after} "  # noqa: S608
                f"ORDER BY id LIMIT {CHUNK}",
                last,
            )
            rows = cursor.fetchall()
        if not rows:
            return
        keys, longitude, latitude, uncertainty_m, requests = zip(*rows, strict=True)
        yield _Chunk(
            list(keys),
            np.array(longitude, dtype=float),
            np.array(latitude, dtype=float),
            np.nan_to_num(np.array(uncertainty_m, dtype=float)),
            list(requests),
        )
        last = [keys[-1]]


class _Measurer:
    """Measures chunks with the areas as they are when a chunk was read, in other processes if asked."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._stamp: tuple[int, int] | None = None
        self._index: AreaIndex | None = None
        self._pools: list[ProcessPoolExecutor] = []
        self._area_keys = np.zeros(0, dtype=np.int64)
        self._accuracy_m = np.zeros(0)

    def __enter__(self) -> "_Measurer":
        return self

    def __exit__(self, *_: object) -> None:
        for pool in self._pools:
            pool.shutdown(cancel_futures=True)

    def measured(self, chunks: Iterator[_Chunk]) -> Iterator[tuple[_Chunk, Nearness]]:
        started: deque[tuple[_Chunk, Future[Nearness]]] = deque()
        for chunk in chunks:
            self._refresh()
            if self._index is not None:
                yield chunk, chunk.numbered(self._index.nearest(*chunk.placed()))
                continue
            started.append((chunk, self._pools[-1].submit(nearest_apart, *chunk.placed())))
            if len(started) > self._processes:
                first, future = started.popleft()
                yield first, first.numbered(future.result())
        for chunk, future in started:
            yield chunk, chunk.numbered(future.result())

    def uncertainty_of(self, found: Nearness, chunk: _Chunk) -> np.ndarray:
        """The incident's radius and the area's own accuracy together, in metres."""
        accuracy_m = self._accuracy_m[np.searchsorted(self._area_keys, found.area)]
        return np.asarray(chunk.uncertainty_m[found.point] + accuracy_m)

    def _refresh(self) -> None:
        # After a chunk was read: a change that was committed before it is then in the areas, too.
        stamp = areas_stamp()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        shapes = shapes_in_use()
        self._area_keys = np.array([shape.key for shape in shapes], dtype=np.int64)
        self._accuracy_m = np.array([shape.accuracy_m for shape in shapes], dtype=float)
        if self._processes > 1:
            self._pools.append(measuring_pool(shapes, self._processes))
        else:
            self._index = AreaIndex(shapes)


def _write(chunk: _Chunk, found: Nearness, uncertainty_m: np.ndarray) -> int:
    """Replace the links of a chunk, but of those that changed meanwhile; they wait for the next turn."""
    span = {"incident__gte": chunk.keys[0], "incident__lte": chunk.keys[-1]}
    with transaction.atomic():
        judged = AreaLink.objects.filter(
            Q(method=AreaLink.Method.MODERATOR) | Q(area__retired_on__isnull=False), **span
        )
        apart = {
            *judged.values_list("incident", flat=True),
            *RefusedLink.objects.filter(**span).values_list("incident", flat=True),
        }
        requests = dict(
            Incident.objects.select_for_update()
            .filter(pk__gte=chunk.keys[0], pk__lte=chunk.keys[-1], linked_at__isnull=True)
            .order_by()
            .values_list("pk", "link_request")
        )
        keys = [key if isinstance(key, UUID) else UUID(key) for key in chunk.keys]
        is_sound = np.array(
            [
                requests.get(key) == request and key not in apart
                for key, request in zip(keys, chunk.requests, strict=True)
            ]
        )
        written = is_sound[found.point]
        replace_links(
            [key for key, sound in zip(keys, is_sound, strict=True) if sound],
            LinkRows(
                incident=[chunk.keys[number] for number in found.point[written]],
                area=found.area[written],
                is_inside=found.is_inside[written],
                distance_m=found.distance_m[written],
                uncertainty_m=uncertainty_m[written],
                share=found.share[written],
                share_inside=found.share_inside[written],
                rank=found.rank[written],
            ),
        )
    by_hand = [key for key in keys if key in apart and key in requests]
    for incident in Incident.objects.filter(pk__in=by_hand):
        link_incident(incident)
    return int(is_sound.sum()) + len(by_hand)

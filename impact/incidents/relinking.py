"""Who has to be linked again after something changed, and nobody else. The rows are the jobs."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from impact.incidents.models import AreaLink, Incident
from impact.places.area_shapes import shapes_of
from impact.places.boxes import Box
from impact.places.models import ProducingArea
from impact.places.nearness.measuring import AreaIndex, AreaShape
from impact.places.nearness.reach_boxes import bounds_in_reach

_TURN = 1000
_CHUNK = 20_000
_FEW = 25  # changed areas whose boxes are worth naming in a query


def mark_unlinked() -> int:
    """Mark every incident that has a place for linking again. Returns how many."""
    placed = Incident.objects.filter(point__isnull=False)
    return placed.update(linked_at=None, link_request=F("link_request") + 1)


def mark_around_changed_areas(limit: int = _TURN) -> int:
    """Mark the incidents near producing areas that are new, or changed since; a worker's turn.

    Marked are those that are linked to such an area, and those in reach of what it is now. An area that
    changes again meanwhile is looked at again. Returns how many areas were looked at.
    """
    changed = dict(
        ProducingArea.objects.filter(relinked_at__isnull=True)
        .order_by("pk")
        .values_list("pk", "version")[:limit]
    )
    if not changed:
        return 0
    keys = list(changed)
    in_use = list(ProducingArea.objects.in_use().filter(pk__in=keys).values_list("pk", flat=True))
    with transaction.atomic():
        for incidents in list(_in_reach(shapes_of(in_use))):
            _mark(incidents)
        linked = AreaLink.objects.filter(area__in=keys)
        _mark(list(linked.order_by().values_list("incident_id", flat=True).distinct()))
        now = timezone.now()
        for version in set(changed.values()):
            same = [key for key, seen in changed.items() if seen == version]
            ProducingArea.objects.filter(pk__in=same, version=version).update(relinked_at=now)
    return len(keys)


def _mark(incidents: list[Any]) -> None:
    for start in range(0, len(incidents), 5000):
        some = Incident.objects.filter(pk__in=incidents[start : start + 5000])
        some.update(linked_at=None, link_request=F("link_request") + 1)


def _in_reach(shapes: list[AreaShape]) -> Iterator[list[Any]]:
    """The keys of the incidents in reach of any of some areas."""
    if not shapes:
        return
    index = AreaIndex(shapes)
    boxes = [box for shape in shapes for box in bounds_in_reach(shape)] if len(shapes) <= _FEW else []
    for keys, longitude, latitude in _placed(boxes):
        touched = index.reaches(longitude, latitude)
        if touched.any():
            yield [keys[number] for number in np.flatnonzero(touched)]


def _placed(
    boxes: list[Box],
) -> Iterator[tuple[list[Any], np.ndarray, np.ndarray]]:
    """Keys and points of the incidents that have one, in chunks; only those in the boxes, if any."""
    if settings.IS_SPATIALITE:
        # Not through the R*Tree: it knows rows by a number that VACUUM may change where the key is a UUID.
        x, y = "X(point)", "Y(point)"
        box = f"({x} >= %s AND {y} >= %s AND {x} <= %s AND {y} <= %s)"
    else:
        x, y = "ST_X(point)", "ST_Y(point)"
        box = "point && ST_MakeEnvelope(%s, %s, %s, %s, 4326)"
    where = f" AND ({' OR '.join([box] * len(boxes))})" if boxes else ""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT id, {x}, {y} FROM incidents_incident WHERE point IS NOT NULL{where}",  # noqa: S608
            [degrees for box in boxes for degrees in box],
        )
        while rows := cursor.fetchmany(_CHUNK):
            keys, longitude, latitude = zip(*rows, strict=True)
            yield list(keys), np.array(longitude, dtype=float), np.array(latitude, dtype=float)

"""Published incidents follow the producing areas: linked again when one near them is new or changed.

All of it is worked out from the masked cell, as on the day of publication, never from where it happened; so
a link says no more than the cell and the public areas say already.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import F, Q

from impact.places.area_shapes import longest_reach_m, shapes_around, shapes_in_use, shapes_of
from impact.places.models import ProducingArea
from impact.places.nearness.areas import NearbyArea, measure_area, nearby_areas
from impact.places.nearness.measuring import AreaIndex, AreaShape
from impact.places.nearness.reach_boxes import bounds_in_reach
from impact.publication.masking import cell_radius_m
from impact.publication.models import PublishedIncident, PublishedLink, new_salt
from impact.publication.state import mark_public_change, wait_for_changes

LEAST_SHARE = 0.5  # of a published cell, that has to lie within the reach of an area named beside it
_TURN = 20_000
_FEW = 25  # changed areas whose boxes are worth naming in a query
_CHUNK = 2000
_WORTH_AN_INDEX = 200  # published incidents from which on all areas are loaded


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A producing area by its key, as far from the masked point as the public is told, in metres."""

    area_id: int
    distance_m: float


def public_distance_m(distance_m: float) -> float:
    """To the nearest kilometre: what the public is told."""
    return round(distance_m / 1000) * 1000.0


def told_areas(longitude: float, latitude: float, cell: str) -> list[NearbyArea]:
    """The areas that are named beside a published cell, nearest first: those within whose reach half of the
    cell lies at least.

    Of a province in whose middle there happens to be a mine, nobody knows that it happened near that mine.
    """
    near = nearby_areas(longitude, latitude, uncertainty_m=_radius_m(cell))
    return [found for found in near if found.share >= LEAST_SHARE]


def _radius_m(cell: str) -> float:
    return cell_radius_m(cell) if cell else 0.0


def relink_published(limit: int = _TURN) -> int:
    """Link what is published anew around areas that are new, or changed since; a worker's turn.

    Looked at is what is linked to such an area, and what is in reach of where it is now. A link to an area
    that was retired stays. A crash loses nothing: areas count as followed after the last link is written.
    Returns how many areas were looked at.
    """
    changed = dict(
        ProducingArea.objects.exclude(published_version=F("version"))
        .order_by("pk")
        .values_list("pk", "version")[:limit]
    )
    if not changed:
        return 0
    linked = set(
        PublishedLink.objects.filter(area__in=ProducingArea.objects.exclude(published_version=F("version")))
        .values_list("published_id", flat=True)
        .distinct()
    )
    in_use = ProducingArea.objects.in_use().filter(pk__in=changed).values_list("pk", flat=True)
    affected = linked | set(_in_reach(shapes_of(list(in_use))))
    rewritten = _relink(list(affected))
    with transaction.atomic():
        for version in set(changed.values()):
            same = [key for key, seen in changed.items() if seen == version]
            ProducingArea.objects.filter(pk__in=same, version=version).update(published_version=version)
        if linked or rewritten:  # a name that changed is read through the link
            mark_public_change()
    return len(changed)


def _in_reach(shapes: list[AreaShape]) -> Iterator[UUID]:
    """The keys of the published incidents in reach of any of some areas."""
    if not shapes:
        return
    boxes = Q()
    for shape in shapes if len(shapes) <= _FEW else []:
        for west, south, east, north in bounds_in_reach(shape):
            boxes |= Q(longitude__range=(west, east), latitude__range=(south, north))
    placed = list(
        PublishedIncident.objects.filter(boxes, longitude__isnull=False, latitude__isnull=False)
        .order_by()
        .values_list("pk", "longitude", "latitude")
    )
    if not placed:
        return
    keys, longitude, latitude = zip(*placed, strict=True)
    touched = AreaIndex(shapes).reaches(np.array(longitude), np.array(latitude))
    yield from (keys[number] for number in np.flatnonzero(touched))


def _relink(keys: list[UUID]) -> int:
    """Returns how many had other links than they should."""
    rewritten = 0
    everywhere = AreaIndex(shapes_in_use()) if len(keys) >= _WORTH_AN_INDEX else None
    for start in range(0, len(keys), _CHUNK):
        incidents = list(
            PublishedIncident.objects.filter(pk__in=keys[start : start + _CHUNK], longitude__isnull=False)
            .order_by()
            .prefetch_related("area_links")
        )
        for incident, near in zip(incidents, _found(incidents, everywhere), strict=True):
            if _told(near) != [
                FoundLink(link.area_id, link.distance_m) for link in incident.area_links.all()
            ]:
                rewritten += _rewrite(incident, near)
    return rewritten


def _found(incidents: list[PublishedIncident], index: AreaIndex | None) -> list[list[FoundLink]]:
    """The areas near each cell, nearest first, by the index or by those around."""
    longitude = np.array([incident.longitude for incident in incidents], dtype=float)
    latitude = np.array([incident.latitude for incident in incidents], dtype=float)
    if index is None:
        places = zip(longitude.tolist(), latitude.tolist(), strict=True)
        around = [shapes_around(x, y, longest_reach_m()) for x, y in places]
        index = AreaIndex(list({shape.key: shape for shapes in around for shape in shapes}.values()))
    found = index.nearest(longitude, latitude, np.array([_radius_m(one.cell) for one in incidents]))
    links: list[list[FoundLink]] = [[] for _ in incidents]
    columns = (found.point.tolist(), found.area.tolist(), found.distance_m.tolist(), found.share.tolist())
    for number, area, distance_m, share in zip(*columns, strict=True):
        if share >= LEAST_SHARE:
            links[number].append(FoundLink(area, distance_m))
    return links


def _told(near: list[FoundLink]) -> list[FoundLink]:
    return [FoundLink(link.area_id, public_distance_m(link.distance_m)) for link in near]


def _rewrite(seen: PublishedIncident, near: list[FoundLink]) -> bool:
    """Write the links of one incident where they differ, unless it was published or retracted meanwhile."""
    with transaction.atomic():
        wait_for_changes()
        incident = (
            PublishedIncident.objects.select_for_update()
            .filter(pk=seen.pk, salt=seen.salt, retracted_on=None)
            .first()
        )
        if incident is None or incident.longitude is None or incident.latitude is None:
            return False
        before = list(incident.area_links.select_related("area"))
        listed = {link.area_id for link in near}
        for link in before:
            area = link.area
            if area.retired_on and not area.joined_to_id and area.pk not in listed:
                measured = measure_area(
                    area, incident.longitude, incident.latitude, uncertainty_m=_radius_m(incident.cell)
                )
                if measured.is_in_reach and measured.share >= LEAST_SHARE:
                    near.append(FoundLink(area.pk, measured.distance_m))
        near.sort(key=lambda link: (link.distance_m, link.area_id))
        now = _told(near)
        if now == [FoundLink(link.area_id, link.distance_m) for link in before]:
            return False
        incident.area_links.all().delete()
        PublishedLink.objects.bulk_create(
            PublishedLink(published=incident, area_id=link.area_id, distance_m=link.distance_m, rank=rank)
            for rank, link in enumerate(now)
        )
        incident.salt = new_salt()  # its line is another one now
        incident.save(update_fields=["salt"])
    return True

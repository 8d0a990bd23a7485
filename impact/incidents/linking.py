"""Linking an incident to the producing areas around it: inside or near, how far, how sure.

The rule proposes, a moderator confirms or refuses (`impact.moderation.judging_links`). A row that waits has
no `linked_at`. Who wants it linked again raises `link_request`; a linker that read before leaves it waiting.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from impact.incidents.models import AreaLink, Incident
from impact.operations.writing import Change, inserting
from impact.places.models import ProducingArea
from impact.places.nearness.areas import AreaAround, NearbyArea, areas_around_each, measure_area, nearby_areas


def link_incident(incident: Incident) -> list[AreaLink]:
    """Link an incident to the five nearest producing areas, replacing what the rule proposed before.

    What a moderator confirmed stays, wherever it is, and is measured anew; what one refused is not proposed
    again. A proposal whose area was retired since stays while it is in reach, beside the five.
    Distances are geodesic metres on WGS 84. Safe to run twice. Returns all links, nearest first.
    """
    with transaction.atomic():
        locked = Incident.objects.select_for_update().get(pk=incident.pk)
        links = _links(locked) if locked.point else []
        for rank, link in enumerate(links):
            link.rank = rank
        locked.area_links.all().delete()
        AreaLink.objects.bulk_create(links)
        locked.linked_at = timezone.now()
        # Who wants it linked again meanwhile raised the request: then it goes on waiting.
        waiting = Incident.objects.filter(pk=locked.pk, link_request=locked.link_request)
        waiting.update(linked_at=locked.linked_at)
    incident.linked_at = locked.linked_at
    return links


def linking_new(incidents: Sequence[Incident]) -> list[Change | None]:
    """For each incident that is being made, the insertion of its links: what `link_incident` would propose.

    The areas are asked for once for all of them.
    """
    placed = [incident for incident in incidents if incident.point is not None]
    around = areas_around_each([_spot(incident) for incident in placed])
    links = {id(one): _proposed(one, near) for one, near in zip(placed, around, strict=True)}
    return [inserting(*proposed) if (proposed := links.get(id(incident))) else None for incident in incidents]


def _spot(incident: Incident) -> tuple[float, float, float]:
    assert incident.point is not None  # noqa: S101 - the caller looked
    return incident.point.x, incident.point.y, incident.uncertainty_m or 0.0


def _proposed(incident: Incident, near: Sequence[AreaAround]) -> list[AreaLink]:
    return [
        AreaLink(
            incident=incident,
            area_id=area.key,
            relation=AreaLink.Relation.INSIDE if area.is_inside else AreaLink.Relation.NEAR,
            distance_m=area.distance_m,
            uncertainty_m=(incident.uncertainty_m or 0.0) + area.accuracy_m,
            share=area.share,
            share_inside=area.share_inside,
            rank=rank,
            method=AreaLink.Method.RULE,
        )
        for rank, area in enumerate(near)
    ]


def area_link(incident: Incident, near: NearbyArea, method: str) -> AreaLink:
    """An unsaved link, as measured; its rank is for the caller."""
    return AreaLink(
        incident=incident,
        area=near.area,
        relation=AreaLink.Relation.INSIDE if near.is_inside else AreaLink.Relation.NEAR,
        distance_m=near.distance_m,
        uncertainty_m=(incident.uncertainty_m or 0.0) + (near.area.accuracy_m or 0.0),
        share=near.share,
        share_inside=near.share_inside,
        rank=0,
        method=method,
    )


def measured_from(incident: Incident, area: ProducingArea) -> NearbyArea:
    """An area as seen from where an incident is, however far. The incident must have a point."""
    if incident.point is None:
        raise ValueError("the incident has no point")
    return measure_area(area, incident.point.x, incident.point.y, uncertainty_m=incident.uncertainty_m or 0.0)


def _links(incident: Incident) -> list[AreaLink]:
    """What should be linked: the confirmed, the proposed, and those in reach that were retired since."""
    assert incident.point is not None  # noqa: S101 - the caller looked
    confirmed = {
        link.area_id: link.area
        for link in incident.area_links.filter(method=AreaLink.Method.MODERATOR).select_related("area")
    }
    refused = incident.refused_links.select_related("area")
    # A place that was joined to another is judged with it.
    left_out = {refusal.area.joined_to_id or refusal.area_id for refusal in refused}
    left_out |= {area.joined_to_id for area in confirmed.values() if area.joined_to_id}
    found = nearby_areas(
        incident.point.x,
        incident.point.y,
        uncertainty_m=incident.uncertainty_m or 0.0,
        left_out=frozenset(left_out),
    )
    links = [
        area_link(
            incident,
            near,
            AreaLink.Method.MODERATOR if near.area.pk in confirmed else AreaLink.Method.RULE,
        )
        for near in found
    ]
    listed = {near.area.pk for near in found}
    links += [
        area_link(incident, measured_from(incident, area), AreaLink.Method.MODERATOR)
        for key, area in confirmed.items()
        if key not in listed
    ]
    retired = incident.area_links.filter(
        method=AreaLink.Method.RULE, area__retired_on__isnull=False, area__joined_to__isnull=True
    ).select_related("area")
    links += [
        area_link(incident, near, AreaLink.Method.RULE)
        for link in retired
        if link.area_id not in left_out and (near := measured_from(incident, link.area)).is_in_reach
    ]
    return sorted(links, key=lambda link: (link.distance_m, link.area_id))

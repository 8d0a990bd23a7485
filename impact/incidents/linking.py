"""Linking an incident to the producing areas around it: inside or near, how far, how sure."""

from django.db import transaction
from django.utils import timezone

from impact.incidents.models import AreaLink, Incident
from impact.places.nearness import nearby_areas


def link_incident(incident: Incident) -> list[AreaLink]:
    """Link an incident to the nearest producing areas, replacing what the rule said before.

    Links that a moderator made stay. Distances are geodesic metres on WGS 84. Safe to run twice.
    """
    near = nearby_areas(incident.point.x, incident.point.y) if incident.point else []
    with transaction.atomic():
        by_hand = set(
            incident.area_links.filter(method=AreaLink.Method.MODERATOR).values_list("area_id", flat=True)
        )
        incident.area_links.filter(method=AreaLink.Method.RULE).delete()
        links = AreaLink.objects.bulk_create(
            AreaLink(
                incident=incident,
                area=found.area,
                relation=AreaLink.Relation.INSIDE if found.is_inside else AreaLink.Relation.NEAR,
                distance_m=found.distance_m,
                uncertainty_m=(incident.uncertainty_m or 0.0) + (found.area.accuracy_m or 0.0),
                rank=rank,
            )
            for rank, found in enumerate(near)
            if found.area.pk not in by_hand
        )
        incident.linked_at = timezone.now()
        incident.save(update_fields=["linked_at"])
    return links


def link_unlinked(limit: int = 500) -> int:
    """Link what a crash left unlinked: a worker's turn. Returns how many were linked."""
    waiting = list(Incident.objects.filter(linked_at__isnull=True).order_by("received_at")[:limit])
    for incident in waiting:
        link_incident(incident)
    return len(waiting)


def mark_unlinked() -> int:
    """Mark every incident for linking again, after the producing areas changed. Returns how many."""
    return Incident.objects.filter(point__isnull=False).update(linked_at=None)

"""Alerts by rule, raised by the worker: once for each cluster of incidents, whatever dies in between.

A cluster is incidents that lie within the rule's radius of one of them, with at least the rule's number
in that circle; circles that share an incident are one cluster. Distances are geodesic, on WGS 84.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import radians
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from pyproj import Geod

from impact.accounts.models import User
from impact.accounts.permissions import can_moderate
from impact.incidents.models import Incident, IncidentHarm
from impact.moderation.access import visible_incidents
from impact.moderation.alert_models import Alert, AlertMail, AlertRule
from impact.vocabulary import HARMS_BY_THEME, REJECTED, SORTED_OUT, Theme

EVERY = timedelta(minutes=1)
_WGS84 = Geod(ellps="WGS84")
_EARTH_KM = 6371.0
_SLACK = 1.01  # the sphere is at most so much shorter than the ellipsoid


@dataclass(frozen=True, slots=True)
class Spot:
    """An incident as clusters see it. Degrees, WGS 84."""

    pk: UUID
    longitude: float
    latitude: float
    on: date
    country: str


def raise_due_alerts(now: datetime | None = None) -> int:
    """A worker's turn: evaluate the rules that nobody evaluated within a minute. Returns new alerts."""
    now = now or timezone.now()
    raised = 0
    due = AlertRule.objects.filter(
        Q(evaluated_at__isnull=True) | Q(evaluated_at__lte=now - EVERY), is_active=True
    )
    for rule in due:
        claimed = AlertRule.objects.filter(pk=rule.pk, evaluated_at=rule.evaluated_at)
        if claimed.update(evaluated_at=now):
            raised += raise_alerts(rule, now)
    return raised


def raise_alerts(rule: AlertRule, now: datetime) -> int:
    """Raise the alerts of one rule and let open ones grow. Returns how many are new. Safe to run twice.

    The alert, its incidents and its letters are written in one transaction, so that a crash leaves all of
    them or none; the cluster's first incident keeps a second run from raising it again.
    """
    found = clusters(_spots(rule, now), least=rule.least, radius_km=rule.radius_km)
    raised = 0
    for cluster in found:
        with transaction.atomic():
            standing = AlertRule.objects.select_for_update().get(pk=rule.pk)
            if not standing.is_active or standing.terms() != rule.terms():
                break  # changed meanwhile: the next turn knows
            raised += _raise_or_grow(rule, cluster, now)
    return raised


def clusters(spots: Sequence[Spot], *, least: int, radius_km: float) -> list[list[Spot]]:
    """Groups of spots dense enough for a rule, each in order of time; the earliest group first."""
    if len(spots) < least:
        return []
    around = _neighbours(spots, radius_km)
    group = list(range(len(spots)))

    def root(index: int) -> int:
        while group[index] != index:
            group[index] = group[group[index]]
            index = group[index]
        return index

    dense: set[int] = set()
    for near in around:
        if len(near) >= least:
            dense.update(near)
            for index in near:
                group[root(index)] = root(near[0])
    by_root: dict[int, list[Spot]] = {}
    for index in dense:
        by_root.setdefault(root(index), []).append(spots[index])
    ordered = [sorted(members, key=lambda spot: (spot.on, str(spot.pk))) for members in by_root.values()]
    return sorted(ordered, key=lambda members: (members[0].on, str(members[0].pk)))


def _raise_or_grow(rule: AlertRule, cluster: list[Spot], now: datetime) -> int:
    keys = [spot.pk for spot in cluster]
    before = Alert.objects.filter(rule=rule, incidents__in=keys).distinct()
    known = set(
        Alert.incidents.through.objects.filter(alert__in=before).values_list("incident_id", flat=True)
    )
    new = [spot for spot in cluster if spot.pk not in known]
    if not new:
        return 0
    open_alert = before.filter(closed_at__isnull=True).order_by("-raised_at").first()
    if open_alert is not None:
        open_alert.incidents.add(*Incident.objects.filter(pk__in=[spot.pk for spot in new]))
        open_alert.grown_at = now
        open_alert.save(update_fields=["grown_at"])
        return 0
    if known and len(new) < rule.least:
        return 0  # a few more around an alert that was seen to are no new one
    alert, is_new = Alert.objects.get_or_create(
        rule=rule,
        anchor_id=new[0].pk,
        defaults={"country": new[0].country, "raised_at": now, "grown_at": now},
    )
    alert.incidents.add(*Incident.objects.filter(pk__in=keys))
    if is_new and settings.EMAIL_IS_ON:
        AlertMail.objects.bulk_create(
            AlertMail(alert=alert, moderator=moderator, due_at=now) for moderator in _readers(keys)
        )
    return int(is_new)


def _readers(keys: list[UUID]) -> list[User]:
    """The moderators who may read one of these incidents and have an address."""
    people = User.objects.filter(is_active=True).exclude(email="")
    return [
        person
        for person in people
        if can_moderate(person) and visible_incidents(person).filter(pk__in=keys).exists()
    ]


def _spots(rule: AlertRule, now: datetime) -> list[Spot]:
    first = (now - timedelta(days=rule.window_days)).date()
    incidents = (
        Incident.objects.filter(point__isnull=False, received_at__gte=now - timedelta(days=rule.window_days))
        .filter(Q(occurred_to__isnull=True) | Q(occurred_to__gte=first))
        .exclude(triage__in=SORTED_OUT)
        .exclude(verification__in=REJECTED)
        .filter(echo=None)  # who sends one story often raises no alarm by it
    )
    if rule.country:
        incidents = incidents.filter(country=rule.country)
    if rule.theme:
        harms = IncidentHarm.objects.filter(harm__in=HARMS_BY_THEME[Theme(rule.theme)])
        incidents = incidents.filter(pk__in=harms.values("incident"))
    return [
        Spot(pk, point.x, point.y, occurred_to or received_at.date(), country)
        for pk, point, occurred_to, received_at, country in incidents.values_list(
            "pk", "point", "occurred_to", "received_at", "country"
        )
        if point is not None
    ]


def _neighbours(spots: Sequence[Spot], radius_km: float) -> list[list[int]]:
    """For each spot all within the radius, itself too: a ball tree on the sphere, then the ellipsoid."""
    from sklearn.neighbors import BallTree  # half a second to load: only where there are spots

    points = np.array([(radians(spot.latitude), radians(spot.longitude)) for spot in spots])
    candidates: Any = BallTree(points, metric="haversine").query_radius(
        points, radius_km * _SLACK / _EARTH_KM
    )
    near = []
    for spot, indices in zip(spots, candidates, strict=True):
        others = [spots[index] for index in indices]
        count = len(others)
        distances_m = _WGS84.inv(
            [spot.longitude] * count,
            [spot.latitude] * count,
            [other.longitude for other in others],
            [other.latitude for other in others],
        )[2]
        within = [
            int(i) for i, metres in zip(indices, distances_m, strict=True) if metres <= radius_km * 1000
        ]
        near.append(within)
    return near

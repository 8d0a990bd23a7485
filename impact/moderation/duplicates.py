"""Other cases that may be the same event: found by time and place, then compared in full."""

import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.gis.geos import Polygon
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from impact.accounts.models import User
from impact.incidents.models import Incident, IncidentHarm, Report
from impact.moderation.casework import Likeness
from impact.moderation.echoing import note_echo
from impact.moderation.likeness import (
    FARTHEST_DAYS,
    SUGGESTED_FROM,
    CaseFacts,
    Reason,
    compare_cases,
    rough_score,
)
from impact.places.boxes import Box
from impact.places.nearness.areas import boxes_around
from impact.vocabulary import Triage

_A_TURN_S = 2.0
_AROUND_M = 40_000.0
_MOST_UNCERTAIN_M = 60_000.0  # wider than this, a place says too little to search by
_MOST_ROUGH, _MOST_COMPARED, MOST_SUGGESTED = 1_500, 40, 8
_ROUGHLY_LIKE = -0.5
_LONGEST_TEXT, _MOST_TEXTS = 1_000, 6
_NOT_COMPARED = (Triage.SPAM, Triage.OUT_OF_SCOPE)
_COLUMNS = (
    *("pk", "received_at", "perpetrator", "people", "occurred_from", "occurred_to"),
    *("point", "uncertainty_m", "place_name"),
)


@dataclass(frozen=True, slots=True)
class Likely:
    """A case that may be the same event, how likely (points), and why."""

    incident_id: UUID
    score: float
    reasons: tuple[Reason, ...]


def likely_duplicates(incident: Incident) -> list[Likely]:
    """Cases that may be the same event as this one, the likeliest first; five queries, writes nothing.

    Within three weeks of its receipt, and around its place as far as both uncertainties reach. Those that
    a moderator told apart stay away, and so do merged ones and spam.
    """
    near = _rough_facts(_candidate_ids(incident))
    harms = _harms_of([*near, incident.pk])
    mine = _facts(vars(incident), harms.get(incident.pk, ()))
    roughly = {pk: _facts(row, harms.get(pk, ())) for pk, row in near.items()}
    ranked = sorted(((rough_score(mine, facts), str(pk), pk) for pk, facts in roughly.items()), reverse=True)
    chosen = [pk for score, _key, pk in ranked[:_MOST_COMPARED] if score >= _ROUGHLY_LIKE]
    words = _words_of([*chosen, incident.pk])
    apart = _told_apart(incident)
    mine = _with_words(mine, words.get(incident.pk, []))
    found = []
    for pk in chosen:
        if pk in apart:
            continue
        likelihood = compare_cases(mine, _with_words(roughly[pk], words.get(pk, [])))
        if likelihood.score >= SUGGESTED_FROM:
            found.append(Likely(pk, likelihood.score, likelihood.reasons))
    found.sort(key=lambda likely: (-likely.score, str(likely.incident_id)))
    return found[:MOST_SUGGESTED]


def compare_uncompared(limit: int = 100, seconds: float = _A_TURN_S) -> int:
    """Compare cases that came or changed: a worker's turn. Returns how many were compared.

    Where hundreds tell of one event each comparison is long, and other jobs wait: it stops after `seconds`.
    """
    until = time.monotonic() + seconds
    done = 0
    for incident in Incident.objects.filter(compared_at__isnull=True).order_by("received_at")[:limit]:
        done += keep_suggestions(incident)
        if time.monotonic() >= until:
            break
    return done


def keep_suggestions(incident: Incident) -> bool:
    """Keep what is likely for the queue to filter by, in place of what was likely before.

    It is compared before the transaction, which on SQLite keeps all others from writing. False when the case
    was changed meanwhile: then it still waits to be compared.
    """
    is_compared = incident.merged_into_id is None and incident.triage not in _NOT_COMPARED
    likely = likely_duplicates(incident) if is_compared else []
    with transaction.atomic():
        as_read = Incident.objects.select_for_update().filter(pk=incident.pk, updated_at=incident.updated_at)
        if not as_read.exists():
            return False
        Likeness.objects.filter(Q(first=incident) | Q(second=incident), dismissed_by=None).delete()
        Likeness.objects.bulk_create(
            (
                Likeness(**_pair(incident.pk, found.incident_id), score=found.score, reasons=found.reasons)
                for found in likely
            ),
            ignore_conflicts=True,
        )
        note_echo(incident, [found.incident_id for found in likely if Reason.SAME_WORDS in found.reasons])
        Incident.objects.filter(pk=incident.pk).update(compared_at=timezone.now())
    return True


def tell_apart(incident: Incident, other: Incident, moderator: User) -> None:
    """Say that two cases are two: they are not suggested to each other again."""
    pair = _pair(incident.pk, other.pk)
    Likeness.objects.update_or_create(
        first_id=pair["first_id"],
        second_id=pair["second_id"],
        defaults={"score": 0.0, "reasons": [], "dismissed_by": moderator},
    )


def _pair(one: UUID, other: UUID) -> dict[str, UUID]:
    # Databases order UUIDs as their hex digits, and so does Python.
    first, second = sorted((one, other))
    return {"first_id": first, "second_id": second}


def _told_apart(incident: Incident) -> set[UUID]:
    pairs = Likeness.objects.filter(Q(first=incident) | Q(second=incident), dismissed_by__isnull=False)
    return {pk for pair in pairs.values_list("first_id", "second_id") for pk in pair} - {incident.pk}


def _candidate_ids(incident: Incident) -> list[UUID]:
    window = timedelta(days=FARTHEST_DAYS)
    since, until = incident.received_at - window, incident.received_at + window
    around_m = _AROUND_M + min(incident.uncertainty_m or 0.0, _MOST_UNCERTAIN_M)
    ids: list[UUID] = []
    if incident.point is not None:
        for box in boxes_around(incident.point.x, incident.point.y, around_m):
            ids += _ids_in_box(box, since, until)
    # Without a place, words and people have to do: only among those of the same days.
    lately = timedelta(days=FARTHEST_DAYS // 2)
    placeless = Incident.objects.filter(
        received_at__range=(incident.received_at - lately, incident.received_at + lately)
    )
    if incident.point is not None:
        placeless = placeless.filter(point__isnull=True)
    ids += placeless.order_by("received_at").values_list("pk", flat=True)[:_MOST_ROUGH]
    return [pk for pk in dict.fromkeys(ids) if pk != incident.pk][:_MOST_ROUGH]


def _ids_in_box(box: Box, since: datetime, until: datetime) -> list[UUID]:
    west, south, east, north = box
    within: QuerySet[Incident] = Incident.objects.filter(received_at__range=(since, until))
    if settings.IS_SPATIALITE:
        # As in places.nearness: `bboverlaps` would scan the table, the R*Tree beside it does not.
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM incidents_incident WHERE received_at BETWEEN %s AND %s AND rowid IN "
                "(SELECT pkid FROM idx_incidents_incident_point "
                "WHERE xmax >= %s AND xmin <= %s AND ymax >= %s AND ymin <= %s)",
                (
                    *(connection.ops.adapt_datetimefield_value(at) for at in (since, until)),
                    *(west, east, south, north),
                ),
            )
            return [UUID(row[0]) for row in cursor.fetchmany(_MOST_ROUGH)]
    polygon = Polygon.from_bbox((west, south, east, north))
    polygon.srid = 4326
    return list(within.filter(point__bboverlaps=polygon).values_list("pk", flat=True)[:_MOST_ROUGH])


def _rough_facts(ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    cases = Incident.objects.filter(pk__in=ids, merged_into__isnull=True).exclude(triage__in=_NOT_COMPARED)
    return {row["pk"]: row for row in cases.order_by().values(*_COLUMNS)}


def _harms_of(ids: list[UUID]) -> dict[UUID, tuple[str, ...]]:
    harms: dict[UUID, tuple[str, ...]] = {}
    rows = IncidentHarm.objects.filter(incident__in=ids).order_by("rank").values_list("incident_id", "harm")
    for incident_id, harm in rows:
        harms[incident_id] = (*harms.get(incident_id, ()), harm)
    return harms


def _words_of(ids: list[UUID]) -> dict[UUID, list[tuple[str, int | None]]]:
    words: dict[UUID, list[tuple[str, int | None]]] = {}
    rows = Report.objects.filter(incident__in=ids).values_list("incident_id", "text", "reporter_id")
    for incident_id, text, reporter_id in rows.order_by("received_at"):
        words.setdefault(incident_id, []).append((text, reporter_id))
    return words


def _facts(row: dict[str, Any], harms: tuple[str, ...]) -> CaseFacts:
    first, last, point = row["occurred_from"], row["occurred_to"], row["point"]
    return CaseFacts(
        received_on=row["received_at"].date(),
        harms=harms,
        perpetrator=row["perpetrator"],
        people=row["people"],
        occurred=(first, last or first) if first else None,
        point=(point.x, point.y) if point else None,
        uncertainty_m=row["uncertainty_m"] or 0.0,
        place_name=row["place_name"],
    )


def _with_words(facts: CaseFacts, words: list[tuple[str, int | None]]) -> CaseFacts:
    return replace(
        facts,
        texts=tuple(text[:_LONGEST_TEXT] for text, _reporter in words[:_MOST_TEXTS]),
        reporters=frozenset(reporter for _text, reporter in words if reporter is not None),
    )

"""Counts by what an incident has several of: its harms, the producing areas near it.

From the columns that the process holds; by the database while those are read for the first time. There it is
a join of every incident, which is most of what a page of figures costs.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.db.models import Count, Exists, OuterRef

from impact.places.models import ProducingArea
from impact.publication.columns.rows import Columns
from impact.publication.columns.selecting import chosen_rows
from impact.publication.columns.standing import public_columns
from impact.publication.filtering import IncidentFilter
from impact.publication.models import PublishedHarm, PublishedLink
from impact.publication.published import published_incidents
from impact.vocabulary import Harm

# How many incidents have exactly these harms, done by this kind of perpetrator.
HarmSets = Counter[tuple[frozenset[str], str]]

_BITS = {str(harm): 1 << place for place, harm in enumerate(Harm)}
_CASES = " ".join(f"WHEN '{harm}' THEN {bit}" for harm, bit in _BITS.items())
# Codes of the vocabulary and our own query: nothing in it comes from a reader.
_SETS = f"""
SELECT COALESCE(told.bits, 0), shown.perpetrator, COUNT(*)
FROM ({{incidents}}) AS shown
LEFT JOIN (
  SELECT published_id, SUM(CASE harm {_CASES} ELSE 0 END) AS bits
  FROM {PublishedHarm._meta.db_table} GROUP BY published_id
) AS told ON told.published_id = shown.id
GROUP BY 1, 2
"""  # noqa: S608


def harm_sets(chosen: IncidentFilter) -> HarmSets:
    """What passes a filter by the set of its harms and its perpetrator."""
    columns = public_columns()
    if columns is None:
        return harm_sets_by_database(chosen)
    rows, words = columns.rows, columns.words
    kinds = len(words.perpetrators.words)
    keys = _chosen(columns, chosen, rows.harms.astype(np.int64) * max(kinds, 1) + rows.perpetrator)
    found: HarmSets = Counter()
    for key, count in _counts(keys):
        bits, kind = divmod(key, kinds)
        harms = frozenset(harm for place, harm in enumerate(words.harms.words) if bits >> place & 1)
        found[harms, words.perpetrators.words[kind]] += count
    return found


def harm_sets_by_database(chosen: IncidentFilter) -> HarmSets:
    """The same by a query. Django cannot join one that groups, and asking for the harms of each row alone
    takes both databases three times as long."""
    shown = published_incidents(chosen).order_by().values_list("id", "perpetrator")
    incidents, parameters = shown.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_SETS.format(incidents=incidents), parameters)
        rows = cursor.fetchall()
    found: HarmSets = Counter()
    for bits, perpetrator, count in rows:
        found[frozenset(harm for harm, bit in _BITS.items() if bits & bit), perpetrator] += count
    return found


def nearest_kinds(chosen: IncidentFilter) -> Counter[str]:
    """What passes a filter by the kind of its nearest area; what has none near is left out."""
    columns = public_columns()
    if columns is None:
        return nearest_kinds_by_database(chosen)
    kinds = dict(ProducingArea.objects.order_by().values_list("pk", "kind"))  # they change by themselves
    found: Counter[str] = Counter()
    for area, count in _counts(_chosen(columns, chosen, columns.points.nearest[columns.rows.links])):
        if area:
            found[kinds.get(area, "")] += count
    return found


def nearest_kinds_by_database(chosen: IncidentFilter) -> Counter[str]:
    nearest = published_incidents(chosen).order_by().filter(area_links__rank=0)
    return Counter(dict(nearest.values_list("area_links__area__kind").annotate(count=Count("pk"))))


@dataclass(frozen=True, slots=True)
class Near:
    """How many producing areas have one of the incidents near them, and how many incidents have any."""

    areas: int
    incidents: int


def areas_near(chosen: IncidentFilter) -> Near:
    """What passes a filter, beside producing areas."""
    columns = public_columns()
    if columns is None:
        return areas_near_by_database(chosen)
    sets = columns.words.links.words
    counts = [(sets[code], count) for code, count in _counts(_chosen(columns, chosen, columns.rows.links))]
    areas = {area for links, _count in counts for _rank, area in links}
    return Near(len(areas), sum(count for links, count in counts if links))


def areas_near_by_database(chosen: IncidentFilter) -> Near:
    if not chosen.as_params():
        # Each area needs one link only, so nobody goes through them all.
        near = PublishedLink.objects.filter(area=OuterRef("pk"), published__retracted_on__isnull=True)
        nearest = PublishedLink.objects.filter(rank=0, published__retracted_on__isnull=True)
        return Near(ProducingArea.objects.filter(Exists(near)).count(), nearest.order_by().count())
    incidents = published_incidents(chosen).order_by().values("pk")
    links = PublishedLink.objects.filter(published__in=incidents).order_by()
    counted = links.aggregate(areas=Count("area", distinct=True), incidents=Count("published", distinct=True))
    return Near(counted["areas"], counted["incidents"])


def _chosen(columns: Columns, chosen: IncidentFilter, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return values if chosen == IncidentFilter() else values[chosen_rows(columns, chosen)]


def _counts(values: npt.NDArray[Any]) -> list[tuple[int, int]]:
    found, counts = np.unique(values, return_counts=True)
    return list(zip(found.tolist(), counts.tolist(), strict=True))

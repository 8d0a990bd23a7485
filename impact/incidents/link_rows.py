"""Writing links by the ten thousand: COPY on PostgreSQL, one prepared statement on SQLite."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from django.utils import timezone

from impact.incidents.models import AreaLink, Incident
from impact.sql_marks import marks

_BATCH = 5000
_COLUMNS = "incident_id, area_id, relation, distance_m, uncertainty_m, share, share_inside, rank, method"


@dataclass(frozen=True, slots=True)
class LinkRows:
    """Links as columns; `incident` holds keys as the database has them."""

    incident: list[Any]
    area: np.ndarray
    is_inside: np.ndarray
    distance_m: np.ndarray
    uncertainty_m: np.ndarray
    share: np.ndarray
    share_inside: np.ndarray
    rank: np.ndarray

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        relations = [AreaLink.Relation.NEAR.value, AreaLink.Relation.INSIDE.value]
        method = AreaLink.Method.RULE.value
        columns = (
            column.tolist()
            for column in (
                self.area, self.is_inside, self.distance_m, self.uncertainty_m,
                self.share, self.share_inside, self.rank,
            )
        )  # fmt: skip
        for key, area, is_inside, *numbers in zip(self.incident, *columns, strict=True):
            yield (key, area, relations[is_inside], *numbers, method)


def replace_links(incidents: list[UUID], links: LinkRows) -> None:
    """Put links in the place of all that these incidents have, and say that they are linked.

    Call inside a transaction in which the incidents' rows are locked.
    """
    for start in range(0, len(incidents), _BATCH):
        AreaLink.objects.filter(incident__in=incidents[start : start + _BATCH]).delete()
    _insert(links)
    now = timezone.now()
    for start in range(0, len(incidents), _BATCH):
        Incident.objects.filter(pk__in=incidents[start : start + _BATCH]).update(linked_at=now)


def _insert(links: LinkRows) -> None:
    table = AreaLink._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {table} ({_COLUMNS}) FROM STDIN") as copy:
                for row in links:
                    copy.write_row(row)
            return
        values = marks(_COLUMNS.count(",") + 1)
        cursor.executemany(f"INSERT INTO {table} ({_COLUMNS}) VALUES ({values})", list(links))  # noqa: S608

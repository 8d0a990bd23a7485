"""Rows of what is public as columns, read from the three tables that say it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from impact.publication.columns import Dictionaries, Rows
from impact.publication.models import PublishedHarm, PublishedIncident, PublishedLink
from impact.vocabulary import PeopleKind

_TURN = 20_000
_KEYS_A_QUERY = 500
_READ = (
    "key",
    "theme",
    "perpetrator",
    "verification",
    "country",
    "first",
    "last",
    "counted",
    "longitude",
    "latitude",
    "cell",
)


def every_part(words: Dictionaries) -> Iterator[Rows]:
    """All that is public, some ten thousand at a time, so that little is held twice."""
    after: UUID | None = None
    while (last := _end_of_turn(after)) is not None:
        between = {"__lte": last} if after is None else {"__lte": last, "__gt": after}
        of_others: dict[str, Any] = {f"published_id{name}": key for name, key in between.items()}
        yield _part(
            PublishedIncident.objects.filter(**{f"pk{name}": key for name, key in between.items()}),
            PublishedHarm.objects.filter(**of_others),
            PublishedLink.objects.filter(**of_others),
            words,
        )
        after = last


def parts_of(keys: Iterable[UUID], words: Dictionaries) -> Iterator[Rows]:
    """Those of some incidents that are public."""
    listed = sorted(keys)
    for start in range(0, len(listed), _KEYS_A_QUERY):
        some = listed[start : start + _KEYS_A_QUERY]
        yield _part(
            PublishedIncident.objects.filter(pk__in=some),
            PublishedHarm.objects.filter(published__in=some),
            PublishedLink.objects.filter(published__in=some),
            words,
        )


def _end_of_turn(after: UUID | None) -> UUID | None:
    keys = PublishedIncident.objects.order_by("pk").values_list("pk", flat=True)
    if after is not None:
        keys = keys.filter(pk__gt=after)
    return keys[_TURN - 1 : _TURN].first() or keys.last()


def _part(
    incidents: QuerySet[PublishedIncident],
    harms: QuerySet[PublishedHarm],
    links: QuerySet[PublishedLink],
    words: Dictionaries,
) -> Rows:
    people: list[Any] = [Coalesce(F(kind), Value(0)) for kind in PeopleKind.values]
    read = list(
        incidents.filter(retracted_on__isnull=True)
        .order_by()
        .annotate(
            # As text: a column of it becomes numbers at once.
            key=Cast("pk", CharField()),
            first=Cast("occurred_from", CharField()),
            last=Cast("occurred_to", CharField()),
            counted=sum(people[1:], people[0]),
        )
        .values_list(*_READ)
    )
    if not read:
        return Rows.none()
    key, theme, perpetrator, verification, country, first, last, counted, *place = zip(*read, strict=True)
    bits, near = _harms_of(harms, words), _links_of(links)
    raw = bytes.fromhex("".join(key).replace("-", ""))
    return Rows(
        ids=np.frombuffer(raw, dtype=">u8").reshape(-1, 2).astype(np.uint64),
        point=np.array(words.points.of(zip(*place, strict=True)), dtype=np.int64),
        links=np.array(words.links.of(tuple(near.get(one, ())) for one in key), dtype=np.int32),
        theme=np.array(words.themes.of(theme), dtype=np.int8),
        perpetrator=np.array(words.perpetrators.of(perpetrator), dtype=np.int8),
        verification=np.array(words.verifications.of(verification), dtype=np.int8),
        country=np.array(words.countries.of(country), dtype=np.int16),
        harms=np.array([bits.get(one, 0) for one in key], dtype=np.int32),
        occurred_from=np.array(first, dtype="datetime64[D]"),
        occurred_to=np.array(last, dtype="datetime64[D]"),
        people=np.array(counted, dtype=np.int64),
    )


def _harms_of(harms: QuerySet[PublishedHarm], words: Dictionaries) -> dict[str, int]:
    """The bits of the harms, by incident."""
    bits: dict[str, int] = defaultdict(int)
    rows = harms.order_by().annotate(of=Cast("published_id", CharField())).values_list("of", "harm")
    for of, harm in rows:
        bits[of] |= 1 << words.harms.of((harm,))[0]
    return bits


def _links_of(links: QuerySet[PublishedLink]) -> dict[str, list[tuple[int, int]]]:
    """The rank and key of the producing areas, by incident, in order."""
    near: dict[str, list[tuple[int, int]]] = defaultdict(list)
    rows = links.order_by("rank", "area_id").annotate(of=Cast("published_id", CharField()))
    for of, rank, area in rows.values_list("of", "rank", "area_id"):
        near[of].append((rank, area))
    return near

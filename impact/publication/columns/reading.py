"""Rows of what is public as columns, read from the three tables that say it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db.models import Aggregate, CharField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat

from impact.publication.columns.rows import NEVER, Dictionaries, Rows
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


class _Listed(Aggregate):
    """The values of a group in one text, comma-separated, in no order."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "STRING_AGG(%(expressions)s, ',')"
        return self.as_sql(compiler, connection, template=template, **context)


class ColumnReader:
    """Reads rows with numbers of some dictionaries, which it adds to."""

    def __init__(self, words: Dictionaries) -> None:
        self._words = words
        # What was read as text before: a million incidents have some ten thousand sets of areas.
        self._harms: dict[str, int] = {}
        self._links: dict[str, int] = {}

    def every_part(self) -> Iterator[Rows]:
        """All that is public, some ten thousand at a time, so that little is held twice."""
        after: UUID | None = None
        while (last := _end_of_turn(after)) is not None:
            between = {"__lte": last} if after is None else {"__lte": last, "__gt": after}
            of_others: dict[str, Any] = {f"published_id{name}": key for name, key in between.items()}
            yield self._part(
                PublishedIncident.objects.filter(**{f"pk{name}": key for name, key in between.items()}),
                PublishedHarm.objects.filter(**of_others),
                PublishedLink.objects.filter(**of_others),
            )
            after = last

    def parts_of(self, keys: Iterable[UUID]) -> Iterator[Rows]:
        """Those of some incidents that are public."""
        listed = sorted(keys)
        for start in range(0, len(listed), _KEYS_A_QUERY):
            some = listed[start : start + _KEYS_A_QUERY]
            yield self._part(
                PublishedIncident.objects.filter(pk__in=some),
                PublishedHarm.objects.filter(published__in=some),
                PublishedLink.objects.filter(published__in=some),
            )

    def _part(
        self,
        incidents: QuerySet[PublishedIncident],
        harms: QuerySet[PublishedHarm],
        links: QuerySet[PublishedLink],
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
        rank_and_area = Concat(Cast("rank", CharField()), Value(" "), Cast("area_id", CharField()))
        harms_of = _listed(harms, F("harm"), self._harms, self._bits)
        links_of = _listed(links, rank_and_area, self._links, self._links_code)
        no_links = self._links_code("")
        words = self._words
        raw = bytes.fromhex("".join(key).replace("-", ""))
        return Rows(
            ids=np.frombuffer(raw, dtype=">u8").reshape(-1, 2).astype(np.uint64),
            point=np.array(words.points.of(zip(*place, strict=True)), dtype=np.int64),
            links=np.array([links_of.get(one, no_links) for one in key], dtype=np.int64),
            theme=np.array(words.themes.of(theme), dtype=np.int8),
            perpetrator=np.array(words.perpetrators.of(perpetrator), dtype=np.int8),
            verification=np.array(words.verifications.of(verification), dtype=np.int8),
            country=np.array(words.countries.of(country), dtype=np.int16),
            harms=np.array([harms_of.get(one, 0) for one in key], dtype=np.int32),
            occurred_from=_days(first, NEVER),
            occurred_to=_days(last, -NEVER),
            people=np.array(counted, dtype=np.int64),
        )

    def _bits(self, harms: str) -> int:
        return sum(1 << code for code in self._words.harms.of(harms.split(",")))

    def _links_code(self, links: str) -> int:
        pairs = (pair.split(" ") for pair in links.split(",") if pair)
        return self._words.links.of((tuple(sorted((int(rank), int(area)) for rank, area in pairs)),))[0]


def _days(texts: Sequence[str | None], unknown: int) -> npt.NDArray[np.int32]:
    days = np.array(texts, dtype="datetime64[D]")
    return np.where(np.isnat(days), unknown, days.astype(np.int64)).astype(np.int32)


def _end_of_turn(after: UUID | None) -> UUID | None:
    keys = PublishedIncident.objects.order_by("pk").values_list("pk", flat=True)
    if after is not None:
        keys = keys.filter(pk__gt=after)
    return keys[_TURN - 1 : _TURN].first() or keys.last()


def _listed(
    rows: QuerySet[Any], value: Any, known: dict[str, int], read: Callable[[str], int]
) -> dict[str, int]:
    """What all the values of each incident are as a number."""
    found = {}
    listed = rows.order_by().values("published_id").annotate(values_=_Listed(value))
    for key, text in listed.values_list(Cast("published_id", CharField()), "values_"):
        if (number := known.get(text)) is None:
            number = known[text] = read(text)
        found[key] = number
    return found

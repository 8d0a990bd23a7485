"""A figure as a question to a snapshot: small enough to be written into a file and asked again by others.

docs/check_brief.py asks the same questions with nothing but Python's standard library.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from impact.publication.published import PublishedRecord
from impact.vocabulary import DatePrecision, PeopleKind

Condition = Callable[[PublishedRecord], bool]
MEASURES = (
    "incidents",
    "unplaced",
    "countries",
    "areas",
    "months",
    *(f"people.{kind}" for kind in PeopleKind.values),
)


@dataclass(frozen=True, slots=True)
class Where:
    """Which incidents: all that is given has to hold; of a list, any.

    `area_kind` is that of the nearest producing area, "none" where there is none near; `area` the key
    of one among those near. Days as YYYY-MM-DD: an incident counts when it may have been on one of them.
    """

    country: str = ""
    from_on: str = ""
    to_on: str = ""
    month: str = ""
    themes: tuple[str, ...] = ()
    harms: tuple[str, ...] = ()
    perpetrators: tuple[str, ...] = ()
    verification: str = ""
    area: int = 0
    area_kind: str = ""

    def holds(self, record: PublishedRecord) -> bool:
        return all(condition(record) for condition in self.conditions())

    def conditions(self) -> list[Condition]:
        """One test for each thing that is given: what is not given costs nothing."""
        found: list[Condition] = []
        if self.country:
            found.append(lambda record: record["country"] == self.country)
        if self.from_on:
            found.append(lambda record: (record["occurred_to"] or "") >= self.from_on)
        if self.to_on:
            found.append(lambda record: "" < (record["occurred_from"] or "") <= self.to_on)
        if self.month:
            found.append(lambda record: month_of(record) == self.month)
        if self.themes:
            found.append(lambda record: record["theme"] in self.themes)
        if self.harms:
            harms = frozenset(self.harms)
            found.append(lambda record: not harms.isdisjoint(record["harms"]))
        if self.perpetrators:
            found.append(lambda record: record["perpetrator"] in self.perpetrators)
        if self.verification:
            found.append(lambda record: record["verification"] == self.verification)
        if self.area:
            found.append(lambda record: any(area["id"] == self.area for area in record["areas"]))
        if self.area_kind:
            found.append(lambda record: nearest_kind(record) == self.area_kind)
        return found

    def as_json(self) -> dict[str, Any]:
        """Only what narrows."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True, slots=True)
class Query:
    """One measure over the incidents that any of `where` holds for (each incident once)."""

    measure: str
    where: tuple[Where, ...] = (Where(),)

    def ask(self, records: Iterable[PublishedRecord]) -> int:
        """The figure. ValueError for a measure that is none of MEASURES."""
        return self.measured(self.chosen(records))

    def chosen(self, records: Iterable[PublishedRecord]) -> list[PublishedRecord]:
        """The incidents that any of `where` holds for, each once."""
        tests = [where.conditions() for where in self.where]
        if not all(tests):
            return list(records)  # one of them asks for nothing
        return [record for record in records if any(_all_hold(record, conditions) for conditions in tests)]

    def measured(self, found: Sequence[PublishedRecord]) -> int:
        """The measure of incidents that were chosen. ValueError for one that is none of MEASURES."""
        if self.measure == "incidents":
            return len(found)
        if self.measure == "unplaced":
            return sum(record["lon"] is None for record in found)
        if self.measure == "countries":
            return len({record["country"] for record in found if record["country"]})
        if self.measure == "areas":
            return len({area["id"] for record in found for area in record["areas"]})
        if self.measure == "months":
            return len({month_of(record) for record in found} - {""})
        if self.measure.startswith("people."):
            kind = self.measure.removeprefix("people.")
            return sum(_people(record, kind) for record in found)
        raise ValueError(f"not something to measure: {self.measure}")

    def also(self, **narrower: Any) -> "Query":
        """The same measure, narrowed further."""
        return replace(self, where=tuple(replace(where, **narrower) for where in self.where))

    def as_json(self) -> dict[str, Any]:
        return {"measure": self.measure, "any_of": [where.as_json() for where in self.where]}


def _all_hold(record: PublishedRecord, conditions: Sequence[Condition]) -> bool:
    # A loop: all() with a generator takes twice as long, and this is asked a million times.
    for condition in conditions:  # noqa: SIM110
        if not condition(record):
            return False
    return True


def month_of(record: PublishedRecord) -> str:
    """The month of its first day as YYYY-MM; "" where none is known, as of what is known by its year."""
    is_known = record["occurred_precision"] != DatePrecision.YEAR
    return (record["occurred_from"] or "")[:7] if is_known else ""


def nearest_kind(record: PublishedRecord) -> str:
    return record["areas"][0]["kind"] if record["areas"] else "none"


def _people(record: PublishedRecord, kind: str) -> int:
    counted: int | None = record[kind]  # type: ignore[literal-required]
    return counted or 0

"""A figure as a question to a snapshot: small enough to be written into a file and asked again by others.

docs/check_brief.py asks the same questions with nothing but Python's standard library.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from impact.publication.published import PublishedRecord
from impact.vocabulary import PeopleKind

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

    `area_kind` is that of the nearest producing area, "none" where there is none within 25 km; `area` the key
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
        first, last = record["occurred_from"] or "", record["occurred_to"] or ""
        nearest = record["areas"][0]["kind"] if record["areas"] else "none"
        return (
            (not self.country or record["country"] == self.country)
            and (not self.from_on or (bool(last) and last >= self.from_on))
            and (not self.to_on or (bool(first) and first <= self.to_on))
            and (not self.month or first[:7] == self.month)
            and (not self.themes or record["theme"] in self.themes)
            and (not self.harms or not set(self.harms).isdisjoint(record["harms"]))
            and (not self.perpetrators or record["perpetrator"] in self.perpetrators)
            and (not self.verification or record["verification"] == self.verification)
            and (not self.area or any(area["id"] == self.area for area in record["areas"]))
            and (not self.area_kind or nearest == self.area_kind)
        )

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
        found = [record for record in records if any(where.holds(record) for where in self.where)]
        if self.measure == "incidents":
            return len(found)
        if self.measure == "unplaced":
            return sum(record["lon"] is None for record in found)
        if self.measure == "countries":
            return len({record["country"] for record in found if record["country"]})
        if self.measure == "areas":
            return len({area["id"] for record in found for area in record["areas"]})
        if self.measure == "months":
            return len({record["occurred_from"][:7] for record in found if record["occurred_from"]})
        if self.measure.startswith("people."):
            kind = self.measure.removeprefix("people.")
            return sum(_people(record, kind) for record in found)
        raise ValueError(f"not something to measure: {self.measure}")

    def also(self, **narrower: Any) -> "Query":
        """The same measure, narrowed further."""
        return replace(self, where=tuple(replace(where, **narrower) for where in self.where))

    def as_json(self) -> dict[str, Any]:
        return {"measure": self.measure, "any_of": [where.as_json() for where in self.where]}


def _people(record: PublishedRecord, kind: str) -> int:
    counted: int | None = record[kind]  # type: ignore[literal-required]
    return counted or 0

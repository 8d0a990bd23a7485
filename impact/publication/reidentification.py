"""How far published incidents can be told apart, and what they can be traced to: two figures for every
export.

- **Traced to a person**: the mean over all incidents of the chance to pick the person it happened to, among
those who live in the published hexagon, by what is public: one in so many (prosecutor risk, Hundepool et
al. 2012, chapter 3; the figure that the Humanitarian Data Exchange keeps under 3 % before it shares
microdata). People are those of the gazetteer; who is published without a place is one of a country.
- **The only one**: the share of incidents that are the only one published of their hexagon, period and
theme. It says that a row can be told from the others, not who is in it. A data set in which that is under 3
% as well is made by `generalised`, at the price of places and days.

Pure functions over the records of a snapshot.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import h3

from impact.places.population import people_in
from impact.publication.masking import COARSEST, FINEST
from impact.publication.published import PublishedRecord

LIMIT = 0.03
MOST_MEASURED = 100_000  # in a request, or for a note in a file: seconds, and some hundred megabytes
_LEAST_GROUP = 2
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Reidentification:
    """Both figures of a snapshot, as shares from 0 to 1."""

    incidents: int
    unique: int
    unique_share: float
    person_risk: float

    @property
    def is_within_limit(self) -> bool:
        """Whether the chance to trace an incident to a person is under 3 %."""
        return self.person_risk < LIMIT


def measure(records: Sequence[PublishedRecord]) -> Reidentification:
    """Both figures of some published records; all nought where there are none."""
    groups = Counter(_published_key(record) for record in records)
    unique = sum(count == 1 for count in groups.values())
    count = len(records)
    return Reidentification(
        incidents=count,
        unique=unique,
        unique_share=unique / count if count else 0.0,
        person_risk=sum(_person_risk(record) for record in records) / count if count else 0.0,
    )


def generalised(records: Sequence[PublishedRecord]) -> list[PublishedRecord]:
    """Records of which fewer than 3 % are the only one of their place, period and theme.

    Incidents that are the only one are taken together in months, then in larger hexagons, years, countries,
    until each has another one beside it (k-anonymity by local recoding, k = 2; Sweeney 2002). Words, areas,
    people and minerals would tell them apart again and are left out. Who stays alone to the end has no
    place, no period and no theme; where these are 3 % or more they are left out too.
    """
    alone = list(records)
    result: list[PublishedRecord] = []
    for coarsen in _LADDER:
        coarse = [coarsen(record) for record in alone]
        sizes = Counter(_published_key(record) for record in coarse)
        paired = [sizes[_published_key(record)] >= _LEAST_GROUP for record in coarse]
        result += [record for record, is_paired in zip(coarse, paired, strict=True) if is_paired]
        alone = [record for record, is_paired in zip(alone, paired, strict=True) if not is_paired]
    if len(alone) < LIMIT * len(records):
        result += [_nowhere(record) for record in alone]
    return sorted(result, key=lambda record: record["id"])


def published_cell(record: PublishedRecord) -> str:
    """The H3 cell that a record's point is the centre of; "" where it has none."""
    longitude, latitude = record["lon"], record["lat"]
    if longitude is None or latitude is None:
        return ""
    for resolution in range(COARSEST, FINEST + 1):
        cell: str = h3.latlng_to_cell(latitude, longitude, resolution)
        centre = h3.cell_to_latlng(cell)
        if (round(centre[0], 5), round(centre[1], 5)) == (latitude, longitude):
            return cell
    return str(h3.latlng_to_cell(latitude, longitude, FINEST))


def _person_risk(record: PublishedRecord) -> float:
    cell = published_cell(record)
    return 1 / max(people_in(cell), 1.0) if cell else 0.0


def _published_key(record: PublishedRecord) -> Key:
    return (
        record["country"],
        record["lon"],
        record["lat"],
        record["occurred_from"],
        record["occurred_to"],
        record["theme"],
    )


def _bare(record: PublishedRecord) -> PublishedRecord:
    people: Any = dict.fromkeys(("killed", "injured", "arrested", "displaced", "affected"))
    bare: Any = {**record, **people, "text": "", "minerals": [], "areas": [], "harms": []}
    return bare  # type: ignore[no-any-return]


def _in_period(record: PublishedRecord, precision: str) -> PublishedRecord:
    """In the month or year of its first day."""
    coarse = _bare(record)
    if record["occurred_from"] is None or record["occurred_precision"] == "year":
        return coarse
    first = date.fromisoformat(record["occurred_from"])
    if precision == "year":
        start, end = date(first.year, 1, 1), date(first.year, 12, 31)
    else:
        start = first.replace(day=1)
        end = (start + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    coarse["occurred_from"], coarse["occurred_to"] = start.isoformat(), end.isoformat()
    coarse["occurred_precision"] = precision
    return coarse


def _in_hexagon(record: PublishedRecord, resolution: int, precision: str) -> PublishedRecord:
    coarse = _in_period(record, precision)
    cell = published_cell(record)
    if cell and h3.get_resolution(cell) > resolution:
        cell = h3.cell_to_parent(cell, resolution)
        latitude, longitude = h3.cell_to_latlng(cell)
        coarse["lon"], coarse["lat"] = round(longitude, 5), round(latitude, 5)
        coarse["uncertainty_m"] = None
    return coarse


def _in_country(record: PublishedRecord) -> PublishedRecord:
    coarse = _in_period(record, "year")
    coarse["lon"] = coarse["lat"] = coarse["uncertainty_m"] = None
    return coarse


def _timeless(record: PublishedRecord) -> PublishedRecord:
    coarse = _in_country(record)
    coarse["occurred_from"] = coarse["occurred_to"] = None
    coarse["occurred_precision"] = ""
    return coarse


def _nowhere(record: PublishedRecord) -> PublishedRecord:
    coarse = _timeless(record)
    coarse["country"] = coarse["theme"] = ""
    return coarse


_LADDER: tuple[Callable[[PublishedRecord], PublishedRecord], ...] = (
    _bare,
    lambda record: _in_period(record, "month"),
    lambda record: _in_hexagon(record, 4, "month"),
    lambda record: _in_hexagon(record, 4, "year"),
    lambda record: _in_hexagon(record, 3, "year"),
    _in_country,
    _timeless,
    _nowhere,
)

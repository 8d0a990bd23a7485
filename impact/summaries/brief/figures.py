"""The figures of a brief, each with the query that it answers: nothing else is printed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from impact.crosswalks import ASKS
from impact.publication.published import PublishedRecord
from impact.summaries.brief.options import BriefOptions
from impact.summaries.brief.queries import Query, Where, month_of, nearest_kind
from impact.summaries.months import months_between
from impact.vocabulary import SECURITY_FORCES, AreaKind, Harm, PeopleKind, Perpetrator, Theme, Verification

AREA_KINDS = (AreaKind.ARTISANAL, AreaKind.INDUSTRIAL, AreaKind.MIXED)
_NO_AREA = "none"


@dataclass
class Figures:
    """Figures by name, asked once of the records. `records`: those of the brief alone."""

    records: Sequence[PublishedRecord]
    base: Where
    values: dict[str, int] = field(default_factory=dict)
    chosen: dict[tuple[Where, ...], list[PublishedRecord]] = field(default_factory=dict, repr=False)
    queries: dict[str, Query] = field(default_factory=dict)

    def ask(
        self, name: str, measure: str, *where: Where, among: Sequence[PublishedRecord] | None = None
    ) -> int:
        """Ask a figure and keep it under its name. `among` holds at least all that `where` holds for."""
        query = Query(measure, where or (self.base,))
        if query.where not in self.chosen:
            self.chosen[query.where] = query.chosen(self.records if among is None else among)
        self.queries[name] = query
        self.values[name] = query.measured(self.chosen[query.where])
        return self.values[name]

    @cached_property
    def period(self) -> tuple[date, date] | None:
        """The first and the last day of what is known of the incidents' days."""
        first = {record["occurred_from"] for record in self.records}
        last = {record["occurred_to"] for record in self.records}
        days = [day for day in first | last if day]
        return (date.fromisoformat(min(days)), date.fromisoformat(max(days))) if days else None

    def __getitem__(self, name: str) -> int:
        return self.values[name]

    def as_json(self) -> list[dict[str, Any]]:
        """Each figure with its query, in order of name."""
        return [
            {"name": name, "value": self.values[name], "query": self.queries[name].as_json()}
            for name in sorted(self.values)
        ]


def brief_figures(records: Sequence[PublishedRecord], options: BriefOptions) -> Figures:
    """Everything that a brief counts. `records` are those that the options narrow to."""
    base = options.where()
    figures = Figures(records, base)
    groups = _Groups(records)
    for measure in ("incidents", "unplaced", "countries", "areas", "months"):
        figures.ask(measure, measure)
    for kind in PeopleKind.values:
        figures.ask(f"people.{kind}", f"people.{kind}")
    # The dead of a collapsed pit are people killed too: how many of them people killed is told beside it.
    figures.ask("killings.people.killed", "people.killed", _narrowed(base, harms=(str(Harm.KILLING),)))
    for status in (Verification.VERIFIED, Verification.PARTIALLY_CORROBORATED):
        among = groups.verification[status]
        figures.ask(
            f"verification.{status}", "incidents", _narrowed(base, verification=str(status)), among=among
        )
    for theme in Theme.values:
        figures.ask(
            f"theme.{theme}", "incidents", _narrowed(base, themes=(theme,)), among=groups.theme[theme]
        )
    for perpetrator in Perpetrator.values:
        narrowed = _narrowed(base, perpetrators=(perpetrator,))
        among = groups.perpetrator[perpetrator]
        figures.ask(f"perpetrator.{perpetrator}", "incidents", narrowed, among=among)
    forces = _narrowed(base, perpetrators=tuple(map(str, SECURITY_FORCES)))
    figures.ask("security_forces", "incidents", forces)
    for kind in (*map(str, AREA_KINDS), str(AreaKind.UNKNOWN), _NO_AREA):
        narrowed = _narrowed(base, area_kind=kind)
        figures.ask(f"kind.{kind}", "incidents", narrowed, among=groups.area_kind[kind])
    for ask, rules in ASKS.rules.items():
        where = tuple(
            _narrowed(base, harms=tuple(sorted(rule.harms)), perpetrators=tuple(sorted(rule.perpetrators)))
            for rule in rules
        )
        for measure in ("incidents", "countries", "areas", "months", "people.killed"):
            figures.ask(f"ask.{ask}.{measure}", measure, *where)
    for area, near in sorted(groups.area.items()):
        for measure in ("incidents", "people.killed", "months"):
            figures.ask(f"area.{area}.{measure}", measure, _narrowed(base, area=area), among=near)
    for first in months_of(records):
        month = f"{first:%Y-%m}"
        figures.ask(f"month.{month}", "incidents", _narrowed(base, month=month), among=groups.month[month])
    return figures


class _Groups:
    """The records by what figures narrow to, so that each figure asks only those that it may be about."""

    def __init__(self, records: Sequence[PublishedRecord]) -> None:
        self.theme: dict[str, list[PublishedRecord]] = defaultdict(list)
        self.perpetrator: dict[str, list[PublishedRecord]] = defaultdict(list)
        self.verification: dict[str, list[PublishedRecord]] = defaultdict(list)
        self.area_kind: dict[str, list[PublishedRecord]] = defaultdict(list)
        self.month: dict[str, list[PublishedRecord]] = defaultdict(list)
        self.area: dict[int, list[PublishedRecord]] = defaultdict(list)
        for record in records:
            self.theme[record["theme"]].append(record)
            self.perpetrator[record["perpetrator"]].append(record)
            self.verification[record["verification"]].append(record)
            self.area_kind[nearest_kind(record)].append(record)
            self.month[month_of(record)].append(record)
            for area in record["areas"]:
                self.area[area["id"]].append(record)


def months_of(records: Sequence[PublishedRecord]) -> list[date]:
    """Every month from the first that something began in to the last, each by its first day."""
    known = {month_of(record) for record in records} - {""}
    return (
        months_between(*(date.fromisoformat(f"{month}-01") for month in (min(known), max(known))))
        if known
        else []
    )


def _narrowed(base: Where, **narrower: Any) -> Where:
    return Query("incidents", (base,)).also(**narrower).where[0]

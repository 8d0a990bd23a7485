"""From the rows of a statistical table to figures as stated; a row that is no use has its reason reported."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import timezone

from impact.places.importing.report import ImportReport
from impact.places.importing.source import cell_text
from impact.places.names import fold_letters
from impact.places.production.areas import AreaFinder, AreaNotFound
from impact.places.production.notations import Notation
from impact.places.production.numbers import UNKNOWN, Absent, Amount, NotANumber, amount
from impact.places.production.participants import is_total, participant_code
from impact.places.production.periods import (
    NotAPeriod,
    Period,
    between,
    part_of_year,
    read_period,
)
from impact.places.production.tables import Sheet, kind_in
from impact.vocabulary import ProductionKind, StoneQuality

_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
_TOTAL_KINDS = frozenset({"production", "total", "all", "ensemble", "combined", "totale", "jumla", "both"})
_PRODUCTION_FLOWS = frozenset({"production", "producao", "uzalishaji"})
_QUALITIES = {
    "near": StoneQuality.NEAR_GEM,
    "quasi": StoneQuality.NEAR_GEM,
    "gem": StoneQuality.GEM,
    "gems": StoneQuality.GEM,
    "gemme": StoneQuality.GEM,
    "gema": StoneQuality.GEM,
    "vito": StoneQuality.GEM,
    "industrial": StoneQuality.INDUSTRIAL,
    "industrielle": StoneQuality.INDUSTRIAL,
    "boart": StoneQuality.INDUSTRIAL,
    "bort": StoneQuality.INDUSTRIAL,
    "unsorted": StoneQuality.UNSORTED,
    "mixed": StoneQuality.UNSORTED,
    "brut": StoneQuality.UNSORTED,
}
_ANY_QUALITY = frozenset({"", "all", "total", "any", "tous", "todos"})
_LEAST_PRICE, _MOST_PRICE = Decimal("0.5"), Decimal(20_000)  # US$ a carat: beyond, a unit is likely wrong


class Unusable(ValueError):
    """Why a row gives no figure."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a figure is of. `area_id` is None for a whole country."""

    country: str
    area_id: int | None
    period: Period
    kind: str
    quality: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure as one row states it. No carats, or no value, means not disclosed."""

    key: Key
    carats: Decimal | None
    value_usd: Decimal | None
    rows: tuple[int, ...]
    is_approximate: bool = False
    source: str = ""
    note: str = ""
    stated_at: str = ""


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What the caller says about the file: the period and country of rows that name none."""

    period: Period | None = None
    country: str = ""
    quarters: str = ""  # "halves" or "quarters": what a column named quarter holds
    columns: Mapping[str, str] = field(default_factory=dict)
    decimal: str = ""  # "comma" or "point": the sign before decimals, where the caller knows it


class TableReader:
    """Reads one sheet; `report` gets what was skipped and doubtful, `notation` is that of its file."""

    def __init__(
        self,
        sheet: Sheet,
        options: ReadingOptions,
        areas: AreaFinder,
        report: ImportReport,
        notation: Notation = UNKNOWN,
    ) -> None:
        self._sheet = sheet
        self._options = options
        self._areas = areas
        self._report = report
        self._roles = sheet.header.roles
        self._notation = notation
        self._parts_in_quarter = self._parts()
        self._year_above = next(iter(_YEAR.findall(sheet.above)), "")
        for measure in sheet.header.measures:
            if measure.multiple != 1:
                heading = sheet.header.words[measure.index]
                report.notes.append(f'column "{heading}" is read in {measure.multiple:,}s')

    def figures(self) -> Iterator[Stated]:
        """The figures of every row that has any, in the order of the table."""
        for number, cells in self._sheet.rows:
            try:
                yield from self._row(number, cells)
            except Unusable as reason:
                self._report.skip(number, str(reason))

    def _row(self, number: int, cells: Sequence[Any]) -> Iterator[Stated]:
        flow = set(fold_letters(self._text(cells, "flow")).split())
        is_none = "no" in flow or "none" in flow or "sans" in flow
        if flow and not flow & _PRODUCTION_FLOWS:
            raise Unusable(f"{self._text(cells, 'flow')} is not production")
        country, area_id = self._whose(cells)
        period = self._period(cells)
        kind = ProductionKind.TOTAL if is_none else self._kind(cells)
        amounts = self._amounts(cells, kind)
        if not amounts:
            raise Unusable("neither carats nor value")
        for of_kind, (carats, value) in amounts.items():
            yield self._stated(
                Key(country, area_id, period, of_kind, self._quality(cells)), carats, value, number, cells
            )

    def _stated(
        self, key: Key, carats: Amount | Absent, value: Amount | Absent, number: int, cells: Sequence[Any]
    ) -> Stated:
        weight, money = _number(carats), _number(value)
        if (weight is not None and weight < 0) or (money is not None and money < 0):
            raise Unusable("less than nought")
        if weight and money == 0:
            self._report.doubtful.append(
                (number, f"a value of 0 for {weight:,} carats: taken as not disclosed")
            )
            money = None
        if money and weight == 0:
            self._report.doubtful.append((number, f"0 carats for US$ {money:,}: taken as not disclosed"))
            weight = None
        if weight and money and not _LEAST_PRICE <= money / weight <= _MOST_PRICE:
            self._report.doubtful.append((number, f"US$ {money / weight:,.2f} a carat: is the unit right?"))
        says_so = fold_letters(self._text(cells, "approximate")) in {"true", "yes", "1", "oui", "sim", "x"}
        return Stated(
            key=key,
            carats=weight,
            value_usd=money,
            rows=(number,),
            is_approximate=says_so
            or any(isinstance(a, Amount) and a.is_approximate for a in (carats, value)),
            source=self._text(cells, "source")[:300],
            note=self._text(cells, "note")[:500],
            stated_at=self._text(cells, "stated"),
        )

    def _amounts(self, cells: Sequence[Any], kind: str) -> dict[str, tuple[Amount | Absent, Amount | Absent]]:
        found: dict[str, dict[str, Amount | Absent]] = {}
        for measure in self._sheet.header.measures:
            cell = _cell(cells, measure.index)
            try:
                read = amount(cell, self._notation, multiple=measure.multiple)
            except NotANumber as wrong:
                heading = self._sheet.header.words[measure.index]
                raise Unusable(f'"{wrong.words}" in column "{heading}" {wrong.reason}') from None
            if isinstance(read, Amount):
                read = Amount(read.number * measure.multiple, read.is_approximate)
            if read is not Absent.EMPTY:
                found.setdefault(measure.kind or kind, {})[measure.what] = read
        return {
            of: (given.get("carats", Absent.EMPTY), given.get("value", Absent.EMPTY))
            for of, given in found.items()
        }

    def _whose(self, cells: Sequence[Any]) -> tuple[str, int | None]:
        words = self._text(cells, "country")
        area = self._text(cells, "area")
        if not words and not area:
            raise Unusable("no country")
        if is_total(words) or (not words and is_total(area)):
            raise Unusable(f"{words or area}: the sum of the others")
        country = participant_code(words) if words else self._options.country
        if words and not country:
            raise Unusable(f'"{words[:60]}" is no country that we know')
        if not area:
            return country, None
        try:
            found = self._areas.find(area, country)
        except AreaNotFound as reason:
            raise Unusable(str(reason)) from None
        return found.country, found.pk

    def _period(self, cells: Sequence[Any]) -> Period:
        try:
            period = self._period_of(cells)
        except NotAPeriod as words:
            raise Unusable(
                f'"{words}" is no period: write it as 2023, 2023-H1, 2023-Q1 or two days'
            ) from None
        if period.from_on > timezone.localdate():
            raise Unusable("its period has not begun")
        return period

    def _period_of(self, cells: Sequence[Any]) -> Period:
        if "from" in self._roles and "to" in self._roles and self._text(cells, "from"):
            return between(self._raw(cells, "from"), self._raw(cells, "to"))
        if words := self._text(cells, "period"):
            return read_period(words)
        year_text = self._text(cells, "year") or self._year_above
        if not year_text:
            if self._options.period:
                return self._options.period
            raise Unusable("no period: name the column with --map period=…, or give --period 2023")
        whole = read_period(year_text)
        for role, parts in (("half", 2), ("quarter", self._parts_in_quarter), ("month", 12)):
            if words := self._text(cells, role):
                digits = re.findall(r"\d+", words)
                if not digits:
                    return read_period(f"{year_text} {words}")
                return part_of_year(whole.from_on.year, int(digits[0]), parts)
        return whole

    def _kind(self, cells: Sequence[Any]) -> str:
        words = self._text(cells, "kind")
        folded = re.findall(r"[a-z]+", fold_letters(words))
        if kind := kind_in(folded):
            return kind
        if not words or set(folded) & _TOTAL_KINDS:
            return ProductionKind.TOTAL
        raise Unusable(f'"{words[:60]}" is no kind of production: artisanal, industrial or total')

    def _quality(self, cells: Sequence[Any]) -> str:
        words = fold_letters(self._text(cells, "quality"))
        parts = re.findall(r"[a-z]+", words)
        if words in _ANY_QUALITY:
            return ""
        for part in parts:
            if part in _QUALITIES:
                return str(_QUALITIES[part])
        raise Unusable(f'"{words[:60]}" is no quality: gem, near-gem, industrial or unsorted')

    def _parts(self) -> int:
        """Whether the column named quarter holds quarters, or halves as the Kimberley Process has them."""
        if "quarter" not in self._roles:
            return 4
        if self._options.quarters:
            return 2 if self._options.quarters == "halves" else 4
        held = {self._text(cells, "quarter") for _, cells in self._sheet.rows}
        numbers = {digit for words in held for digit in re.findall(r"\d+", words)}
        if numbers and numbers <= {"1", "2"}:
            heading = self._sheet.header.words[self._roles["quarter"]]
            self._report.notes.append(
                f'column "{heading}" holds only 1 and 2 and is read as half-years; '
                "--quarters reads it as quarters"
            )
            return 2
        return 4

    def _raw(self, cells: Sequence[Any], role: str) -> Any:
        return _cell(cells, self._roles[role]) if role in self._roles else None

    def _text(self, cells: Sequence[Any], role: str) -> str:
        return cell_text(self._raw(cells, role))


def _cell(cells: Sequence[Any], index: int) -> Any:
    return cells[index] if index < len(cells) else None


def _number(read: Amount | Absent) -> Decimal | None:
    return read.number.quantize(Decimal("0.01")) if isinstance(read, Amount) else None

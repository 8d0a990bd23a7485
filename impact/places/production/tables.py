"""Statistical tables: the header found wherever it stands, and what each column holds."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from impact.places.importing.source import ImportRefused, cell_text
from impact.places.importing.tables import decoded, delimiter_of, open_workbook, sheet_lines
from impact.places.names import fold_letters
from impact.places.production.notations import DECIMALS, Notation
from impact.places.production.numbers import bare_number
from impact.vocabulary import ProductionKind

HEADER_WITHIN = 25  # rows of title and notes that people put above a table
MOST_BYTES = 100_000_000
_NAMES: dict[str, str] = {
    "country": (
        "country countryname participant participantname kpparticipant kpcsparticipant participante pays "
        "pais nompays nchi iso isoa iso2 iso3 isocode countrycode producer producingcountry "
        "producingstate state"
    ),
    "area": "area areaname areaid producingarea site sitename sitecode mine minename mina gisement zone",
    "period": "period periode periodo kipindi reportingperiod timeperiod",
    "from": "from start startdate fromdate fromon de du debut datedebut inicio datainicio begin kuanzia",
    "to": "to end enddate todate toon au a fin datefin fim datafim until hadi",
    "year": "year annee ano mwaka yr reportingyear productionyear calendaryear",
    "half": "half halfyear halfofyear semester semestre hy h",
    "quarter": "quarter qtr q trimestre robo",
    "month": "month mois mes mwezi",
    "kind": (
        "kind productiontype typeofproduction typedeproduction tipodeproducao type sector secteur setor "
        "scale miningtype mode modedeproduction aina asmlsm productionkind"
    ),
    "flow": "tradetype flow flux typeofflow",
    "quality": "quality qualite qualidade ubora stonequality diamondquality stonetype",
    "source": "source sources fonte chanzo reference citation",
    "licence": "licence license licenca",
    "note": "note notes remark remarks remarques comment comments commentaire observacao description",
    "approximate": "approximate isapproximate estimated isestimate",
    "stated": "created createdat submitted submittedat datesubmitted lastupdate",
}
ROLES = (*_NAMES, "carats", "value")
_ROLE_OF = {name: role for role, names in _NAMES.items() for name in names.split()}
_WORD = re.compile(r"[a-z]+|\d+|\$|'000")
_CARATS = frozenset(
    "carat carats quilate quilates karati ct cts kct mct volume quantity quantite quantidade weight poids "
    "peso".split()
)
_VALUE = frozenset("value values valeur valor thamani usd us $ dollars musd kusd".split())
_PRICE = frozenset("per price prix preco average avg moyen unit bei par por".split())
_OTHER_FLOWS = frozenset(
    "import imports export exports importation exportation importacao exportacao stock".split()
)
_KINDS = {
    ProductionKind.ARTISANAL: frozenset(
        "artisanal artisanale artesanal asm small smallscale alluvial ndogo artisanals artisan".split()
    ),
    ProductionKind.INDUSTRIAL: frozenset(
        "industrial industrielle industriel lsm large largescale kubwa".split()
    ),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of carats or of US$: of one kind where its heading says so, and how many of them make one."""

    index: int
    what: str
    kind: str
    multiple: Decimal


@dataclass(frozen=True, slots=True)
class Header:
    roles: Mapping[str, int]
    measures: tuple[Measure, ...]
    words: tuple[str, ...]

    @property
    def is_usable(self) -> bool:
        return bool(self.measures) and ("country" in self.roles or "area" in self.roles)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its header, its numbered rows, and what stands above it (titles, years).

    `delimiter` is what parts its columns, "" in a workbook.
    """

    name: str
    header: Header
    rows: tuple[tuple[int, Sequence[Any]], ...]
    above: str = ""
    delimiter: str = ""


def read_sheets(
    path: Path,
    given: Mapping[str, str],
    *,
    sheet: str = "",
    encoding: str = "",
    notes: list[str] | None = None,
) -> list[Sheet]:
    """The tables of a CSV file or workbook that have a header which we understand. Raises ImportRefused.

    Sheets that are hidden are left out, which `notes` then say, unless one is named.
    """
    if not path.exists():
        raise ImportRefused(f"there is no file {path}")
    if not path.stat().st_size:
        raise ImportRefused(f"{path.name} is empty")
    for role in given:
        if role not in ROLES:
            raise ImportRefused(f"--map {role}: no such field; the fields are {', '.join(ROLES)}")
    if (size := path.stat().st_size) > MOST_BYTES:
        raise ImportRefused(
            f"{path.name} has {size / 1e6:,.0f} MB; a table of production has at most {MOST_BYTES / 1e6:,.0f}"
        )
    is_workbook = path.suffix.lower() in {".xlsx", ".xlsm"}
    delimiter = ""
    if is_workbook:
        tables = _workbook(path, sheet, [] if notes is None else notes)
    else:
        rows, delimiter = _csv_rows(path, encoding)
        tables = [("", rows)]
    found = [table for name, rows in tables if (table := _sheet(name, rows, given, delimiter)) is not None]
    if not found:
        columns = _first_row(tables)
        raise ImportRefused(
            f"{path.name} has no table with a country or area and carats or value: name the columns with "
            f"--map country=… carats=… value=…; its first row has {columns or 'nothing'}"
        )
    return found


def kind_in(words: Iterable[str]) -> str:
    """The kind of production that words name, "" for none."""
    given = set(words)
    return next((kind for kind, names in _KINDS.items() if given & names), "")


def notation_of(sheets: Iterable[Sheet], decimal: str = "") -> Notation:
    """How the numbers of a file are written; `decimal`: "comma" or "point" where the caller says it."""
    tables = list(sheets)
    numbers = (
        number
        for table in tables
        for _number, cells in table.rows
        for measure in table.header.measures
        if measure.index < len(cells) and (number := bare_number(cells[measure.index]))
    )
    leans_to_comma = any(table.delimiter == ";" for table in tables)
    return Notation.of(numbers, leans_to_comma=leans_to_comma, given=DECIMALS.get(decimal, ""))


def header_of(
    cells: Sequence[str], groups: Sequence[str], given: Mapping[str, str], units: Sequence[str] = ()
) -> Header:
    """What each column is, by its heading, by the heading above it and by what stands below (units, kinds);
    `given` names columns by hand."""
    by_hand = {_key(column): role for role, column in given.items()}
    roles: dict[str, int] = {}
    measures: list[Measure] = []
    merged = ""
    for index, own in enumerate(cells):
        group = groups[index] if index < len(groups) else ""
        unit = units[index] if index < len(units) else ""
        merged = own or merged
        cell = merged if unit else own
        key = _key(cell)
        role = by_hand.get(key) or _ROLE_OF.get(key, "")
        if role in given and key not in by_hand:
            role = ""  # another column was named for this
        if role and role not in {"carats", "value"}:
            roles.setdefault(role, index)
        elif (measure := _measure(index, f"{cell} {unit}".strip(), group, role)) and (
            role or measure.what not in given
        ):
            measures.append(measure)
    return Header(roles, _first_of_each(measures), tuple(cells))


def _measure(index: int, cell: str, group: str, role: str) -> Measure | None:
    own, both = set(_words(cell)), set(_words(f"{group} {cell}"))
    if both & _OTHER_FLOWS and not role:
        return None
    is_price = bool(own & _PRICE) or (bool(own & {"ct", "carat"}) and bool(own & _VALUE))
    if role:
        what = role
    elif is_price:
        return None
    elif own & _VALUE:
        what = "value"
    elif own & _CARATS or (kind_in(own) and both & _CARATS):
        what = "carats"
    elif both & _VALUE and kind_in(own):
        what = "value"
    elif own <= {"production", "producao", "uzalishaji", "output"} and own:
        what = "carats"
    else:
        return None
    return Measure(index, what, kind_in(both), _multiple(f"{group} {cell}"))


def _first_of_each(measures: list[Measure]) -> tuple[Measure, ...]:
    seen: dict[tuple[str, str], Measure] = {}
    for measure in measures:
        seen.setdefault((measure.what, measure.kind), measure)
    return tuple(seen.values())


def _multiple(heading: str) -> Decimal:
    folded = fold_letters(heading)
    if re.search(r"million|milhoes|\bmct|\bmusd|\bmn\b|\busd? ?\$? ?m\b|\$ ?m\b|\(m\)", folded):
        return Decimal(1_000_000)
    if re.search(r"thousand|milliers|milhares|elfu|'000|\(000s?\)|\bkct|\bkusd|\(k\)", folded):
        return Decimal(1_000)
    return Decimal(1)


def _sheet(
    name: str, rows: list[tuple[int, list[Any]]], given: Mapping[str, str], delimiter: str
) -> Sheet | None:
    for at, (_number, cells) in enumerate(rows[:HEADER_WITHIN]):
        width = max(len(line) for _, line in rows[at : at + 2])
        texts = _texts(cells, width)
        groups = _groups(_texts(rows[at - 1][1], width)) if at else []
        units = [cell_text(cell) for cell in rows[at + 1][1]] if at + 1 < len(rows) else []
        if not _are_units(units, header_of(texts, groups, given).roles):
            units = []
        header = header_of(texts, groups, given, units)
        if header.is_usable:
            above = " ".join(cell_text(cell) for _, line in rows[:at] for cell in line)
            begin = at + 1 + bool(units)
            return Sheet(name, header, tuple(rows[begin:]), f"{above} {name}".strip(), delimiter)
    return None


def _are_units(cells: Sequence[str], roles: Mapping[str, int]) -> bool:
    """Whether a row below a header is a second row of it: units or kinds, in columns of amounts alone."""
    told = {index: cell for index, cell in enumerate(cells) if cell}
    if not told or set(told) & set(roles.values()) or any(bare_number(cell) for cell in told.values()):
        return False
    words = {word for cell in told.values() for word in _words(cell)}
    known = _CARATS | _VALUE | {word for kind in _KINDS.values() for word in kind}
    return bool(words & known) or any(_multiple(cell) != 1 for cell in told.values())


def _texts(cells: Sequence[Any], width: int) -> list[str]:
    """The texts of a row, to a width: a sheet's rows end with their last cell."""
    return [cell_text(cell) for cell in cells] + [""] * (width - len(cells))


def _groups(texts: Sequence[str]) -> list[str]:
    """A row of merged headings, each over the columns to its right until the next one."""
    if sum(bool(text) for text in texts) < 2:
        return []
    groups, current = [], ""
    for text in texts:
        current = text or current
        groups.append(current)
    return groups


def _csv_rows(path: Path, encoding: str) -> tuple[list[tuple[int, list[Any]]], str]:
    """The numbered rows of a file, and what parts its columns."""
    text = decoded(path.read_bytes(), encoding)
    lines = text.splitlines()[:HEADER_WITHIN]
    # Titles above the table have no delimiters: the line with most of one decides.
    fullest = max(lines, key=lambda line: line.count(delimiter_of(line)), default="")
    delimiter = delimiter_of(fullest)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [(reader.line_num, list(cells)) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise ImportRefused(f"{path.name} line {reader.line_num}: {error}") from None
    return rows, delimiter


def _workbook(path: Path, sheet: str, notes: list[str]) -> list[tuple[str, list[tuple[int, list[Any]]]]]:
    with open_workbook(path, sheet) as (book, names), open_workbook(path, sheet, formulas=True) as (raw, _):
        if not sheet and (hidden := [name for name in book.sheetnames if name not in names]):
            notes.append(f"hidden sheets are left out: {', '.join(hidden)}; --sheet reads one")
        return [(name, _sheet_rows(path, book[name], raw[name])) for name in names]


def _sheet_rows(path: Path, worksheet: Any, formulas: Any) -> list[tuple[int, list[Any]]]:
    """The rows that are not empty; a formula that no program has worked out stands as its text."""
    both = zip(sheet_lines(path, worksheet), sheet_lines(path, formulas), strict=True)
    rows = ((number, _with_formulas(cells, written)) for (number, cells), (_number, written) in both)
    return [(number, cells) for number, cells in rows if any(cell is not None for cell in cells)]


def _with_formulas(cells: Sequence[Any], written: Sequence[Any]) -> list[Any]:
    return [
        text if cell is None and isinstance(text, str) and text.startswith("=") else cell
        for cell, text in zip(cells, written, strict=True)
    ]


def _first_row(tables: list[tuple[str, list[tuple[int, list[Any]]]]]) -> str:
    return next((", ".join(filter(None, map(cell_text, rows[0][1]))) for _, rows in tables if rows), "")


def _words(text: str) -> Iterator[str]:
    yield from _WORD.findall(fold_letters(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)))


def _key(text: str) -> str:
    return "".join(re.findall(r"[a-z]+|\d+", fold_letters(text)))

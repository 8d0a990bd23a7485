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
    "carat carats ct cts kct mct volume quantity quantite quantidade weight poids peso karati".split()
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
    """One table: its header, its numbered rows, and what stands above it (titles, years)."""

    name: str
    header: Header
    rows: tuple[tuple[int, Sequence[Any]], ...]
    above: str = ""


def read_sheets(path: Path, given: Mapping[str, str], *, sheet: str = "", encoding: str = "") -> list[Sheet]:
    """The tables of a CSV file or workbook that have a header which we understand. Raises ImportRefused."""
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
    tables = _workbook(path, sheet) if is_workbook else [("", _csv_rows(path, encoding))]
    found = [table for name, rows in tables if (table := _sheet(name, rows, given)) is not None]
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


def header_of(cells: Sequence[str], groups: Sequence[str], given: Mapping[str, str]) -> Header:
    """What each column is, by its heading and by the heading above it; `given` names columns by hand."""
    by_hand = {_key(column): role for role, column in given.items()}
    roles: dict[str, int] = {}
    measures: list[Measure] = []
    for index, cell in enumerate(cells):
        group = groups[index] if index < len(groups) else ""
        key = _key(cell)
        role = by_hand.get(key) or _ROLE_OF.get(key, "")
        if role in given and key not in by_hand:
            role = ""  # another column was named for this
        if role and role not in {"carats", "value"}:
            roles.setdefault(role, index)
        elif (measure := _measure(index, cell, group, role)) and (role or measure.what not in given):
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


def _sheet(name: str, rows: list[tuple[int, list[Any]]], given: Mapping[str, str]) -> Sheet | None:
    for at, (_number, cells) in enumerate(rows[:HEADER_WITHIN]):
        texts = [cell_text(cell) for cell in cells]
        groups = _groups(rows[at - 1][1]) if at else []
        header = header_of(texts, groups, given)
        if header.is_usable:
            above = " ".join(cell_text(cell) for _, line in rows[:at] for cell in line)
            return Sheet(name, header, tuple(rows[at + 1 :]), f"{above} {name}".strip())
    return None


def _groups(cells: Sequence[Any]) -> list[str]:
    """A row of merged headings, each over the columns to its right until the next one."""
    texts = [cell_text(cell) for cell in cells]
    if sum(bool(text) for text in texts) < 2:
        return []
    groups, current = [], ""
    for text in texts:
        current = text or current
        groups.append(current)
    return groups


def _csv_rows(path: Path, encoding: str) -> list[tuple[int, list[Any]]]:
    text = decoded(path.read_bytes(), encoding)
    lines = text.splitlines()[:HEADER_WITHIN]
    # Titles above the table have no delimiters: the line with most of one decides.
    fullest = max(lines, key=lambda line: line.count(delimiter_of(line)), default="")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(fullest))
    try:
        return [(reader.line_num, list(cells)) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise ImportRefused(f"{path.name} line {reader.line_num}: {error}") from None


def _workbook(path: Path, sheet: str) -> list[tuple[str, list[tuple[int, list[Any]]]]]:
    with open_workbook(path, sheet) as (book, names):
        return [(name, _sheet_rows(path, book[name])) for name in names]


def _sheet_rows(path: Path, worksheet: Any) -> list[tuple[int, list[Any]]]:
    rows = sheet_lines(path, worksheet)
    return [(number, list(cells)) for number, cells in rows if any(cell is not None for cell in cells)]


def _first_row(tables: list[tuple[str, list[tuple[int, list[Any]]]]]) -> str:
    return next((", ".join(filter(None, map(cell_text, rows[0][1]))) for _, rows in tables if rows), "")


def _words(text: str) -> Iterator[str]:
    yield from _WORD.findall(fold_letters(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)))


def _key(text: str) -> str:
    return "".join(re.findall(r"[a-z]+|\d+", fold_letters(text)))

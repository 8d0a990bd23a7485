"""Reading gazetteers: the GeoNames 19-column tab format, or CSV with a header. Plain, .gz or .zip."""

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from impact.places.importing.bounds import MOST_OF_GAZETTEER, bounded_lines, refuse_bomb
from impact.places.importing.place_rows import PlaceRow, UnusableRow, make_place, split_aliases
from impact.places.importing.source import ImportRefused, cell_text
from impact.places.importing.tables import delimiter_of

GEONAMES_COLUMNS = 19
# https://download.geonames.org/export/dump/readme.txt
_ID, _NAME, _ASCII, _ALTERNATES, _LAT, _LON, _CLASS, _CODE, _COUNTRY = range(9)
_ADMIN1, _POPULATION = 10, 14
_REGION_CODE = "ADM1"
_MINE_CODES = re.compile(r"MN[A-Z]*$")
_UNREADABLE = (OSError, EOFError, zipfile.BadZipFile, csv.Error)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file by its number, and its place, or why it gives none ("" for kinds left out)."""

    number: int
    place: PlaceRow | None
    reason: str = ""


class PlaceFile:
    """A gazetteer on disk. Opening reads it once, for its format, its length and its regions' names.

    Raises ImportRefused for a file that is neither of the formats.
    """

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise ImportRefused(f"there is no file {path}")
        refuse_bomb(path, MOST_OF_GAZETTEER)
        self._path = path
        self._encoding = "utf-8-sig"
        self._regions: dict[tuple[str, str], str] = {}
        self.count = 0
        try:
            try:
                self.is_geonames = self._look()
            except UnicodeDecodeError:
                self._encoding = "cp1252"
                self.is_geonames = self._look()
        except (*_UNREADABLE, UnicodeDecodeError) as error:
            raise ImportRefused(f"{path.name} cannot be read as text: {error}") from None
        if not self.is_geonames:
            self._check_header()

    def lines(self) -> Iterator[Line]:
        """Every line of the file, read afresh."""
        try:
            with _opened(self._path, self._encoding) as text:
                lines = bounded_lines(text, self._path.name, MOST_OF_GAZETTEER)
                yield from self._geonames_lines(lines) if self.is_geonames else _csv_lines(lines)
        except (*_UNREADABLE, UnicodeDecodeError) as error:
            raise ImportRefused(f"{self._path.name} cannot be read to its end: {error}") from None

    def _look(self) -> bool:
        with _opened(self._path, self._encoding) as text:
            lines = bounded_lines(text, self._path.name, MOST_OF_GAZETTEER)
            first = next(lines, "")
            is_geonames = first.count("\t") == GEONAMES_COLUMNS - 1 and first.split("\t")[0].isdigit()
            self.count = 1 if is_geonames else 0
            self._note_region(first)
            for line in lines:
                self.count += 1
                if is_geonames:
                    self._note_region(line)
        return is_geonames

    def _note_region(self, line: str) -> None:
        cells = line.split("\t")
        if len(cells) == GEONAMES_COLUMNS and cells[_CODE] == _REGION_CODE:
            self._regions[cells[_COUNTRY], cells[_ADMIN1]] = cell_text(cells[_NAME])

    def _check_header(self) -> None:
        with _opened(self._path, self._encoding) as text:
            first = next(bounded_lines(text, self._path.name, MOST_OF_GAZETTEER), "")
        columns = {
            name.strip().lower() for name in next(csv.reader([first], delimiter=delimiter_of(first)), [])
        }
        if missing := {"name", "lat", "lon"} - columns:
            raise ImportRefused(
                f"{self._path.name} is neither the {GEONAMES_COLUMNS}-column tab format of GeoNames nor CSV "
                f"name,aliases,country,lat,lon,population: it has no column {' or '.join(sorted(missing))}"
            )

    def _geonames_lines(self, lines: Iterator[str]) -> Iterator[Line]:
        for number, line in enumerate(lines, start=1):
            cells = line.rstrip("\r\n").split("\t")
            if len(cells) == 1 and not cells[0].strip():
                continue
            try:
                yield Line(number, self._geonames_place(cells))
            except UnusableRow as reason:
                yield Line(number, None, str(reason))

    def _geonames_place(self, cells: list[str]) -> PlaceRow | None:
        if len(cells) != GEONAMES_COLUMNS:
            raise UnusableRow(f"{len(cells)} columns, not {GEONAMES_COLUMNS}")
        if not _is_wanted(cells[_CLASS], cells[_CODE]):
            return None
        return make_place(
            key=cell_text(cells[_ID]),
            name=cells[_NAME],
            aliases=(*cells[_ALTERNATES].split(","), cells[_ASCII]),
            country=cells[_COUNTRY],
            region=self._regions.get((cells[_COUNTRY], cells[_ADMIN1]), ""),
            latitude=cells[_LAT],
            longitude=cells[_LON],
            population=cells[_POPULATION],
            feature_code=cells[_CODE],
        )


def _is_wanted(feature_class: str, feature_code: str) -> bool:
    """Populated places, regions and mines, which people name to say where; not rivers, hills, schools."""
    return (
        feature_class == "P"
        or (feature_class == "A" and feature_code.startswith("ADM"))
        or bool(_MINE_CODES.match(feature_code))
    )


def _csv_lines(lines: Iterator[str]) -> Iterator[Line]:
    first = next(lines, "")
    delimiter = delimiter_of(first)
    columns = [name.strip().lower() for name in next(csv.reader([first], delimiter=delimiter))]
    for number, cells in enumerate(csv.reader(lines, delimiter=delimiter), start=2):
        row = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
        if not any(cell.strip() for cell in cells):
            continue
        try:
            yield Line(
                number,
                make_place(
                    key=row.get("id", ""),
                    name=row.get("name", ""),
                    aliases=split_aliases(row.get("aliases", "")),
                    country=row.get("country", ""),
                    region=row.get("admin1", ""),
                    latitude=row.get("lat", ""),
                    longitude=row.get("lon", ""),
                    population=row.get("population", ""),
                    feature_code=row.get("feature_code", ""),
                    radius=row.get("radius_m", ""),
                ),
            )
        except UnusableRow as reason:
            yield Line(number, None, str(reason))


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[IO[str]]:
    if path.suffix.lower() == ".zip":
        with zipfile.ZipFile(path) as archive, archive.open(_largest_table(archive)) as packed:
            yield _as_text(packed, encoding)
    elif path.suffix.lower() == ".gz":
        with gzip.open(path, "rt", encoding=encoding, newline="") as text:
            yield text
    else:
        with path.open("rb") as plain:
            yield _as_text(plain, encoding)


def _as_text(content: IO[bytes], encoding: str) -> IO[str]:
    return io.TextIOWrapper(content, encoding=encoding, newline="")


def _largest_table(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    tables = [
        entry
        for entry in archive.infolist()
        if entry.filename.lower().endswith((".txt", ".csv", ".tsv"))
        and "readme" not in entry.filename.lower()
    ]
    if not tables:
        raise ImportRefused("the archive has no .txt, .csv or .tsv in it")
    return max(tables, key=lambda entry: entry.file_size)

"""Names of places and producing areas, held in memory and looked up by how they are written.

Pure: no database. A quarter of a million names fit in about 150 MB because the places are kept in columns
and a row becomes an object only when it is asked for.
"""

import csv
import gzip
import io
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from msgspec import Struct
from rapidfuzz import process
from rapidfuzz.distance import OSA

from impact.places.names import fold_name, name_keys, sound_of

DATA_DIR = Path(__file__).resolve().parent / "data"

_START_LETTERS = 5
_BOX_MARGIN_DEG = 0.5


class NamedPlace(Struct, frozen=True):
    """Somewhere with a name: WGS 84 degrees, radius in metres.

    `kind` is "place" (of the gazetteer), "area" (a producing area) or "point" (that a moderator set, in
    neither table); `id` is the row's, 0 for a point.
    """

    kind: str
    id: int
    name: str
    aliases: tuple[str, ...]
    country: str
    longitude: float
    latitude: float
    radius_m: float
    population: int

    @property
    def place_id(self) -> int | None:
        return self.id if self.kind == "place" else None

    @property
    def area_id(self) -> int | None:
        return self.id if self.kind == "area" else None


@dataclass(frozen=True, slots=True)
class LearntName:
    """What people call a place, as moderators taught it: `key` is folded (see `fold_name`).

    It holds in `country` (ISO 3166-1 alpha-2), or everywhere where that is empty.
    """

    key: str
    place: NamedPlace
    country: str


class NameMatch(Struct, frozen=True):
    """A place whose name is like the one asked for; `closeness` is 1.0 for the same letters.

    `only_in` is the country in which a learnt name has this meaning, empty where it has it everywhere.
    """

    place: NamedPlace
    closeness: float
    is_alias: bool
    is_learnt: bool = False
    only_in: str = ""


class Gazetteer:
    """All names, for look-ups by exact and by similar spelling. Built once, never changed."""

    def __init__(
        self,
        places: Iterable[NamedPlace],
        learnt: Iterable[LearntName] = (),
        joined: Mapping[int, int] | None = None,
    ) -> None:
        self._names: list[str] = []
        self._aliases: list[tuple[str, ...]] = []
        self._countries: list[str] = []
        self._is_area = bytearray()
        self._ids = array("q")
        self._points = array("d")
        self._radii = array("f")
        self._populations = array("q")
        # Key -> row * 2, plus one when the name is an alias; a tuple where several places share it.
        self._rows: dict[str, int | tuple[int, ...]] = {}
        # West, south, east and north of the places of each country, in degrees.
        self._boxes: dict[str, tuple[float, float, float, float]] = {}
        self._learnt: dict[str, list[NameMatch]] = {}
        self._area_rows: dict[int, int] = {}
        for place in places:
            self._add(place)
        # The number of an area that was joined to another still finds the place.
        for area_id, leading_id in (joined or {}).items():
            if leading_id in self._area_rows:
                self._area_rows[area_id] = self._area_rows[leading_id]
        for name in learnt:
            match = NameMatch(name.place, 1.0, is_alias=True, is_learnt=True, only_in=name.country)
            self._learnt.setdefault(name.key, []).append(match)
        # Most words of a text begin no name, which their first letters tell.
        self._starts = frozenset(key[:_START_LETTERS] for keys in (self._rows, self._learnt) for key in keys)
        self._blocks = self._indexed()

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, key: str) -> bool:
        return key in self._rows or key in self._learnt

    def begins_none(self, word: str) -> bool:
        """Whether the first letters of a folded word tell that no name begins with it; False where they do
        not."""
        return len(word) >= _START_LETTERS and word[:_START_LETTERS] not in self._starts

    def names_begun(self, words: Iterable[str]) -> list[int]:
        """How many of these folded words, from the first on, are a name written together; the most first."""
        found, key, is_begun = [], "", False
        for count, word in enumerate(words, start=1):
            key += word
            if not is_begun and len(key) >= _START_LETTERS:
                if key[:_START_LETTERS] not in self._starts:
                    break
                is_begun = True
            if key in self._rows or key in self._learnt:
                found.append(count)
        return found[::-1]

    def exact_matches(self, key: str) -> list[NameMatch]:
        """The places with this folded name (see `fold_name`): those that were taught, then as given."""
        return [*self._learnt.get(key, ()), *self._matches(key, 1.0)]

    def similar_matches(self, key: str) -> list[NameMatch]:
        """The places nearest in spelling to this folded name, the nearest spelling first; not the exact one.

        Allowed are no errors up to 4 letters, 1 from 5 to 7 and 2 from 8 on (insertions, omissions,
        substitutions, transpositions: optimal string alignment), and one more where the two names sound
        alike. Only names that share the first letter's sound and one more consonant are looked at.
        """
        allowed = _allowed_errors(len(key))
        if not allowed:
            return []
        sound = sound_of(key)
        near: dict[str, int] = {}
        for block in _block_keys(sound):
            names = self._blocks.get(block, [])
            shortest = bisect_left(names, len(key) - allowed - 1, key=len)
            names = names[shortest : bisect_right(names, len(key) + allowed + 1, key=len)]
            found = process.extract(key, names, scorer=OSA.distance, score_cutoff=allowed + 1, limit=None)
            near.update((name, int(distance)) for name, distance, _ in found)
        matches: list[NameMatch] = []
        for name, distance in sorted(near.items(), key=lambda pair: (pair[1], pair[0])):
            if distance > 0 and (
                (distance <= allowed and distance <= _allowed_errors(len(name))) or sound_of(name) == sound
            ):
                matches += self._matches(name, 1 - distance / max(len(key), len(name)))
        return matches

    def area(self, area_id: int) -> NamedPlace | None:
        """The producing area of this number, or None."""
        row = self._area_rows.get(area_id)
        return None if row is None else self._place(row)

    def box_of_country(self, country: str) -> tuple[float, float, float, float] | None:
        """West, south, east and north in degrees of the places held of a country, or None."""
        return self._boxes.get(country)

    def is_in_country(self, country: str, longitude: float, latitude: float) -> bool:
        """Whether a point lies within the box around the places held of a country, half a degree wider."""
        box = self._boxes.get(country)
        if box is None:
            return False
        west, south, east, north = box
        return (
            west - _BOX_MARGIN_DEG <= longitude <= east + _BOX_MARGIN_DEG
            and south - _BOX_MARGIN_DEG <= latitude <= north + _BOX_MARGIN_DEG
        )

    def matches(self, text: str) -> list[NameMatch]:
        """Places for a name as a person writes it: exact ones, or else the similar ones."""
        key = fold_name(text)
        return self.exact_matches(key) or self.similar_matches(key)

    def _add(self, place: NamedPlace) -> None:
        row = len(self._names)
        self._names.append(place.name)
        self._aliases.append(place.aliases)
        self._countries.append(place.country)
        self._is_area.append(place.kind == "area")
        if place.kind == "area":
            self._area_rows[place.id] = row
        self._ids.append(place.id)
        self._points.extend((place.longitude, place.latitude))
        self._radii.append(place.radius_m)
        self._populations.append(place.population)
        west, south, east, north = self._boxes.get(place.country, (180.0, 90.0, -180.0, -90.0))
        self._boxes[place.country] = (
            *(min(west, place.longitude), min(south, place.latitude)),
            *(max(east, place.longitude), max(north, place.latitude)),
        )
        keys: dict[str, int] = {}
        for is_alias, name in ((0, place.name), *((1, alias) for alias in place.aliases)):
            for key in name_keys(name):
                if len(key) > 1:
                    keys.setdefault(key, is_alias)
        for key, is_alias in keys.items():
            packed = row * 2 + is_alias
            held = self._rows.get(key)
            if held is None:
                self._rows[key] = packed
            else:
                self._rows[key] = (*(held if isinstance(held, tuple) else (held,)), packed)

    def _indexed(self) -> dict[str, list[str]]:
        """The keys by how they sound, the shorter first."""
        blocks: dict[str, list[str]] = {}
        keys = sorted((key for key in self._rows if len(key) > 4), key=len)
        # All at once, a name a line: a dozen substitutions for each of a quarter of a million are slow.
        for key, sound in zip(keys, sound_of("\n".join(keys)).split("\n"), strict=False):
            for block in _block_keys(sound):
                blocks.setdefault(block, []).append(key)
        return blocks

    def _matches(self, key: str, closeness: float) -> list[NameMatch]:
        held = self._rows.get(key, ())
        return [
            NameMatch(self._place(packed // 2), closeness, bool(packed % 2))
            for packed in (held if isinstance(held, tuple) else (held,))
        ]

    def _place(self, row: int) -> NamedPlace:
        return NamedPlace(
            kind="area" if self._is_area[row] else "place",
            id=self._ids[row],
            name=self._names[row],
            aliases=self._aliases[row],
            country=self._countries[row],
            longitude=self._points[2 * row],
            latitude=self._points[2 * row + 1],
            radius_m=self._radii[row],
            population=self._populations[row],
        )


_NO_VOWELS = str.maketrans("", "", "aeiou")


def _allowed_errors(length: int) -> int:
    return 0 if length <= 4 else 1 if length <= 7 else 2


def _block_keys(sound: str) -> tuple[str, ...]:
    """The first letter with the next consonant, and with the last: a typing error rarely breaks both."""
    consonants = sound[1:].translate(_NO_VOWELS)
    if not consonants:
        return (sound[:1],)
    return (sound[0] + consonants[0], f"{sound[0]}.{consonants[-1]}")


def place_radius_m(feature_code: str, population: int) -> float:
    """Radius in metres that is taken for a named place whose extent is not known.

    By class, as the GBIF Georeferencing Quick Reference Guide (2020) proposes: regions by their usual
    half-diagonal, populated places by how many live there.
    """
    if feature_code.startswith("ADM1"):
        return 100_000.0
    if feature_code.startswith("ADM"):
        return 30_000.0
    for people, radius_m in ((1_000_000, 15_000.0), (200_000, 8_000.0), (20_000, 5_000.0)):
        if population >= people:
            return radius_m
    return 2_000.0


def read_shipped_places() -> Iterator[NamedPlace]:
    """The gazetteer and the producing areas that ship with the product.

    Producing areas are numbered by their row in the file. Raises ValueError naming file and line for a
    row that cannot be read.
    """
    with gzip.open(DATA_DIR / "gazetteer.csv.gz", "rb") as packed:
        yield from _rows(io.TextIOWrapper(packed, encoding="utf-8", newline=""), "gazetteer.csv.gz", "place")
    with (DATA_DIR / "producing_areas.csv").open(encoding="utf-8", newline="") as lines:
        yield from _rows(lines, "producing_areas.csv", "area")


def _rows(lines: Iterable[str], file_name: str, kind: str) -> Iterator[NamedPlace]:
    reader = csv.DictReader(lines)
    for number, row in enumerate(reader, start=1):
        try:
            population = int(row.get("population") or 0)
            if kind == "area":
                identifier, radius_m = number, float(row["accuracy_m"] or 5_000)
            else:
                identifier = int(row["id"])
                radius_m = float(row.get("radius_m") or place_radius_m(row["feature_code"], population))
            yield NamedPlace(
                kind=kind,
                id=identifier,
                name=row["name"],
                aliases=tuple(alias for alias in row["aliases"].split("|") if alias),
                country=row["country"],
                longitude=float(row["lon"]),
                latitude=float(row["lat"]),
                radius_m=radius_m,
                population=population,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{file_name} line {reader.line_num}: {error!r}") from error

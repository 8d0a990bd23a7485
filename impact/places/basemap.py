"""The basemap that ships with the product: countries and first-level regions, no network needed.

Derived from Natural Earth (public domain) by deploy/derive_basemap.py.
"""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

import shapely
from babel import Locale
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

DATA = Path(__file__).parent / "data"

# The countries that the shipped gazetteer and producing areas cover; a label each in four languages.
COUNTRY_NAMES = {
    "AO": _("Angola"),
    "BF": _("Burkina Faso"),
    "BI": _("Burundi"),
    "BR": _("Brazil"),
    "BW": _("Botswana"),
    "CD": _("Democratic Republic of the Congo"),
    "CF": _("Central African Republic"),
    "CG": _("Congo"),
    "CI": _("Côte d’Ivoire"),
    "CM": _("Cameroon"),
    "GH": _("Ghana"),
    "GN": _("Guinea"),
    "GY": _("Guyana"),
    "KE": _("Kenya"),
    "LR": _("Liberia"),
    "LS": _("Lesotho"),
    "ML": _("Mali"),
    "MZ": _("Mozambique"),
    "NA": _("Namibia"),
    "NG": _("Nigeria"),
    "RW": _("Rwanda"),
    "SD": _("Sudan"),
    "SL": _("Sierra Leone"),
    "SN": _("Senegal"),
    "SS": _("South Sudan"),
    "TD": _("Chad"),
    "TG": _("Togo"),
    "TZ": _("Tanzania"),
    "UG": _("Uganda"),
    "ZA": _("South Africa"),
    "ZM": _("Zambia"),
    "ZW": _("Zimbabwe"),
}
PRODUCING_COUNTRIES = ("CD", "CF", "SL", "ZW", "AO", "LR", "LS", "ZA", "CI", "GH", "GN", "TZ", "CM", "BR")


def country_name(iso2: str) -> str:
    """A country's name in the active language; the code itself where nobody has a name."""
    if iso2 in COUNTRY_NAMES:
        return str(COUNTRY_NAMES[iso2])
    return _territories((get_language() or "en")[:2]).get(iso2) or _basemap_names().get(iso2, iso2)


@cache
def country_codes() -> frozenset[str]:
    """The ISO 3166-1 alpha-2 codes of the world: a report can come from anywhere."""
    return frozenset(_basemap_names()) - {""} | COUNTRY_NAMES.keys()


def country_choices(codes: Iterable[str] = COUNTRY_NAMES) -> list[tuple[str, str]]:
    """Codes with names in the active language, in the order of the names: Á stands with A."""
    return sorted(((code, country_name(code)) for code in codes), key=lambda pair: _without_accents(pair[1]))


def country_at(longitude: float, latitude: float) -> str:
    """The ISO 3166-1 alpha-2 code of the country at a point (WGS 84), or "" at sea."""
    point = shapely.Point(longitude, latitude)
    tree, codes = _country_index()
    hits = tree.query(point, predicate="intersects")
    return codes[int(hits[0])] if len(hits) else ""


@cache
def countries_geojson() -> dict[str, Any]:
    """The countries as a GeoJSON FeatureCollection with `iso_a2` and `name`."""
    collection: dict[str, Any] = json.loads((DATA / "countries.geojson").read_text(encoding="utf-8"))
    return collection


@cache
def country_shape(iso2: str) -> BaseGeometry | None:
    """One country's shape, or None."""
    shapes = [
        shapely.from_geojson(json.dumps(feature["geometry"]))
        for feature in countries_geojson()["features"]
        if feature["properties"]["iso_a2"] == iso2
    ]
    return shapely.union_all(shapes) if shapes else None


def _without_accents(name: str) -> bytes:
    return normalize("NFKD", name.casefold()).encode("ascii", "ignore")


@cache
def _territories(language: str) -> dict[str, str]:
    """Names of countries by the Unicode Common Locale Data Repository."""
    return dict(Locale.parse(language).territories)


@cache
def _basemap_names() -> dict[str, str]:
    features = countries_geojson()["features"]
    return {feature["properties"]["iso_a2"]: feature["properties"]["name"] for feature in features}


@cache
def _country_index() -> tuple[shapely.STRtree, list[str]]:
    shapes, codes = [], []
    for feature in countries_geojson()["features"]:
        if feature["properties"]["iso_a2"]:
            shapes.append(shapely.from_geojson(json.dumps(feature["geometry"])))
            codes.append(feature["properties"]["iso_a2"])
    return shapely.STRtree(shapes), codes

"""From a row's geometry or coordinates to one that can be stored: WGS 84 degrees, flat, valid."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

from impact.places.importing.source import ImportRefused, cell_text

LINE_ENDS = ("start", "end", "centre", "whole")
WGS84 = CRS.from_epsg(4326)
NULL_ISLAND_DEGREES = 0.01
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?(?:e[-+]?\d+)?", re.IGNORECASE)
_SEXAGESIMAL = re.compile(
    r"""[^\d]*(\d+)\s*°\s*(?:(\d+(?:[.,]\d+)?)\s*['′’M]\s*)?(?:(\d+(?:[.,]\d+)?)\s*(?:["″”]|'')\s*)?[^\d]*$"""
)
_SOUTH_OR_WEST = re.compile(r"^[SWO]|[SWO]$")
# O is ouest and oeste; leste and mashariki become E.
_SIDES = {
    **dict.fromkeys(("NORTH", "NORD", "NORTE", "KASKAZINI"), "N"),
    **dict.fromkeys(("SOUTH", "SUD", "SUL", "KUSINI"), "S"),
    **dict.fromkeys(("EAST", "EST", "ESTE", "LESTE", "MASHARIKI"), "E"),
    **dict.fromkeys(("WEST", "OUEST", "OESTE", "MAGHARIBI"), "W"),
}
_SIDE_WORD = re.compile(rf"\b(?:{'|'.join(_SIDES)})\b")
_DEGREE_WORD = re.compile(r"\s*\bDEG(?:REES?|R[EÉ]S?)?\b\.?\s*")
_MINUTE_WORD = re.compile(r"\s*\bMIN(?:UTES?)?\b\.?\s*")
_PARTS = re.compile(
    r"""([NSEWO])?\s*(-?\d{1,3})[\s:°-]+(\d{1,2}(?:[.,]\d+)?)(?:[\s:'′’-]+(\d{1,2}(?:[.,]\d+)?))?\s*["″”]?\s*([NSEWO])?"""
)
_DMS_LETTERS = re.compile(r"(\d)\s*D\s*(\d[\d.,]*)\s*M(?:\s*(\d[\d.,]*)\s*S?)?")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?")
_MARKS = re.compile(r"^[NSEWO\s]+|[°NSEWO\s]+$|(?<=^[-+])\s+")
_LONGEST = 100  # characters of a coordinate
_FEW_CORNERS, _SOME_EDGES, _MOST_CROSSINGS = 2_000, 100, 5_000_000
_MOSTLY = 0.5
_MORE_THAN_HALF = 180.0
_FAR_FROM_IT = 90.0


class Unusable(Exception):
    """A geometry that no place can be made of; the message is the reason for the report."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A geometry to store and what was wrong with it before ("" when nothing was)."""

    geometry: BaseGeometry
    fault: str


def coordinate(cell: object) -> float:
    """A number from a cell: decimal point or comma, degrees with a hemisphere, or degrees and minutes.

    Raises ValueError; NaN counts as no number.
    """
    value = float(cell) if isinstance(cell, (int, float)) else _coordinate_in_text(cell_text(cell))
    if not math.isfinite(value):
        raise ValueError("a coordinate is not a number")
    return value


def _coordinate_in_text(cell: str) -> float:
    if len(cell) > _LONGEST:
        raise ValueError(f"{cell[:40]!r}… is not a coordinate")
    text = _in_letters(cell)
    if _NUMBER.fullmatch(text):
        return float(text.replace(",", "."))
    sign = -1.0 if text[:1] == "-" or _SOUTH_OR_WEST.search(text) else 1.0
    if parts := _SEXAGESIMAL.match(text):
        return sign * _degrees(cell, *parts.groups())
    parts = _PARTS.fullmatch(text)
    # Two bare numbers are degrees and minutes only where nothing else can be meant: 6 07.5, but not 6 7.
    if parts and (parts[1] or parts[4] or parts[5] or re.search("[.,]", parts[3])):
        return sign * _degrees(cell, *parts.group(2, 3, 4))
    bare = _MARKS.sub("", text)
    if _THOUSANDS.fullmatch(bare):
        bare = bare.replace(" ", "")
    if not _NUMBER.fullmatch(bare):
        raise ValueError(f"{cell!r} is not a coordinate" if cell else "no coordinates")
    return math.copysign(float(bare.replace(",", ".")), sign)


def _in_letters(cell: str) -> str:
    """The same in capitals, with N, S, E and W for words, and signs for the words and letters of degrees."""
    text = cell.upper().replace("−", "-").replace("º", "°").replace("’’", "″").replace("′′", "″")
    text = _SIDE_WORD.sub(lambda match: _SIDES[match[0]], text)
    text = _MINUTE_WORD.sub("'", _DEGREE_WORD.sub("°", text))
    return _DMS_LETTERS.sub(lambda match: f"{match[1]}°{match[2]}'{match[3] or 0}″", text)


def _degrees(cell: str, *parts: str | None) -> float:
    degrees, minutes, seconds = (float((part or "0").replace(",", ".")) for part in parts)
    if minutes >= 60 or seconds >= 60:
        raise ValueError(f"{cell!r} is not a coordinate: minutes and seconds go to 59")
    return abs(degrees) + minutes / 60 + seconds / 3600


def point_in(cell: object) -> tuple[float, float]:
    """(longitude, latitude) from one cell with both, latitude first unless the letters say otherwise.

    Raises ValueError.
    """
    text = _in_letters(cell_text(cell).strip("()[] "))
    if len(text) > 2 * _LONGEST:
        raise ValueError(f"{text[:40]!r}… is not a latitude and a longitude")
    parts = [part for part in re.split(r"\s*;\s*|\s*,\s+|(?<=\d)\s*,\s*(?=[-+]?\d+\.)", text) if part]
    if len(parts) < 2 and (letters := re.match(r"(.*?[NSEWO])[\s,]+(.+)", text, re.IGNORECASE)):
        parts = [letters[1], letters[2]]
    if len(parts) < 2:
        parts = text.split()
    if len(parts) not in {2, 3, 4}:  # ODK's geopoints have a height and an accuracy behind
        raise ValueError(f"{text!r} is not a latitude and a longitude" if text else "no coordinates")
    first, second = coordinate(parts[0]), coordinate(parts[1])
    return (first, second) if re.search("[EWO]", parts[0].upper()) else (second, first)


def refuse_unknown_crs(geometries: Sequence[BaseGeometry], crs: CRS | None, *, is_map: bool = False) -> None:
    """Raise ImportRefused when nobody said what the numbers are, or when they cannot be what was said."""
    if crs is not None and not crs.is_geographic:
        return
    bounds = shapely.bounds(
        np.array([geometry for geometry in geometries if not geometry.is_empty], dtype=object)
    )
    if len(bounds) and float(np.mean(np.abs(bounds).max(axis=1) > 360)) > _MOSTLY:
        raise ImportRefused(
            "its coordinates are not degrees and it does not say what they are: "
            "give its coordinate system with --crs, such as --crs EPSG:32634 (UTM 34 north), or name the "
            "column with the zone of UTM: --map zone=…"
        )
    if is_map and crs is None:
        raise ImportRefused(
            "it does not say its coordinate system (a shapefile says it in a .prj file): give it with --crs; "
            "its numbers look like degrees, for which --crs EPSG:4326 is usual"
        )


def to_degrees(geometries: Sequence[BaseGeometry], crs: CRS | None) -> list[BaseGeometry]:
    """The same geometries in WGS 84 degrees, longitude first; what cannot be transformed becomes infinite."""
    if crs is None or crs.equals(WGS84, ignore_axis_order=True):
        return list(geometries)
    transformer = Transformer.from_crs(crs, WGS84, always_xy=True)

    def transform(coordinates: np.ndarray) -> np.ndarray:
        return np.column_stack(transformer.transform(coordinates[:, 0], coordinates[:, 1]))

    return [shapely.transform(geometry, transform) for geometry in geometries]


def usable_geometry(geometry: BaseGeometry, line_end: str) -> Mended:
    """A geometry of one kind, flat and valid, of a geometry in degrees; of a line, the end that is the place.

    Raises Unusable with the reason.
    """
    flat = shapely.force_2d(geometry)
    if flat.is_empty:
        raise Unusable("no coordinates")
    flat, fault = _within_the_world(flat)
    _refuse_impossible(flat)
    if flat.geom_type == "GeometryCollection":
        flat = _largest_kind(flat)
        fault = fault or "points, lines and polygons in one row: the largest kind was taken"
    if flat.geom_type in {"LineString", "LinearRing", "MultiLineString"} and line_end != "whole":
        flat = _point_of_line(flat, line_end)
    if flat.geom_type.startswith("Multi") and len(flat.geoms) == 1:
        flat = flat.geoms[0]
    if flat.is_valid:
        return Mended(flat, fault)
    fault = "; ".join(filter(None, (fault, str(shapely.is_valid_reason(flat)))))
    if _crossings(flat) > _MOST_CROSSINGS:
        raise Unusable(f"it crosses itself too often to be mended: {fault}")
    try:
        mended = shapely.make_valid(flat, method="structure", keep_collapsed=False)
    except shapely.errors.GEOSException as error:
        raise Unusable(f"it cannot be mended ({str(error).splitlines()[0]}): {fault}") from None
    if mended.is_empty or shapely.get_dimensions(mended) != shapely.get_dimensions(flat):
        raise Unusable(f"nothing is left after mending: {fault}")
    return Mended(mended, fault)


def _crossings(geometry: BaseGeometry) -> float:
    """About how often the edges of an outline could cross, from the boxes of some of them: mending takes
    memory for each crossing, and those of ten thousand edges can be fifty million."""
    corners = shapely.get_coordinates(geometry)
    if len(corners) < _FEW_CORNERS:
        return 0.0
    low, high = np.minimum(corners[:-1], corners[1:]), np.maximum(corners[:-1], corners[1:])
    some = np.linspace(0, len(low) - 1, _SOME_EDGES).astype(int)
    met = [((low <= high[edge]) & (high >= low[edge])).all(axis=1).sum() for edge in some]
    return float(np.mean(met)) * len(low) / 2


def swapped(geometry: BaseGeometry) -> BaseGeometry:
    """The same with latitude and longitude the other way round."""
    return shapely.transform(geometry, lambda coordinates: coordinates[:, ::-1])


def _within_the_world(geometry: BaseGeometry) -> tuple[BaseGeometry, str]:
    """Cut at the antimeridian what goes across it, whether beyond 180 degrees or the long way round."""
    west, south, east, north = shapely.bounds(geometry)
    if shapely.get_dimensions(geometry) != 2 or north > 90 or south < -90:
        return geometry, ""
    goes_round = (
        east - west > _MORE_THAN_HALF
        and east <= 180
        and west >= -180
        and not (shapely.get_num_geometries(geometry) > 1)
        and not ((np.abs(shapely.get_coordinates(geometry)[:, 0]) < _FAR_FROM_IT).any())
    )
    if goes_round:
        geometry = shapely.transform(
            geometry, lambda points: np.column_stack((points[:, 0] % 360.0, points[:, 1]))
        )
    elif not (east > 180 and east - west <= _MORE_THAN_HALF and east <= 360 and west >= -180):
        return geometry, ""
    sound = geometry if geometry.is_valid else shapely.make_valid(geometry, method="structure")
    here = shapely.intersection(sound, shapely.box(-180, -90, 180, 90))
    beyond = shapely.transform(
        shapely.intersection(sound, shapely.box(180, -90, 540, 90)),
        lambda points: points - np.array([360.0, 0.0]),
    )
    pieces = [
        piece
        for side in (here, beyond)
        for piece in shapely.get_parts(side)
        if shapely.get_dimensions(piece) == 2
    ]
    if not pieces:
        return geometry, ""
    whole = shapely.multipolygons(pieces) if len(pieces) > 1 else pieces[0]
    return whole, "it crosses the antimeridian: cut there"


def _largest_kind(collection: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(collection)
    dimensions = shapely.get_dimensions(parts)
    kept = parts[dimensions == dimensions.max()]
    gather = (shapely.multipoints, shapely.multilinestrings, shapely.union_all)[dimensions.max()]
    return gather(kept)


def _refuse_impossible(geometry: BaseGeometry) -> None:
    coordinates = shapely.get_coordinates(geometry)
    if not np.isfinite(coordinates).all():
        raise Unusable("a coordinate is not a number")
    longitude, latitude = np.abs(coordinates).max(axis=0)
    if latitude > 90 and latitude <= 180 and longitude <= 90:
        raise Unusable(
            f"latitude {_worst(coordinates[:, 1]):g} is impossible: latitude and longitude look swapped"
        )
    if latitude > 90:
        raise Unusable(f"latitude {_worst(coordinates[:, 1]):g} is impossible")
    if longitude > 180:
        raise Unusable(f"longitude {_worst(coordinates[:, 0]):g} is impossible")
    if bool((np.abs(coordinates) < NULL_ISLAND_DEGREES).all(axis=1).any()):
        raise Unusable("coordinates are 0, 0")


def _worst(values: np.ndarray) -> float:
    return float(values[np.abs(values).argmax()])


def _point_of_line(line: BaseGeometry, line_end: str) -> BaseGeometry:
    if line_end == "centre":
        merged = shapely.line_merge(line)
        return shapely.line_interpolate_point(merged, 0.5, normalized=True)
    coordinates = shapely.get_coordinates(line)
    return shapely.Point(coordinates[0 if line_end == "start" else -1])

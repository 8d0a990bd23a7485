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

POINT_FROM = ("start", "end", "centre")
WGS84 = CRS.from_epsg(4326)
NULL_ISLAND_DEGREES = 0.01
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?(?:e[-+]?\d+)?", re.IGNORECASE)
_SEXAGESIMAL = re.compile(
    r"""[^\d]*(\d+)\s*°\s*(?:(\d+(?:[.,]\d+)?)\s*['′’M]\s*)?(?:(\d+(?:[.,]\d+)?)\s*(?:["″”]|'')\s*)?[^\d]*$"""
)
_SOUTH_OR_WEST = re.compile(r"^[SWO]|[SWO]$")
_MARKS = re.compile(r"[°\sNSEWO]+")
_MOSTLY = 0.5


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
    text = cell.upper().replace("−", "-").replace("º", "°")
    if _NUMBER.fullmatch(text):
        return float(text.replace(",", "."))
    sign = -1.0 if text[:1] == "-" or _SOUTH_OR_WEST.search(text) else 1.0
    if parts := _SEXAGESIMAL.match(text):
        degrees, minutes, seconds = (float((part or "0").replace(",", ".")) for part in parts.groups())
        return sign * (degrees + minutes / 60 + seconds / 3600)
    bare = _MARKS.sub("", text)
    if not _NUMBER.fullmatch(bare):
        raise ValueError(f"{cell!r} is not a coordinate" if cell else "no coordinates")
    return math.copysign(float(bare.replace(",", ".")), sign)


def refuse_unknown_crs(geometries: Sequence[BaseGeometry], crs: CRS | None) -> None:
    """Raise ImportRefused when most numbers cannot be the degrees that the file says or implies."""
    if crs is not None and not crs.is_geographic:
        return
    bounds = shapely.bounds(
        np.array([geometry for geometry in geometries if not geometry.is_empty], dtype=object)
    )
    if len(bounds) and float(np.mean(np.abs(bounds).max(axis=1) > 180)) > _MOSTLY:
        raise ImportRefused(
            "its coordinates are not degrees and it does not say what they are: "
            "give its coordinate system with --crs, such as --crs EPSG:32634"
        )


def to_degrees(geometries: Sequence[BaseGeometry], crs: CRS | None) -> list[BaseGeometry]:
    """The same geometries in WGS 84 degrees, longitude first; what cannot be transformed becomes infinite."""
    if crs is None or crs.equals(WGS84, ignore_axis_order=True):
        return list(geometries)
    transformer = Transformer.from_crs(crs, WGS84, always_xy=True)

    def transform(coordinates: np.ndarray) -> np.ndarray:
        return np.column_stack(transformer.transform(coordinates[:, 0], coordinates[:, 1]))

    return [shapely.transform(geometry, transform) for geometry in geometries]


def usable_geometry(geometry: BaseGeometry, point_from: str) -> Mended:
    """A Point, Polygon or MultiPolygon of a geometry in degrees; a line is a point at one end or its middle.

    Raises Unusable with the reason.
    """
    flat = shapely.force_2d(geometry)
    if flat.is_empty:
        raise Unusable("no coordinates")
    _refuse_impossible(flat)
    if flat.geom_type in {"LineString", "MultiLineString"}:
        flat = _point_of_line(flat, point_from)
    if flat.geom_type in {"MultiPoint", "GeometryCollection"}:
        if len(flat.geoms) != 1:
            raise Unusable(f"{len(flat.geoms)} geometries in one row")
        return usable_geometry(flat.geoms[0], point_from)
    if flat.is_valid:
        return Mended(flat, "")
    fault = str(shapely.is_valid_reason(flat))
    mended = shapely.make_valid(flat, method="structure", keep_collapsed=False)
    if mended.is_empty or mended.geom_type not in {"Polygon", "MultiPolygon"}:
        raise Unusable(f"nothing is left after mending: {fault}")
    return Mended(mended, fault)


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


def _point_of_line(line: BaseGeometry, point_from: str) -> BaseGeometry:
    if point_from == "centre":
        merged = shapely.line_merge(line)
        return shapely.line_interpolate_point(merged, 0.5, normalized=True)
    coordinates = shapely.get_coordinates(line)
    return shapely.Point(coordinates[0 if point_from == "start" else -1])

"""What the properties of a feature are, as JSON Schema (OGC API - Features, part 5).

Without it QGIS and GDAL go by the first ten features: a number that is null in all of them becomes a text.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from impact.summaries.formats.about import ColumnNote, area_dictionary, data_dictionary
from impact.summaries.formats.batches import SCHEMA
from impact.vocabulary import AreaKind, DatePrecision, Harm, Perpetrator, Theme, Verification

MEDIA_TYPE = "application/schema+json"
_TEXT, _TEXTS = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
_WHOLE, _NUMBER, _TRUTH = {"type": "integer"}, {"type": "number"}, {"type": "boolean"}
_DAY = {"type": "string", "format": "date"}
_INCIDENT: dict[str, dict[str, Any]] = {
    "theme": {"type": "string", "enum": Theme.values},
    "harms": {"type": "array", "items": {"type": "string", "enum": Harm.values}},
    "perpetrator": {"type": "string", "enum": Perpetrator.values},
    "verification": {"type": "string", "enum": Verification.values},
    "minerals": _TEXTS,
    "occurred_precision": {"type": "string", "enum": ["", *DatePrecision.values]},
    "nearest_area_kind": {"type": "string", "enum": AreaKind.values},
    "areas": {"type": "array", "items": {"type": "object"}},
}
_AREA: dict[str, dict[str, Any]] = {
    "id": _WHOLE,
    "aliases": _TEXTS,
    "kind": {"type": "string", "enum": AreaKind.values},
    "minerals": _TEXTS,
    "lon": _NUMBER,
    "lat": _NUMBER,
    "accuracy_m": _NUMBER,
    "is_approximate": _TRUTH,
    "source_date": _DAY,
    "is_retired": _TRUTH,
    "incidents": _WHOLE,
}


def incident_properties() -> dict[str, Any]:
    """Each property of an incident by its name, in words of the active language."""
    return _properties(
        data_dictionary(), {field.name: _of_column(field.type) for field in SCHEMA} | _INCIDENT
    )


def area_properties() -> dict[str, Any]:
    """The same of a producing area."""
    return _properties(area_dictionary(), _AREA)


def schema_document(
    address: str, title: str, properties: Mapping[str, Any], geometry: Mapping[str, str]
) -> dict[str, Any]:
    """`geometry`: what the shape of a feature is, in the words of part 5."""
    described = {
        **properties,
        "id": {**properties["id"], "x-ogc-role": "id"},
        "geometry": {"x-ogc-role": "primary-geometry", **geometry},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": title,
        "properties": described,
    }


def feature_schema(properties: Mapping[str, Any]) -> dict[str, Any]:
    """A feature as GeoJSON has it: GDAL (3.6, for one) reads types from such a schema alone.

    It takes `id` from the feature, and would have it twice.
    """
    told = {name: each for name, each in properties.items() if name != "id"}
    return {
        "type": "object",
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "geometry": {"type": "object"},
            "properties": {"type": "object", "properties": told},
        },
    }


def _properties(notes: Iterable[ColumnNote], types: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        note.name: {**types.get(note.name, _TEXT), "title": note.label, "description": note.meaning}
        for note in notes
    }


def _of_column(kind: pa.DataType) -> dict[str, str]:
    if pa.types.is_date(kind):
        return _DAY
    if pa.types.is_boolean(kind):
        return _TRUTH
    if pa.types.is_integer(kind):
        return _WHOLE
    return _NUMBER if pa.types.is_floating(kind) else _TEXT

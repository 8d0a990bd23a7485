"""What of a producing area can change, in JSON types: for its history, and to tell two states apart."""

from typing import Any

from impact.places.models import ProducingArea


def area_state(area: ProducingArea) -> dict[str, Any]:
    """All that an import or a moderator can change."""
    return {
        "name": area.name,
        "aliases": list(area.aliases),
        "country": area.country,
        "kind": str(area.kind),
        "minerals": list(area.minerals),
        "operator": area.operator,
        "title_holder": area.title_holder,
        "active_from": area.active_from.isoformat() if area.active_from else "",
        "active_to": area.active_to.isoformat() if area.active_to else "",
        "geometry": _geometry_words(area),
        "accuracy_m": area.accuracy_m,
        "is_approximate": area.is_approximate,
        "source": area.source,
        "source_date": area.source_date.isoformat() if area.source_date else "",
        "licence": area.licence,
        "note": area.note,
        "absent_since": area.absent_since.isoformat() if area.absent_since else "",
        "retired_on": area.retired_on.isoformat() if area.retired_on else "",
        "retired_because": area.retired_because,
        "joined_to": area.joined_to_id,
    }


def _geometry_words(area: ProducingArea) -> str:
    """The point, or the kind of shape with its size and where it is: a history is no archive of polygons."""
    geometry = area.geometry
    if geometry.geom_type == "Point":
        return f"{geometry.y:.6f}, {geometry.x:.6f}"
    west, south, east, north = geometry.extent
    box = ", ".join(f"{bound:.5f}" for bound in (south, west, north, east))
    return f"{geometry.geom_type}, {geometry.num_coords} points, {box}"

"""Print maps: one snapshot, one sheet, everything on it that a doubter asks for."""

from impact.summaries.maps.options import MAP_FORMATS, MAP_SIZES, MAP_STYLES, MapOptions, frame_box
from impact.summaries.maps.rendering import render_map

__all__ = ["MAP_FORMATS", "MAP_SIZES", "MAP_STYLES", "MapOptions", "frame_box", "render_map"]

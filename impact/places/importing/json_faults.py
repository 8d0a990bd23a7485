"""Why GDAL does not read a GeoJSON, which it does not say: values nested without end, a feature too large."""

import mmap
import re
from pathlib import Path

# GDAL's own limits: json-c goes 32 levels down, and one feature has 200 MB (OGR_GEOJSON_MAX_OBJ_SIZE).
_MOST_BYTES = 200_000_000
_NESTED = re.compile(rb"(?:[\[{]\s*){40}")
_COLLECTIONS = re.compile(rb'(?:\{[^{}\[\]]{0,200}"geometries"\s*:\s*\[\s*){15}')
_FEATURE = re.compile(rb'"Feature"')


def fault_of_json(path: Path, most_bytes: int = _MOST_BYTES) -> str:
    """What is too much in a file of GeoJSON, or "" where nothing is found; the file is not held."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        if _NESTED.search(text) or _COLLECTIONS.search(text):
            return "its values are nested too deeply"
        begin = largest = 0
        for found in _FEATURE.finditer(text):
            largest, begin = max(largest, found.start() - begin), found.start()
        largest = max(largest, len(text) - begin)
    if largest > most_bytes:
        return f"one of its features has {largest / 1e6:,.0f} MB; at most {most_bytes / 1e6:,.0f} are read"
    return ""

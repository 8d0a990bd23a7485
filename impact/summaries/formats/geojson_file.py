"""GeoJSON (RFC 7946): incidents without a place have a null geometry and are not lost."""

import json
from typing import Any, BinaryIO

from impact.publication.models import Snapshot
from impact.publication.snapshots import snapshot_records
from impact.summaries.formats.rows import provenance


def write(snapshot: Snapshot, stream: BinaryIO) -> None:
    """A FeatureCollection, one feature a line; the collection's other members say where it is from."""
    head = {"type": "FeatureCollection", **provenance(snapshot)}
    stream.write(json.dumps(head, ensure_ascii=False)[:-1].encode())
    stream.write(b', "features": [')
    separator = b"\n"
    for record in snapshot_records(snapshot):
        properties: dict[str, Any] = {**record}
        longitude, latitude = properties.pop("lon"), properties.pop("lat")
        geometry = None if longitude is None else {"type": "Point", "coordinates": [longitude, latitude]}
        feature = {"type": "Feature", "id": record["id"], "geometry": geometry, "properties": properties}
        stream.write(separator + json.dumps(feature, ensure_ascii=False).encode())
        separator = b",\n"
    stream.write(b"\n]}\n")

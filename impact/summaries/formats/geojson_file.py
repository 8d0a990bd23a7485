"""GeoJSON (RFC 7946): incidents without a place have a null geometry and are not lost.

A feature's properties are the snapshot's own line, but for the point and the salt: no number is written anew.
"""

import json
import re
from typing import BinaryIO

from impact.publication.models import Snapshot
from impact.publication.snapshots.taking import shown_lines
from impact.summaries.formats.about import data_dictionary, provenance
from impact.summaries.formats.options import ExportOptions

# Keys of a canonical line are sorted and quotes within texts are escaped, so these are the line's own.
_POINT = re.compile(rb',"lat":([^,]+),"lon":([^,]+)(?=,)')
_ID = re.compile(rb',"id":"([0-9a-f-]+)"')
_SALT = re.compile(rb',"salt":"[^"]*"')
_PART = 10_000


def write(snapshot: Snapshot, stream: BinaryIO, options: ExportOptions) -> None:
    """A FeatureCollection, one feature a line; the collection's other members say where it is from."""
    notes = {note.name: f"{note.meaning} [{note.values}]".removesuffix(" []") for note in data_dictionary()}
    head = {"type": "FeatureCollection", **provenance(snapshot), "dictionary": notes}
    stream.write(json.dumps(head, ensure_ascii=False)[:-1].encode())
    stream.write(b', "features": [')
    separator, part = b"\n", []
    for line in shown_lines(snapshot):
        part.append(_feature(line))
        if len(part) == _PART:
            stream.write(separator + b",\n".join(part))
            separator, part = b",\n", []
    if part:
        stream.write(separator + b",\n".join(part))
    stream.write(b"\n]}\n")


def _feature(line: bytes) -> bytes:
    latitude, longitude = _POINT.search(line).groups()  # type: ignore[union-attr]
    public_id = _ID.search(line).group(1)  # type: ignore[union-attr]
    geometry = (
        b"null" if longitude == b"null" else b'{"type":"Point","coordinates":[%b,%b]}' % (longitude, latitude)
    )
    properties = _SALT.sub(b"", _POINT.sub(b"", line.rstrip(b"\n"), count=1), count=1)
    return b'{"type":"Feature","id":"%b","geometry":%b,"properties":%b}' % (public_id, geometry, properties)

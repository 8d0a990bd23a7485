"""The canonical lines of a snapshot and their digest, as `docs/check_snapshot.py` works them out too."""

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any

from impact.publication.published import PublishedRecord

# Quotes within texts are escaped and the ids of areas are numbers, so this is the line's own.
_ID = re.compile(rb'[{,]"id":"([0-9a-f-]+)"')


def canonical_line(record: PublishedRecord, salt: str) -> bytes:
    """A record as JSON with its salt: keys sorted, no spaces, UTF-8, a line feed. The same record gives the
    same bytes."""
    return _json_line({**record, "salt": salt})


def line_id(line: bytes) -> str:
    """The public id of a line or a stone."""
    found = _ID.search(line)
    if found is None:
        raise ValueError("a line without an id")
    return found.group(1).decode()


def stone(line: bytes) -> bytes:
    """What stands for a line whose incident was taken back: its id and digest, and no word of it."""
    return _json_line({"id": line_id(line), "retracted": True, "sha256": line_digest(line)})


def is_stone(line: bytes) -> bool:
    return line.endswith(b'"}\n') and b'"retracted":true' in line and "retracted" in json.loads(line)


def line_digest(line: bytes) -> str:
    """SHA-256 of a line with its line feed, in hex; that of the line that was there, for a stone."""
    if is_stone(line):
        return str(json.loads(line)["sha256"])
    return hashlib.sha256(line).hexdigest()


def digest_of(lines: Iterable[bytes]) -> str:
    """SHA-256 over the digests of the lines, in hex, a line each."""
    total = hashlib.sha256()
    for line in lines:
        total.update(f"{line_digest(line)}\n".encode())
    return total.hexdigest()


def _json_line(values: Any) -> bytes:
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

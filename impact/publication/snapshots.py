"""Snapshots: the published incidents at a moment, frozen, so that a figure can be made again and checked."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from typing import Any, cast

from django.db import transaction

from impact.incidents.counting import withheld_count
from impact.publication.filtering import IncidentFilter
from impact.publication.models import Snapshot
from impact.publication.published import PublishedRecord, published_incidents, published_properties


@transaction.atomic
def take_snapshot(chosen: IncidentFilter | None = None) -> Snapshot:
    """Freeze what is published and passes the filter. One canonical JSON line an incident, in order of id."""
    chosen = chosen or IncidentFilter()
    records = [published_properties(incident) for incident in published_incidents(chosen).order_by("id")]
    lines = canonical_lines(records)
    return Snapshot.objects.create(
        filter=chosen.as_params(),
        rows=gzip.compress(lines, mtime=0),
        digest=hashlib.sha256(lines).hexdigest(),
        shown=len(records),
        without_place=sum(record["lon"] is None for record in records),
        withheld=withheld_count(),
        is_fictional=any(record["is_fictional"] for record in records),
    )


def snapshot_lines(snapshot: Snapshot) -> bytes:
    """The frozen canonical lines, whose SHA-256 is the snapshot's digest."""
    return gzip.decompress(bytes(snapshot.rows))


def snapshot_records(snapshot: Snapshot) -> list[PublishedRecord]:
    """The frozen incidents in JSON types, in order of id."""
    return list(_records(snapshot))


def latest_or_new_snapshot() -> Snapshot:
    """The newest snapshot of everything that still says what is published now, else a fresh one."""
    newest = Snapshot.objects.filter(filter={}).order_by("-created_at").first()
    fresh = canonical_lines(
        [published_properties(incident) for incident in published_incidents().order_by("id")]
    )
    if newest is not None and newest.digest == hashlib.sha256(fresh).hexdigest():
        return newest
    return take_snapshot()


def canonical_lines(records: list[PublishedRecord]) -> bytes:
    """JSON lines with sorted keys, no spaces, UTF-8: the same records give the same bytes."""
    return b"".join(
        json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        for record in records
    )


def _records(snapshot: Snapshot) -> Iterator[PublishedRecord]:
    for line in snapshot_lines(snapshot).splitlines():
        record: Any = json.loads(line)
        yield cast(PublishedRecord, record)

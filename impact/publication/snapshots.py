"""Snapshots: the published incidents at a moment, frozen, so that a figure can be made again and checked.

What is taken back later is taken back here too: its line becomes a stone with the line's own digest,
so that the snapshot's digest can still be checked and the words are gone.
"""

import gzip
import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.utils import timezone

from impact.incidents.counting import withheld_count
from impact.publication.filtering import IncidentFilter
from impact.publication.models import PublicState, PublishedIncident, Retraction, Snapshot
from impact.publication.published import PublishedRecord, published_incidents, published_properties
from impact.publication.suppression import shown_count


@transaction.atomic
def take_snapshot(chosen: IncidentFilter | None = None, *, is_publication_day: bool = False) -> Snapshot:
    """Freeze what is published and passes the filter. One canonical JSON line an incident, in order of id."""
    chosen = chosen or IncidentFilter()
    lines = []
    without_place = 0
    is_fictional = False
    for incident in published_incidents(chosen).order_by("id").iterator(chunk_size=2000):
        record = published_properties(incident)
        without_place += record["lon"] is None
        is_fictional = is_fictional or record["is_fictional"]
        lines.append(canonical_line(record, incident.salt))
    shown_keys = PublishedIncident.objects.filter(retracted_on=None).values("incident_key")
    return Snapshot.objects.create(
        filter=chosen.as_params(),
        rows=gzip.compress(b"".join(lines), mtime=0),
        digest=digest_of(lines),
        shown=len(lines),
        without_place=without_place,
        withheld=shown_count(withheld_count(shown_keys)),
        is_fictional=is_fictional,
        is_publication_day=is_publication_day,
    )


def snapshot_lines(snapshot: Snapshot) -> bytes:
    """The frozen canonical lines, whose digests make the snapshot's digest; a stone where one was taken
    back since."""
    return b"".join(_lines(snapshot))


def snapshot_records(snapshot: Snapshot) -> list[PublishedRecord]:
    """The frozen incidents in JSON types, in order of id, without those that were taken back since."""
    return list(each_record(snapshot))


def each_record(snapshot: Snapshot) -> Iterator[PublishedRecord]:
    """The same, one after the other: a million need not be held at once."""
    for line in shown_lines(snapshot):
        yield _record(line)


def shown_lines(snapshot: Snapshot) -> Iterator[bytes]:
    """The canonical lines of the incidents that were not taken back since, in order of id."""
    return (line for line in _lines(snapshot) if not _is_stone(line))


def retracted_count(snapshot: Snapshot) -> int:
    """How many of the frozen incidents were taken back since."""
    if not Retraction.objects.filter(retracted_at__gte=snapshot.created_at).exists():
        return 0
    return sum(_is_stone(line) for line in _lines(snapshot))


def latest_or_new_snapshot() -> Snapshot:
    """The newest snapshot of everything that still says what is published now, else a fresh one."""
    newest = Snapshot.objects.filter(filter={}).order_by("-created_at").first()
    fresh = [
        canonical_line(published_properties(incident), incident.salt)
        for incident in published_incidents().order_by("id")
    ]
    if newest is not None and newest.digest == digest_of(fresh):
        return newest
    return take_snapshot()


def take_due_snapshot(now: datetime | None = None) -> int:
    """Take the snapshot of a publication day: a worker's turn, once a day on which something public
    changed."""
    now = now or timezone.now()
    with transaction.atomic():
        state = PublicState.objects.select_for_update().first()
        if state is None or state.snapshot_tag == state.tag:
            return 0
        last = Snapshot.objects.defer("rows").filter(is_publication_day=True).order_by("-created_at").first()
        if last is not None and last.created_at.date() >= now.date():
            return 0
        take_snapshot(is_publication_day=True)
        PublicState.objects.filter(pk=state.pk).update(snapshot_tag=state.tag)
    return 1


def erase_retracted() -> int:
    """Erase what was taken back from the stored lines of snapshots: a worker's turn. Readers never saw it
    meanwhile."""
    waiting = list(Retraction.objects.filter(is_erased=False)[:100])
    if not waiting:
        return 0
    latest = max(retraction.retracted_at for retraction in waiting)
    for pk in list(Snapshot.objects.filter(created_at__lte=latest).values_list("pk", flat=True)):
        with transaction.atomic():
            snapshot = Snapshot.objects.select_for_update().get(pk=pk)
            stored = gzip.decompress(bytes(snapshot.rows))
            if (lines := snapshot_lines(snapshot)) != stored:
                snapshot.rows = gzip.compress(lines, mtime=0)
                snapshot.save(update_fields=["rows"])
    Retraction.objects.filter(pk__in=[retraction.pk for retraction in waiting]).update(is_erased=True)
    return len(waiting)


def canonical_line(record: PublishedRecord, salt: str) -> bytes:
    """A record as JSON with its salt: keys sorted, no spaces, UTF-8, a line feed. The same record gives the
    same bytes."""
    return _json_line({**record, "salt": salt})


def digest_of(lines: Iterable[bytes]) -> str:
    """SHA-256 over the digests of the lines, in hex, a line each."""
    total = hashlib.sha256()
    for line in lines:
        total.update(f"{_line_digest(line)}\n".encode())
    return total.hexdigest()


def _line_digest(line: bytes) -> str:
    if _is_stone(line):
        return str(json.loads(line)["sha256"])
    return hashlib.sha256(line).hexdigest()


def _is_stone(line: bytes) -> bool:
    return line.endswith(b'"}\n') and b'"retracted":true' in line and "retracted" in json.loads(line)


def _lines(snapshot: Snapshot) -> Iterator[bytes]:
    taken_back = {
        str(public_id)
        for public_id in Retraction.objects.filter(
            retracted_at__gte=snapshot.created_at, is_erased=False
        ).values_list("public_id", flat=True)
    }
    for line in gzip.GzipFile(fileobj=io.BytesIO(snapshot.rows)):
        if taken_back and not _is_stone(line) and (public_id := json.loads(line)["id"]) in taken_back:
            yield _json_line({"id": public_id, "retracted": True, "sha256": hashlib.sha256(line).hexdigest()})
        else:
            yield line


def _record(line: bytes) -> PublishedRecord:
    record: Any = json.loads(line)
    record.pop("salt", None)
    return cast(PublishedRecord, record)


def _json_line(values: Any) -> bytes:
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

"""Snapshots: the published incidents at a moment, frozen, so that a figure can be made again and checked.

What is taken back later is taken back here too: its line becomes a stone with the line's own digest,
so that the snapshot's digest can still be checked and the words are gone.
"""

import gzip
import json
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from impact.incidents.counting import withheld_count
from impact.publication.filtering import IncidentFilter
from impact.publication.models import PublicState, PublishedIncident, Retraction, Snapshot
from impact.publication.published import PublishedRecord, published_incidents, published_properties
from impact.publication.rounding import shown_count
from impact.publication.snapshots.canonical import canonical_line, digest_of, is_stone, line_id, stone
from impact.publication.snapshots.freezing import Freezing, compressed
from impact.publication.snapshots.record_batches import packed, unpacked, without
from impact.publication.snapshots.stored_rows import open_rows
from impact.publication.surroundings import present_editions

_LINES_TO_A_PART = 1000


@transaction.atomic
def take_snapshot(chosen: IncidentFilter | None = None, *, is_publication_day: bool = False) -> Snapshot:
    """Freeze what is published and passes the filter. One canonical JSON line an incident, in order of id.

    What its maps and briefs stand on besides, areas, places and reporting effort, is frozen with it.
    """
    chosen = chosen or IncidentFilter()
    frozen = Freezing()
    without_place = 0
    is_fictional = bool(settings.DEMO)  # a demo's map of nothing is no real one either
    for incident in published_incidents(chosen).order_by("id").iterator(chunk_size=2000):
        record = published_properties(incident)
        without_place += record["lon"] is None
        is_fictional = is_fictional or record["is_fictional"]
        frozen.add(canonical_line(record, incident.salt))
    shown_keys = PublishedIncident.objects.filter(retracted_on=None).values("incident_key")
    return frozen.kept(
        Snapshot(
            filter=chosen.as_params(),
            without_place=without_place,
            withheld=shown_count(withheld_count(shown_keys)),
            is_fictional=is_fictional,
            is_publication_day=is_publication_day,
            **present_editions(),
        )
    )


def snapshot_lines(snapshot: Snapshot) -> bytes:
    """The frozen canonical lines, whose digests make the snapshot's digest; a stone where one was taken
    back since."""
    return b"".join(_lines(snapshot))


def snapshot_line_parts(snapshot: Snapshot) -> Iterator[bytes]:
    """The same, some hundred lines after the other: a million need not be held at once."""
    lines = _lines(snapshot)
    while part := b"".join(islice(lines, _LINES_TO_A_PART)):
        yield part


def snapshot_records(snapshot: Snapshot) -> list[PublishedRecord]:
    """The frozen incidents in JSON types, in order of id, without those that were taken back since."""
    return list(each_record(snapshot))


def each_record(snapshot: Snapshot) -> Iterator[PublishedRecord]:
    """The same, one after the other: a million need not be held at once."""
    for line in shown_lines(snapshot):
        yield _record(line)


def shown_lines(snapshot: Snapshot) -> Iterator[bytes]:
    """The canonical lines of the incidents that were not taken back since, in order of id."""
    return (line for line in _lines(snapshot) if not is_stone(line))


def retracted_count(snapshot: Snapshot) -> int:
    """How many of the frozen incidents were taken back since."""
    if not Retraction.objects.filter(retracted_at__gte=snapshot.created_at).exists():
        return 0
    return sum(is_stone(line) for line in _lines(snapshot))


def latest_snapshot() -> Snapshot | None:
    """The newest snapshot of everything; its rows are read when they are asked for."""
    return Snapshot.objects.defer("rows").filter(filter={}).order_by("-created_at").first()


def latest_or_new_snapshot() -> Snapshot:
    """The newest snapshot of everything that still says what is published now, else a fresh one."""
    newest = latest_snapshot()
    fresh = digest_of(
        canonical_line(published_properties(incident), incident.salt)
        for incident in published_incidents().order_by("id").iterator(chunk_size=2000)
    )
    if newest is not None and newest.digest == fresh:
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
            if taken_back := taken_back_since(snapshot):
                _erase(snapshot, taken_back)
    Retraction.objects.filter(pk__in=[retraction.pk for retraction in waiting]).update(is_erased=True)
    return len(waiting)


def _erase(snapshot: Snapshot, taken_back: set[str]) -> None:
    stored = (line_id(line) for line in _stored_lines(snapshot) if not is_stone(line))
    if taken_back.isdisjoint(stored):
        return
    snapshot.rows = compressed(_lines(snapshot))
    snapshot.save(update_fields=["rows"])
    for part in snapshot.parts.iterator(chunk_size=1):
        before = unpacked(part.columns)
        if (left := without(before, taken_back)).num_rows != before.num_rows:
            part.columns = packed(left)
            part.save(update_fields=["columns"])


def taken_back_since(snapshot: Snapshot) -> set[str]:
    """Public ids of what was taken back since the snapshot and is still in its stored lines."""
    taken_back = Retraction.objects.filter(retracted_at__gte=snapshot.created_at, is_erased=False)
    return {str(public_id) for public_id in taken_back.values_list("public_id", flat=True)}


def _lines(snapshot: Snapshot) -> Iterator[bytes]:
    taken_back = taken_back_since(snapshot)
    for line in _stored_lines(snapshot):
        yield stone(line) if taken_back and not is_stone(line) and line_id(line) in taken_back else line


def _stored_lines(snapshot: Snapshot) -> Iterator[bytes]:
    return iter(gzip.GzipFile(fileobj=open_rows(snapshot)))


def _record(line: bytes) -> PublishedRecord:
    record: Any = json.loads(line)
    record.pop("salt", None)
    return cast(PublishedRecord, record)

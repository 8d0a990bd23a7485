import json
from typing import Any

import pytest
from django.utils import timezone

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.publication.models import PublishedIncident, Retraction, Snapshot, SnapshotPart
from impact.publication.published import published_properties
from impact.publication.publishing import retract_incident
from impact.publication.snapshots.canonical import canonical_line
from impact.publication.snapshots.columns import keep_missing_columns, snapshot_batches
from impact.publication.snapshots.freezing import Freezing
from impact.publication.snapshots.record_batches import LINES, RECORD, record_batches, unpacked
from impact.publication.snapshots.taking import (
    erase_retracted,
    retracted_count,
    shown_lines,
    snapshot_records,
    take_snapshot,
)
from tests.builders import make_area, make_published
from tests.publication.test_publishing import PUBLIC, publish, verified

pytestmark = pytest.mark.django_db
HOSTILE = 'x","lat":1.0,"id":"feed","salt":"\\' + "\n\u2028\r\t\x00\x1f 😀 =1+1"


def as_records(snapshot: Snapshot) -> list[dict[str, Any]]:
    """What the columns say, in the lines' own types."""
    rows = [row for batch in snapshot_batches(snapshot) for row in batch.to_pylist()]
    days = ("occurred_from", "occurred_to", "published_on")
    return [row | {name: row[name] and row[name].isoformat() for name in days} for row in rows]


def one_of_each_kind() -> None:
    area, other = make_area(name='Catoca "north",\nLunda'), make_area(name="Kamonia", kind="industrial")
    make_published(areas=((area, 3200.0), (other, 21_000.0)), harms=("killing", "injury", "extortion"))
    make_published(longitude=None, latitude=None, occurred_from=None, occurred_to=None, killed=None)
    make_published(text=HOSTILE.replace("\x00", ""), minerals=[], killed=2**31 - 1, country="")
    make_published(longitude=20.0, latitude=-0.00001, is_fictional=True, minerals=["gold", "3T; other"])


def test_the_columns_say_what_the_lines_say() -> None:
    one_of_each_kind()
    snapshot = take_snapshot()
    assert SnapshotPart.objects.filter(snapshot=snapshot).count() == 1
    assert as_records(snapshot) == snapshot_records(snapshot)
    assert len(snapshot_records(snapshot)) == 4
    assert RECORD.names == list(published_properties(PublishedIncident.objects.all()[0]))


def test_a_snapshot_without_columns_is_read_from_its_lines_and_gets_them() -> None:
    one_of_each_kind()
    snapshot = take_snapshot()
    before = bytes(SnapshotPart.objects.get().columns)
    SnapshotPart.objects.all().delete()
    assert as_records(snapshot) == snapshot_records(snapshot)
    assert [keep_missing_columns() for _ in range(2)] == [1, 0]
    assert bytes(SnapshotPart.objects.get().columns) == before


def test_many_incidents_are_kept_and_read_in_parts() -> None:
    make_published()
    record = published_properties(PublishedIncident.objects.get())
    frozen = Freezing()
    for number in range(LINES + 2):
        frozen.add(canonical_line({**record, "id": f"{number:032x}"}, "salt"))
    snapshot = frozen.kept(Snapshot(without_place=0, withheld=0))
    assert snapshot.shown == LINES + 2
    assert [batch.num_rows for batch in snapshot_batches(snapshot)] == [LINES, 2]
    assert list(snapshot_batches(snapshot))[-1].column("id").to_pylist()[-1] == f"{LINES + 1:032x}"
    assert sum(batch.num_rows for batch in record_batches(shown_lines(snapshot))) == LINES + 2


@pytest.mark.parametrize("is_deferred", [False, True])
def test_the_lines_are_the_same_whether_the_value_is_at_hand_or_not(is_deferred: bool) -> None:
    one_of_each_kind()
    taken = take_snapshot()
    snapshot = Snapshot.objects.defer(*(["rows"] if is_deferred else [])).get()
    assert list(shown_lines(snapshot)) == list(shown_lines(taken))
    assert ("rows" in snapshot.get_deferred_fields()) is is_deferred


def test_what_is_taken_back_leaves_the_columns_at_once_and_the_store_with_the_turn(moderator: User) -> None:
    publish(verified(moderator), moderator)
    make_published(text="Another one.")
    snapshot = take_snapshot()
    incident = Incident.objects.get()
    retract_incident(
        incident=incident, moderator=moderator, reason="in danger", expected_version=incident.version
    )
    assert [record["text"] for record in as_records(snapshot)] == ["Another one."]
    assert PUBLIC in str(unpacked(SnapshotPart.objects.get().columns).column("text"))
    assert erase_retracted() == 1
    stored = unpacked(SnapshotPart.objects.get().columns)
    assert stored.column("text").to_pylist() == ["Another one."]
    assert as_records(snapshot) == snapshot_records(Snapshot.objects.get())


def test_a_snapshot_of_which_everything_was_taken_back_waits_for_no_columns() -> None:
    published = make_published()
    snapshot = take_snapshot()
    SnapshotPart.objects.all().delete()
    Retraction.objects.create(public_id=published.pk, retracted_at=timezone.now())
    assert [keep_missing_columns() for _ in range(2)] == [1, 0]
    assert as_records(snapshot) == snapshot_records(snapshot) == []
    assert erase_retracted() == 1
    assert retracted_count(Snapshot.objects.get()) == 1


def test_nothing_published_has_no_columns() -> None:
    snapshot = take_snapshot()
    assert list(snapshot_batches(snapshot)) == []
    assert keep_missing_columns() == 0
    assert json.loads(json.dumps(as_records(snapshot))) == []

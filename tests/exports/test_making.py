"""The row is the job: one step a turn, taken over from the dead, gone when something in it was taken back."""

import fcntl
import os
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from impact.accounts.models import User
from impact.exports import parts
from impact.exports.keeping import (
    expire_exports,
    files_folder,
    folder_of,
    kept_file,
    withdraw_taken_back,
)
from impact.exports.making import MOST_ATTEMPTS, WAIT, make_ordered
from impact.exports.models import Export, ExportKind
from impact.ledger.models import Entry
from impact.publication.models import PublishedIncident, Retraction, Snapshot
from impact.publication.snapshots.taking import take_snapshot
from tests.builders import make_export, make_published

pytestmark = pytest.mark.django_db
State = Export.State


@pytest.fixture
def snapshot() -> Snapshot:
    for number in range(3):
        make_published(longitude=20.8 + number)
    return take_snapshot()


def make_all(export: Export) -> Export:
    while make_ordered():
        pass
    export.refresh_from_db()
    return export


def take_back(incident: PublishedIncident) -> None:
    Retraction.objects.create(public_id=incident.pk, retracted_at=timezone.now())


def test_one_step_is_made_a_turn_and_the_row_tells_how_far_it_is(advocate: User, snapshot: Snapshot) -> None:
    export = make_export(advocate, snapshot, data="csv")
    found = []
    while make_ordered():
        export.refresh_from_db()
        found.append((export.state, export.steps_done, export.steps))
    assert found == [(State.RUNNING, 1, 2), (State.DONE, 2, 2)]
    assert [file["name"].rpartition("-")[2] for file in export.files] == [
        f"{snapshot.pk}.csv",
        f"{snapshot.pk}.areas.geojson",
        f"{snapshot.pk}.dictionary.csv",
        f"{snapshot.pk}.incident_areas.csv",
    ]
    for file in export.files:
        path = kept_file(export, file["name"])
        assert path is not None
        assert path.stat().st_size == file["size"]
    assert kept_file(export, "../lock") is None


def test_the_log_says_who_asked_for_what_why_and_for_whom(advocate: User, snapshot: Snapshot) -> None:
    export = make_export(advocate, snapshot)
    entry = Entry.objects.latest("sequence")
    assert (entry.kind, entry.actor_id, entry.subject) == ("export", advocate.pk, f"snapshot {snapshot.pk}")
    assert entry.content.details == {
        "act": "ordered",
        "what": "data For the plenary",
        "export": str(export.pk),
        "why": "the coalition speaks on Tuesday",
        "for_whom": "the delegations",
    }


def test_what_a_killed_worker_had_made_is_kept_and_the_next_goes_on(
    advocate: User, snapshot: Snapshot
) -> None:
    export = make_export(advocate, snapshot, ExportKind.PACKAGE, size="square", format="svg", data="csv")
    assert make_ordered() == 1
    drawn = next((folder_of(export) / "step-0").iterdir())
    before = drawn.stat().st_mtime_ns
    # Killed in the second step: the row says that it is being made, and nobody holds the lock.
    Export.objects.update(turn=2, attempts=1, host=os.uname().nodename, leased_until=timezone.now() + WAIT)
    (folder_of(export) / "step-1.part").mkdir()
    (folder_of(export) / "step-1.part" / "half.pdf").write_bytes(b"half")
    assert make_ordered() == 1
    assert drawn.stat().st_mtime_ns == before
    assert make_all(export).state == State.DONE
    assert [path.name for path in files_folder(export).iterdir()] == [export.files[0]["name"]]
    assert not list(folder_of(export).glob("step-*"))


def test_a_step_that_a_living_worker_holds_is_left_alone(advocate: User, snapshot: Snapshot) -> None:
    export = make_export(advocate, snapshot)
    folder_of(export).mkdir(parents=True)
    handle = os.open(folder_of(export) / "lock", os.O_CREAT | os.O_RDWR)
    fcntl.flock(handle, fcntl.LOCK_EX)
    assert make_ordered() == 0
    os.close(handle)
    assert make_ordered() == 1


def test_another_machine_waits_for_the_lease(advocate: User, snapshot: Snapshot) -> None:
    make_export(advocate, snapshot)
    now = timezone.now()
    Export.objects.update(state=State.RUNNING, host="elsewhere", leased_until=now + timedelta(minutes=1))
    assert make_ordered(now) == 0
    assert make_ordered(now + timedelta(minutes=2)) == 1


def test_it_gives_up_after_three_attempts_and_says_so(
    advocate: User, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setitem(parts.KINDS, "data", parts.Kind((broken,)))  # the disk is the border
    export = make_export(advocate, snapshot)
    now = timezone.now()
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert make_ordered(now) == 1
        assert make_ordered(now) == 0
        export.refresh_from_db()
        assert export.attempts == attempt
        now += timedelta(hours=1)
    assert (export.state, export.error) == (State.FAILED, "OSError")
    assert not folder_of(export).exists()


def test_a_step_that_always_kills_its_worker_is_given_up(advocate: User, snapshot: Snapshot) -> None:
    export = make_export(advocate, snapshot)
    Export.objects.update(attempts=MOST_ATTEMPTS, state=State.RUNNING)
    assert make_ordered() == 1
    export.refresh_from_db()
    assert (export.state, export.error) == (State.FAILED, "interrupted")


def test_files_expire_and_the_row_stays(advocate: User, snapshot: Snapshot, settings: Settings) -> None:
    settings.EXPORT_DAYS = 3
    export = make_all(make_export(advocate, snapshot))
    assert expire_exports(timezone.now() + timedelta(days=2)) == 0
    assert expire_exports(timezone.now() + timedelta(days=4)) == 1
    export.refresh_from_db()
    assert export.state == State.EXPIRED
    assert export.files
    assert not folder_of(export).exists()


def test_what_holds_an_incident_that_was_taken_back_is_erased(advocate: User, snapshot: Snapshot) -> None:
    export = make_all(make_export(advocate, snapshot))
    name = export.files[0]["name"]
    held = PublishedIncident.objects.earliest("pk")
    take_back(make_published())  # of another snapshot
    assert kept_file(export, name)
    take_back(held)
    assert kept_file(Export.objects.get(), name) is None
    export.refresh_from_db()
    assert export.state == State.WITHDRAWN
    assert not folder_of(export).exists()
    assert make_all(make_export(advocate, snapshot)).state == State.DONE
    assert withdraw_taken_back() == 0


def test_it_begins_again_when_something_is_taken_back_meanwhile(advocate: User, snapshot: Snapshot) -> None:
    export = make_export(advocate, snapshot, data="csv")
    victim = PublishedIncident.objects.order_by("pk")[0]
    make_ordered()
    take_back(victim)
    make_all(export)
    assert export.state == State.DONE
    path = kept_file(export, export.files[0]["name"])
    assert path is not None
    assert str(victim.pk) not in path.read_text()

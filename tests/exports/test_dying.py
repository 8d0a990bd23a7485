"""A worker that is killed wherever it touches a file, and a full disk: nothing half, nothing twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from impact.accounts.models import User
from impact.exports.keeping import files_folder, folder_of, kept_file, sweep_folders
from impact.exports.making import MOST_ATTEMPTS, make_ordered
from impact.exports.models import Export
from impact.exports.ordering import order_again
from impact.exports.packing import told
from impact.publication.models import Snapshot
from impact.publication.snapshots.taking import take_snapshot
from impact.summaries.formats.scratch import scratch_folder, sweep_scratch
from tests.builders import make_export, make_published

State = Export.State
TOUCHES = {
    "open",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.remove",
    "os.listdir",
    "os.scandir",
    "shutil.rmtree",
}
STRANGER = 2**22 + 1  # no process has this number: it is past the kernel's largest


@pytest.fixture
def var(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def snapshot(var: Path) -> Snapshot:
    for number in range(3):
        make_published(longitude=20.8 + number)
    return take_snapshot()


def dies_at(touch: int, room: Path, do: Callable[[], object]) -> bool:
    """Do something in a process of its own that is killed at so many touches of files; whether it was."""
    connection.close()
    child = os.fork()
    if child == 0:
        seen = 0

        def count(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal seen
            if event in TOUCHES and arguments and str(arguments[0]).startswith(str(room)):
                seen += 1
                if seen == touch:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        try:
            do()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == -signal.SIGKILL


def make_all() -> None:
    while make_ordered():
        pass


def assert_whole(export: Export, var: Path) -> None:
    """One export, done, with the files that it names and nothing besides."""
    export.refresh_from_db()
    assert (export.state, export.steps_done) == (State.DONE, export.steps)
    there = {path.name for path in files_folder(export).iterdir()}
    assert there == {file["name"] for file in export.files}
    for file in export.files:
        path = kept_file(export, file["name"])
        assert path is not None
        assert told(path) == file
    assert sorted(path.name for path in folder_of(export).iterdir()) == ["files", "lock"]
    assert not list((var / "scratch").iterdir()) if (var / "scratch").exists() else True


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("data", ["csv", "gpkg"])
def test_killed_at_any_touch_of_a_file_it_is_made_once_and_whole(
    advocate: User, snapshot: Snapshot, var: Path, data: str
) -> None:
    first = make_export(advocate, snapshot, data=data)
    make_all()
    first.refresh_from_db()
    touch, killed = 0, 0
    while True:
        touch += 1
        export = make_export(advocate, snapshot, data=data)
        was_killed = dies_at(touch, var, make_all)
        export.refresh_from_db()
        assert export.steps_done <= export.steps
        if export.state != State.DONE:  # nothing half is offered
            assert (export.files, kept_file(export, first.files[0]["name"])) == ([], None)
        make_all()
        cache.clear()
        sweep_folders()
        assert_whole(export, var)
        assert export.files == first.files
        killed += was_killed
        if not was_killed:
            break
    assert killed > 10
    assert Export.objects.count() == touch + 1


@pytest.mark.django_db
def test_what_the_killed_left_behind_is_swept_and_what_lives_is_not(
    advocate: User, snapshot: Snapshot, var: Path
) -> None:
    done, waiting = make_export(advocate, snapshot, data="csv"), make_export(advocate, snapshot, data="csv")
    make_all()
    Export.objects.filter(pk=waiting.pk).update(state=State.RUNNING)
    (folder_of(done) / "step-0").mkdir()
    (folder_of(waiting) / "step-0.part").mkdir(exist_ok=True)
    (var / "exports" / "00000000-0000-4000-8000-000000000000").mkdir()  # of a database that was put back
    (var / "exports" / "lost+found").mkdir()
    (var / "scratch").mkdir(exist_ok=True)
    (var / "scratch" / f"{STRANGER}-x").mkdir()
    with scratch_folder() as used:
        assert sweep_folders() == 4
        assert used.is_dir()
        assert sweep_folders() == 0  # not again at once
        os.utime(used, (0, time.time() - 90_000))
        assert sweep_scratch() == 1  # a number is taken again by others: nothing takes a day
    assert sorted(path.name for path in (var / "exports").iterdir()) == sorted(
        [str(done.pk), str(waiting.pk)]
    )
    assert (folder_of(waiting) / "step-0.part").is_dir()
    assert_whole(done, var)


@pytest.fixture
def small_disk(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """A real disk of 512 kB."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", tmp_path], capture_output=True, check=False
    )
    if mounted.returncode:
        # No package helps: it is the machine that allows it or not, also to root in a container.
        pytest.skip(f"this machine mounts no small disk, which takes root: {mounted.stderr.decode().strip()}")
    settings.VAR_DIR = tmp_path
    yield tmp_path
    subprocess.run(["umount", tmp_path], check=True)


@pytest.mark.django_db
@pytest.mark.parametrize("data", ["csv", "gpkg", "parquet", "shp"])
def test_a_full_disk_is_said_and_with_room_it_is_made(advocate: User, small_disk: Path, data: str) -> None:
    make_published()
    export = make_export(advocate, take_snapshot(), data=data)
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * (small_disk_room(small_disk) - 4096))
    now = timezone.now()
    for _ in range(MOST_ATTEMPTS):
        assert make_ordered(now) == 1
        now += timedelta(hours=1)
    export.refresh_from_db()
    assert (export.state, export.error, export.files) == (State.FAILED, "disk_full", [])
    assert not folder_of(export).exists()
    assert not list((small_disk / "scratch").glob("*"))
    ballast.unlink()
    anew = order_again(user=advocate, export=export)
    make_all()
    assert_whole(anew, small_disk)


def small_disk_room(disk: Path) -> int:
    found = os.statvfs(disk)
    return found.f_bavail * found.f_frsize

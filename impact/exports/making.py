"""Making what was ordered, a worker's turn: one step of one export, so that nothing else waits for long.

A step writes into a folder that gets its name when it is whole. The lock of a living process tells its step
from one that was killed: the kernel lets go of it, and the next worker goes on there at once. Another machine
waits for the lease.
"""

import errno
import fcntl
import logging
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from impact.exports.choices import Choices
from impact.exports.keeping import files_folder, folder_of, newest_retraction
from impact.exports.models import Export
from impact.exports.packing import pack, told
from impact.exports.parts import KINDS, stem
from impact.publication.snapshots.taking import retracted_count
from impact.sealing import can_open
from impact.summaries.formats.xlsx_file import TooManyRows

MOST_ATTEMPTS = 3
LEASE = timedelta(minutes=30)
WAIT = timedelta(seconds=30)
_LEAST_FREE = 64 * 1024  # bytes: with less than this nothing is written
_UNDER_WAY = (Export.State.QUEUED, Export.State.RUNNING)

logger = logging.getLogger("headlamp.exports")


def make_ordered(now: datetime | None = None) -> int:
    """Make one step of the oldest export that nobody works at. Returns how many steps were made."""
    now = now or timezone.now()
    here = socket.gethostname()[:100]
    waiting = Export.objects.filter(
        Q(leased_until=None) | Q(leased_until__lte=now) | Q(host=here), state__in=_UNDER_WAY
    )
    if not can_open():
        waiting = waiting.exclude(kind="package")  # the key that signs is not on this host
    for export in waiting.select_related("snapshot").defer("snapshot__rows").order_by("created_at")[:20]:
        with _locked(export) as is_mine:
            if is_mine and _claim(export, here, now):
                _make_step(export, now)
                return 1
    return 0


@contextmanager
def _locked(export: Export) -> Iterator[bool]:
    folder_of(export).mkdir(parents=True, exist_ok=True)
    handle = os.open(folder_of(export) / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(handle)


def _claim(export: Export, here: str, now: datetime) -> bool:
    claimed = Export.objects.filter(pk=export.pk, turn=export.turn, state__in=_UNDER_WAY).update(
        state=Export.State.RUNNING,
        turn=F("turn") + 1,
        attempts=F("attempts") + 1,
        host=here,
        leased_until=now + LEASE,
    )
    export.turn += 1
    export.attempts += 1
    return bool(claimed)


def _make_step(export: Export, now: datetime) -> None:
    if export.attempts > MOST_ATTEMPTS:
        _fail(export, "interrupted")  # killed every time, as for want of memory
        return
    try:
        if export.steps_done < len(KINDS[export.kind].parts):
            _make_part(export)
        else:
            _put_together(export)
    except TooManyRows:
        _fail(export, "too_many_rows")
    except Exception as error:  # noqa: BLE001  (one export that fails must not hold up the others)
        # Only the kind of the error: its words can hold what is not for a log.
        logger.error("export %s, step %s: %s", export.pk, export.steps_done, type(error).__name__)
        is_full = _is_disk_full(error)
        for part in folder_of(export).glob("*.part"):
            shutil.rmtree(part, ignore_errors=True)
        if export.attempts >= MOST_ATTEMPTS:
            _fail(export, "disk_full" if is_full else type(error).__name__)
        else:
            _update(export, host="", leased_until=now + WAIT * export.attempts)


def _is_disk_full(error: Exception) -> bool:
    """Whether there was no room: by the error, or, where a library has errors of its own, by the disk."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return True
    return shutil.disk_usage(settings.VAR_DIR).free < _LEAST_FREE


def _make_part(export: Export) -> None:
    step = export.steps_done
    changes = {"taken_back": retracted_count(export.snapshot)} if step == 0 else {}
    whole = _step_folder(export, step)
    if not whole.exists() or step == 0:
        part = whole.with_suffix(".part")
        for old in (part, whole):
            shutil.rmtree(old, ignore_errors=True)
        part.mkdir(parents=True)
        KINDS[export.kind].parts[step](export.snapshot, Choices.from_json(export.options), part)
        part.rename(whole)
    _update(export, steps_done=step + 1, attempts=0, leased_until=None, host="", **changes)


def _put_together(export: Export) -> None:
    newest = newest_retraction()
    steps = [_step_folder(export, step) for step in range(len(KINDS[export.kind].parts))]
    whole = files_folder(export)
    is_stale = retracted_count(export.snapshot) != export.taken_back
    if is_stale or not (whole.exists() or all(step.exists() for step in steps)):
        # Something was taken back meanwhile, or the disk was cleared: from the beginning.
        for folder in (*steps, whole):
            shutil.rmtree(folder, ignore_errors=True)
        _update(export, steps_done=0, attempts=0, leased_until=None, host="")
        return
    if not whole.exists():
        part = whole.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        _fill(export, [file for step in steps for file in step.iterdir()], part)
        part.rename(whole)
    now = timezone.now()
    _update(
        export,
        state=Export.State.DONE,
        steps_done=export.steps,
        attempts=0,
        leased_until=None,
        host="",
        files=[told(file) for file in sorted(whole.iterdir(), key=_main_first)],
        retraction_seen=newest,
        finished_at=now,
        expires_at=now + timedelta(days=settings.EXPORT_DAYS),
    )
    for step in steps:
        shutil.rmtree(step, ignore_errors=True)


def _main_first(file: Path) -> tuple[int, str]:
    """What lies beside a file is called as the file is and has a second ending."""
    return len(file.suffixes), file.name


def _fill(export: Export, files: list[Path], folder: Path) -> None:
    if KINDS[export.kind].is_packed:
        with (folder / f"{stem(export.snapshot)}.zip").open("wb") as stream:
            pack(export.snapshot, Choices.from_json(export.options), files, stream)
        return
    for file in files:
        shutil.copyfile(file, folder / file.name)


def _step_folder(export: Export, step: int) -> Path:
    return folder_of(export) / f"step-{step}"


def _fail(export: Export, error: str) -> None:
    _update(
        export, state=Export.State.FAILED, error=error[:60], finished_at=timezone.now(), leased_until=None
    )
    shutil.rmtree(folder_of(export), ignore_errors=True)


def _update(export: Export, **changes: object) -> None:
    """Write what came of a step, unless somebody else has taken it over."""
    Export.objects.filter(pk=export.pk, turn=export.turn).update(**changes)

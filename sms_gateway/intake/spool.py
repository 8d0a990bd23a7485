"""Where a message is put while the database is away: one sealed, fsynced file each, drained in order.

A file is written under another name, synced, renamed, and its directory synced, so that what has its name
is whole and survives the machine's fall as far as the disk tells the truth. It is sealed to the public
key: a host that only receives cannot read its own spool. Nothing here asks the database.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import msgspec
from django.conf import settings

from impact.sealing import UnsealError, seal_bytes, unseal_bytes
from sms_gateway.inbound import InboundSms
from sms_gateway.intake.exit_points import reached

SUFFIX = ".sms"
_ABANDONED_S = 3600.0


class SpoolError(Exception):
    """A message could not be put aside (no room, no right), or read back. Never its words."""


def put_aside(sms: InboundSms) -> Path:
    """Seal a message into the spool, and return when it is on the disk. Raises SpoolError."""
    sealed = seal_bytes(msgspec.json.encode(sms))
    directory = spool_directory()
    name = f"{time.time_ns():020d}-{uuid4().hex[:12]}"
    beginning = directory / f".{name}.part"
    try:
        _make(directory)
        _write_synced(beginning, sealed)
        reached("before-spool-rename")
        os.rename(beginning, directory / f"{name}{SUFFIX}")
        reached("after-spool-rename")
        _sync_directory(directory)
        reached("after-spool-sync")
    except OSError as error:
        with suppress(OSError):
            beginning.unlink(missing_ok=True)
        raise SpoolError(f"spool: {os.strerror(error.errno or 0)}") from None
    return directory / f"{name}{SUFFIX}"


def waiting_files() -> list[Path]:
    """What waits to be drained, the oldest first."""
    try:
        return sorted(path for path in spool_directory().iterdir() if path.suffix == SUFFIX)
    except FileNotFoundError:
        return []


def read_back(path: Path) -> InboundSms:
    """The message in a file of the spool. Raises SpoolError for one that cannot be read here."""
    try:
        return msgspec.json.decode(unseal_bytes(path.read_bytes()), type=InboundSms)
    except (OSError, UnsealError, msgspec.DecodeError) as error:
        # Neither words nor cause: msgspec's would quote the message.
        raise SpoolError(type(error).__name__) from None


def take_out(path: Path) -> None:
    """Remove a file whose message is committed elsewhere. Coming back after a crash, it makes nothing new."""
    path.unlink(missing_ok=True)


@contextmanager
def only_drainer() -> Iterator[bool]:
    """Whether this process may drain now: one at a time, so that the order holds. Ends with the process."""
    directory = spool_directory()
    _make(directory)
    with (directory / ".drainer").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


def clear_abandoned() -> None:
    """Remove beginnings that a crash left an hour ago or before: nobody was told that they are kept."""
    before = time.time() - _ABANDONED_S
    for path in spool_directory().glob(".*.part"):
        with suppress(OSError):
            if path.stat().st_mtime < before:
                path.unlink()


def spool_directory() -> Path:
    return Path(settings.SPOOL_DIR)


def _make(directory: Path) -> None:
    if not directory.is_dir():
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync_directory(directory.parent)


def _write_synced(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        half = len(content) // 2
        for part in (content[:half], content[half:]):
            written = 0
            while written < len(part):
                written += file.write(part[written:])
            reached("mid-spool-write")
        os.fsync(file.fileno())


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

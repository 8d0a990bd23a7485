"""Folders for files on their way, which a process that is killed leaves behind and the worker sweeps up."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

_LONGEST_S = 86_400.0  # nothing takes a day: then a process of that number is another


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder that is gone afterwards; beside the other files, so that it is on the disk that is watched."""
    _room().mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{os.getpid()}-", dir=_room()) as folder:
        yield Path(folder)


def sweep_scratch() -> int:
    """Erase the folders of processes of this machine that live no more. Returns how many there were.

    openpyxl keeps its sheets in the machine's own folder for such files; those go after a day.
    """
    swept = 0
    for file in Path(tempfile.gettempdir()).glob("openpyxl.*"):
        with suppress(OSError):  # somebody else's, or gone meanwhile
            if time.time() - file.stat().st_mtime > _LONGEST_S:
                file.unlink()
                swept += 1
    for folder in list(_room().iterdir()) if _room().is_dir() else []:
        if not _is_used(folder):
            shutil.rmtree(folder, ignore_errors=True)
            swept += 1
    return swept


def _room() -> Path:
    return Path(settings.VAR_DIR) / "scratch"


def _is_used(folder: Path) -> bool:
    number = folder.name.partition("-")[0]
    try:
        if time.time() - folder.stat().st_mtime > _LONGEST_S:
            return False
        os.kill(int(number), 0)
    except PermissionError:
        return True  # it lives, and is somebody else's
    except (OSError, ValueError):
        return False
    return True

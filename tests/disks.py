"""Disks that have no room: the border at which the product meets them is patched, nothing nearer."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def full_disk() -> Iterator[None]:
    """Nothing that is written can be made to last."""

    def refuse(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as disk:
        disk.setattr(os, "fsync", refuse)
        yield


@contextmanager
def disk_with_free(free_bytes: int) -> Iterator[None]:
    """A disk that says how much room is left."""
    usage = shutil.disk_usage("/")
    with pytest.MonkeyPatch.context() as disk:
        disk.setattr(shutil, "disk_usage", lambda path: usage._replace(free=free_bytes))
        yield

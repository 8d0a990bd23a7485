"""The worker: it finishes what a request could not, over and over. Every row is its own job."""

import logging
import socket
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django.utils.module_loading import import_string

from impact.operations.models import Heartbeat

IDLE_S = 1.0
BEAT_EVERY_S = 10.0

logger = logging.getLogger("headlamp.worker")


def work_until(stop: threading.Event) -> None:
    """Do what there is to do, and wait a second when there is nothing, until `stop` is set."""
    beat_at = -BEAT_EVERY_S
    while not stop.is_set():
        close_old_connections()
        if time.monotonic() - beat_at >= BEAT_EVERY_S:
            beat()
            beat_at = time.monotonic()
        if work_once() == 0:
            stop.wait(IDLE_S)


def work_once() -> int:
    """One turn of every job in settings.WORK; returns the rows done. A failing job stops no other."""
    done = 0
    for name in settings.WORK:
        job: Callable[[], int] = import_string(name)
        try:
            done += job()
        except Exception as error:  # noqa: BLE001  (whatever it is, the other jobs go on and this one comes again)
            # Only the kind of the error: its words can hold a number or a testimony.
            logger.error("%s: %s", name, type(error).__name__)
    return done


def beat() -> None:
    """Say that this worker lives."""
    try:
        Heartbeat.objects.update_or_create(
            name=f"worker@{socket.gethostname()}"[:100], defaults={"beat_at": timezone.now()}
        )
    except DatabaseError as error:
        logger.error("no heartbeat: %s", type(error).__name__)

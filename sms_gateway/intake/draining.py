"""Draining the spool into the database, in order, once it is back: a worker's turn."""

import logging
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.db import DatabaseError, InterfaceError

from impact.sealing import can_open
from sms_gateway.faults import fault
from sms_gateway.inbound import InboundSms
from sms_gateway.intake.catching_up import want_catch_up
from sms_gateway.intake.exit_points import reached
from sms_gateway.intake.keeping import keep_late_messages
from sms_gateway.intake.spool import (
    SpoolError,
    clear_abandoned,
    only_drainer,
    read_back,
    take_out,
    waiting_files,
)

AT_ONCE = 25  # in one transaction: few enough that a request waiting for a contact's row has its turn soon

logger = logging.getLogger("headlamp.sms")


def drain_spool(limit: int = 500) -> int:
    """Store what waits in the spool, the oldest first, then remove its files. Returns how many.

    A file is removed when its message was seen to be committed. A crash before that leaves a file whose
    message is there already, and storing it again makes nothing new. A file that can't be read or stored
    is left where it is, and stops no other; a database that is away stops the turn.
    """
    if not can_open() or not waiting_files():
        return 0
    done = 0
    with only_drainer() as is_ours:
        if not is_ours:
            return 0
        clear_abandoned()
        readable = _readable()
        while done < limit and (some := list(islice(readable, min(AT_ONCE, limit - done)))):
            try:
                done += _drain(some)
            except (DatabaseError, InterfaceError) as error:
                logger.error("the spool waits for the database: %s", fault(error))
                break
    if done:
        want_catch_up()  # who could not reach the database may not have been reached either
    return done


def _readable() -> Iterator[tuple[Path, InboundSms]]:
    for path in waiting_files():
        try:
            yield path, read_back(path)
        except SpoolError as error:
            logger.error("a file of the spool is left there: %s", fault(error))


def _drain(some: list[tuple[Path, InboundSms]]) -> int:
    kept = keep_late_messages([sms for _, sms in some])
    for (path, _), is_kept in zip(some, kept, strict=True):
        reached("after-drain-commit")
        if is_kept:
            take_out(path)
        else:
            logger.error("a file of the spool is left there: its message was not committed")
    return sum(kept)

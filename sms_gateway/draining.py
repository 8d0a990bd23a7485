"""Draining the spool into the database, in order, once it is back: a worker's turn."""

import logging

from django.db import DatabaseError, InterfaceError, OperationalError

from impact.sealing import can_open
from sms_gateway.catching_up import want_catch_up
from sms_gateway.exit_points import reached
from sms_gateway.faults import fault
from sms_gateway.receiving import keep_late_message
from sms_gateway.spool import SpoolError, clear_abandoned, only_drainer, read_back, take_out, waiting_files

logger = logging.getLogger("headlamp.sms")


def drain_spool(limit: int = 500) -> int:
    """Store what waits in the spool, the oldest first, then remove its file. Returns how many.

    A crash between the two leaves a file whose message is there already, and storing it again makes
    nothing new. A file that can't be read or stored is left where it is, and stops no other; a database
    that is away stops the turn.
    """
    if not can_open() or not waiting_files():
        return 0
    done = 0
    with only_drainer() as is_ours:
        if not is_ours:
            return 0
        clear_abandoned()
        for path in waiting_files()[:limit]:
            try:
                sms = read_back(path)
                reached("mid-drain")
                keep_late_message(sms)
                reached("after-drain-commit")
            except (OperationalError, InterfaceError) as error:
                logger.error("the spool waits for the database: %s", fault(error))
                break
            except (SpoolError, DatabaseError) as error:
                logger.error("a file of the spool is left there: %s", fault(error))
                continue
            take_out(path)
            done += 1
    if done:
        want_catch_up()  # who could not reach the database may not have been reached either
    return done

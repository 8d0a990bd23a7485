"""What a log line of an error holds: its kind and where it was, never its words, never an address in full.

PostgreSQL quotes the row that it refuses ("Failing row contains …"), and an exception's words come from
whoever raised it. Addresses hold what opens a gateway or an invitation, so a log has their patterns.
"""

import copy
import logging
import traceback
from types import TracebackType
from typing import TypeAlias

_ExcInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class QuietFormatter(logging.Formatter):
    """Tracebacks with the lines of code that failed, and of each exception its kind alone."""

    def format(self, record: logging.LogRecord) -> str:
        own = copy.copy(record)
        own.exc_text = None  # what another handler's formatter has made of the exception
        return super().format(own)

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802  (logging's own name)
        error = ei[1]
        lines: list[str] = []
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            frames = "".join(traceback.format_tb(error.__traceback__)).rstrip("\n")
            lines += [type(error).__qualname__, *([frames] if frames else [])]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)


class PatternsForAddresses(logging.Filter):
    """In Django's lines about a request, the address as the pattern that it matched."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None and isinstance(record.args, tuple):
            match = getattr(request, "resolver_match", None)
            pattern = f"/{match.route}" if match else "no address of ours"
            record.args = tuple(pattern if given == request.path else given for given in record.args)
        return True

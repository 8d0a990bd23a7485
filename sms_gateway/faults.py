"""Faults of ours, told so that no value of a row can come along: a log is where a witness would be found."""

import traceback


def fault(error: BaseException) -> str:
    """The kind of an error and the line that raised it; never its words, which can quote a message."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"

"""The model of harms that this installation reads with, if it has adopted one: a file under VAR_DIR."""

import logging
import threading
import time
from pathlib import Path

from django.conf import settings

from impact.understanding.harm_model import HarmModel

_RECHECK_S = 30.0
_log = logging.getLogger(__name__)
_lock = threading.Lock()
_held: tuple[tuple[str, int], HarmModel | None] | None = None
_checked_at = 0.0


def model_path() -> Path:
    return Path(settings.VAR_DIR) / "reading" / "harms.npz"


def adopted_model() -> HarmModel | None:
    """The adopted model, or None. Looks for another file at most every half minute.

    A file that cannot be read is told in the log (and by `doctor`) and the lexicons read alone.
    """
    global _held, _checked_at
    if _held is not None and time.monotonic() - _checked_at < _RECHECK_S:
        return _held[1]
    with _lock:
        stamp = _stamp()
        if _held is None or _held[0] != stamp:
            _held = (stamp, _loaded())
        _checked_at = time.monotonic()
        return _held[1]


def adopt_model(model: HarmModel) -> None:
    """Read with this model from now on; other processes follow within half a minute. Raises OSError."""
    model.save(model_path())
    look_again()


def forget_model() -> bool:
    """Read without a model from now on; whether there was one. Raises OSError."""
    had_one = model_path().exists()
    model_path().unlink(missing_ok=True)
    look_again()
    return had_one


def look_again() -> None:
    """Look at the file anew at the next call."""
    global _checked_at
    _checked_at = 0.0


def _stamp() -> tuple[str, int]:
    path = model_path()
    try:
        return (str(path), path.stat().st_mtime_ns)
    except OSError:
        return (str(path), 0)


def _loaded() -> HarmModel | None:
    try:
        return HarmModel.load(model_path())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        _log.error("the model of harms %s cannot be read (%s): reading without it", model_path(), error)
        return None

"""`read_texts`: JSON lines in, what was understood as JSON lines out."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from impact.places.gazetteer import Gazetteer
from impact.places.gazetteer_store import current_gazetteer
from impact.understanding.adopted_model import adopted_model
from impact.understanding.facts import Hints, Understanding
from impact.understanding.harm_model import HarmModel
from impact.understanding.reading import read_text

Reader = Callable[[str, Hints], Understanding]

_PROGRESS_EVERY = 1_000
_MOST_NAMED = 50
_LONGEST_LINE = 1 << 20  # bytes: a text of 20,000 letters, each escaped, is a quarter of that
_NOON = time(12, tzinfo=UTC)
_FIRST_YEAR, _LAST_YEAR = 1970, 2200


class LineError(ValueError):
    """A line that cannot be read: `reason` says what is wrong with it, `words` what stands there.

    The words go to the output alone, where the line's own text is too, and not to standard error.
    """

    def __init__(self, reason: str, words: str = "") -> None:
        super().__init__(f"{reason}: {words[:40]}" if words else reason)
        self.reason = reason


@dataclass(slots=True)
class _Counts:
    lines: int = 0
    wrong: int = 0


class Command(BaseCommand):
    help = (
        "Read texts: JSON lines in (id, text, optional received, sender_country, language), one JSON line "
        "out for each, in order. Writes nothing to the database. A line that cannot be read gives a line "
        "with an error, and is named on standard error. Ends with 1 where no line could be read."
    )

    requires_system_checks = ()  # reads words, whatever else is set up

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a file of JSON lines, or - for standard input")
        parser.add_argument(
            "--country", default="", metavar="CC", help="sender's country of lines that name none (ISO 3166)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        country = options["country"].strip().upper()
        if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
            raise CommandError(f"--country {country} is not a code of two letters")
        with ExitStack() as stack:
            lines = _opened(options["file"], stack)
            read = partial(_read, gazetteer=current_gazetteer(), model=adopted_model())
            now = timezone.now()
            shows_progress = sys.stderr.isatty() and not sys.stdout.isatty()
            counts = _Counts()
            for line in _lines(lines):
                counts.lines += 1
                answer, reason = _answer(line, country, now, read)
                self.stdout.write(json.dumps(answer, ensure_ascii=False))
                if reason:
                    self._name(counts, reason)
                if shows_progress and counts.lines % _PROGRESS_EVERY == 0:
                    self.stderr.write(f"\r{counts.lines} lines read", ending="")
            if shows_progress and counts.lines >= _PROGRESS_EVERY:
                self.stderr.write(f"\r{counts.lines} lines read")
        if counts.wrong:
            said = f"{counts.wrong} of {counts.lines} lines could not be read"
            if counts.wrong == counts.lines:
                raise CommandError(said)
            self.stderr.write(said)

    def _name(self, counts: _Counts, reason: str) -> None:
        counts.wrong += 1
        if counts.wrong <= _MOST_NAMED:
            self.stderr.write(f"line {counts.lines}: {reason}")
        elif counts.wrong == _MOST_NAMED + 1:
            self.stderr.write("more lines are wrong: each has its error in the output")


def _opened(name: str, stack: ExitStack) -> BinaryIO:
    if name == "-":
        return sys.stdin.buffer
    try:
        return stack.enter_context(Path(name).open("rb"))
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}") from error


def _lines(source: BinaryIO) -> Iterator[bytes | None]:
    """Lines as the file has them, split at line feeds alone, since JSON may hold other separators.

    None for a line that is too long to be held.
    """
    while line := source.readline(_LONGEST_LINE):
        if len(line) < _LONGEST_LINE or line.endswith(b"\n"):
            yield line.rstrip(b"\r\n")
            continue
        while line and not line.endswith(b"\n"):
            line = source.readline(_LONGEST_LINE)
        yield None


def _answer(line: bytes | None, country: str, now: datetime, read: Reader) -> tuple[dict[str, Any], str]:
    """What is written for a line, and what is wrong with the line, or ""."""
    row: object = None
    try:
        if line is None:
            raise LineError(f"longer than {_LONGEST_LINE:,} bytes")
        try:
            row = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
        except (ValueError, RecursionError) as error:
            raise LineError(f"not JSON: {error}") from error
        return _understood(row, country, now, read), ""
    except LineError as error:
        line_id = row.get("id") if isinstance(row, dict) else None
        return {"id": line_id, "error": str(error)}, error.reason


def _understood(row: object, country: str, now: datetime, read: Reader) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise LineError("not a JSON object")
    if not isinstance(row.get("text"), str):
        raise LineError("text is missing" if row.get("text") is None else "text is not a string")
    hints = Hints(
        received_at=_received(row.get("received"), now),
        sender_country=_word(row, "sender_country").upper() or country,
        language=_word(row, "language").lower(),
    )
    # A lone surrogate can stand in JSON but not in a file.
    text = row["text"].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return read(text, hints).to_line(row.get("id"))


def _read(text: str, hints: Hints, *, gazetteer: Gazetteer, model: HarmModel | None) -> Understanding:
    return read_text(text, hints, gazetteer, model)


def _word(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise LineError(f"{name} is not a string")
    return (value or "").strip()


def _received(value: object, now: datetime) -> datetime:
    if value is None or value == "":
        return now
    if not isinstance(value, str):
        raise LineError("received is not a string")
    try:
        moment = parse_datetime(value)
        day = None if moment else parse_date(value)
    except ValueError as error:
        raise LineError("received", str(error)) from error
    if moment is None:
        if day is None:
            raise LineError("received is not an ISO 8601 time", value)
        moment = datetime.combine(day, _NOON)
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise LineError("received is not a time at which texts were sent", value)
    return moment if timezone.is_aware(moment) else moment.replace(tzinfo=UTC)

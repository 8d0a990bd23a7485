"""gammu-smsd's tables, for who runs it on a database: https://docs.gammu.org/smsd/tables.html"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import psycopg

from sms_gateway.conversation.segments import segments
from sms_gateway.providers.contract import SendError

ADDRESS = r"sqlite:///\S+|postgres(?:ql)?://\S+"
_TIMEOUT_S = 5
_COLUMNS = '("DestinationNumber", "TextDecoded", "CreatorID", "Coding", "DeliveryReport")'
_CONCATENATED = re.compile(r"(?i)(05|06)(0003|0804)([0-9a-f]{2}|[0-9a-f]{4})([0-9a-f]{2})([0-9a-f]{2})")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message in the table `inbox` that nobody has processed."""

    message_id: str
    sender: str
    text: str
    received_at: datetime | None


def message_id(row_id: str) -> str:
    """Our id of the message whose first part is this row."""
    return f"row-{int(row_id)}"


def waiting(address: str) -> list[Waiting]:
    """The messages that wait, whole ones only: smsd writes a long one part by part. Raises SendError."""
    with _connected(address) as (cursor, _):
        cursor.execute(
            'SELECT "ID", "SenderNumber", "TextDecoded", "UDH", "ReceivingDateTime" FROM inbox '
            'WHERE "Processed" = \'false\' ORDER BY "ID" LIMIT 1000'
        )
        rows = cursor.fetchall()
    messages = []
    for (sender, key, total), group in groupby(rows, key=_message_key):
        parts = sorted(group, key=lambda row: _sequence(row[3]))
        if key and len(parts) < total:
            continue
        text = "".join(row[2] or "" for row in parts)
        messages.append(Waiting(message_id(str(parts[0][0])), sender, text, _moment(parts[0][4])))
    return messages


def mark_processed(address: str, own_id: str) -> None:
    """Mark a message as processed, all its parts. Raises SendError."""
    row_id = int(own_id.removeprefix("row-")) if own_id.startswith("row-") else None
    if row_id is None:
        return
    with _connected(address) as (cursor, mark):
        cursor.execute(f'SELECT "SenderNumber", "UDH" FROM inbox WHERE "ID" = {mark}', (row_id,))  # noqa: S608
        row = cursor.fetchone()
        if row is None:
            return
        found = _CONCATENATED.fullmatch(row[1] or "")
        last = row_id + (int(found[4], 16) - 1 if found else 0)
        cursor.execute(
            f'UPDATE inbox SET "Processed" = \'true\' WHERE "SenderNumber" = {mark} '  # noqa: S608
            f'AND "ID" BETWEEN {mark} AND {mark}',
            (row[0], row_id, last),
        )


def put_out(address: str, own_id: str, number: str, text: str) -> None:
    """Put a text of one segment into the table `outbox`, unless it was put there before, by our id, and may
    have gone to `sentitems` since. Raises SendError."""
    if segments(text).count > 1:
        raise SendError("gammu takes one segment by its tables", permanent=True)
    coding = "Default_No_Compression" if segments(text).encoding == "gsm7" else "Unicode_No_Compression"
    with _connected(address) as (cursor, mark):
        cursor.execute(
            f'SELECT 1 FROM outbox WHERE "CreatorID" = {mark} '  # noqa: S608
            f'UNION ALL SELECT 1 FROM sentitems WHERE "CreatorID" = {mark}',
            (own_id, own_id),
        )
        if cursor.fetchone() is None:
            cursor.execute(
                f"INSERT INTO outbox {_COLUMNS} VALUES ({mark}, {mark}, {mark}, {mark}, 'yes')",  # noqa: S608
                (number, text, own_id, coding),
            )


@contextmanager
def _connected(address: str) -> Iterator[tuple[Any, str]]:
    """A cursor in a transaction of its own, and the mark of its parameters."""
    try:
        if address.startswith("sqlite:"):
            with (
                closing(
                    sqlite3.connect(address.removeprefix("sqlite:///"), timeout=_TIMEOUT_S)
                ) as connection,
                connection,
            ):
                yield connection.cursor(), "?"
        else:
            with psycopg.connect(address, connect_timeout=_TIMEOUT_S) as there, there.cursor() as cursor:
                yield cursor, "%s"
    except (sqlite3.Error, psycopg.Error) as error:
        raise SendError(f"gammu {type(error).__name__}", permanent=False) from None


def _message_key(row: tuple[Any, ...]) -> tuple[str, str, int]:
    found = _CONCATENATED.fullmatch(row[3] or "")
    if found is None:
        return row[1], f"row {row[0]}", 1
    return row[1], found[3], int(found[4], 16)


def _sequence(udh: str | None) -> int:
    found = _CONCATENATED.fullmatch(udh or "")
    return int(found[5], 16) if found else 1


def _moment(said: object) -> datetime | None:
    if isinstance(said, datetime):
        return said if said.tzinfo else said.replace(tzinfo=UTC)
    try:
        return datetime.fromisoformat(str(said)).replace(tzinfo=UTC)
    except ValueError:
        return None

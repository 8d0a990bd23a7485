"""Telling the head of the log to somebody outside, once a day: who holds it finds what was cut off later."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone

from impact.ledger.chain import LogHead, log_head, record
from impact.ledger.models import Entry, Kind

EVERY = timedelta(hours=24)


def witness_head(now: datetime | None = None) -> int:
    """Write the head down when a day has passed since the last time; returns how many were told.

    A witness that cannot be reached raises, and is tried again: nothing is recorded as told that was not.
    """
    now = now or timezone.now()
    told = Entry.objects.filter(kind=Kind.WITNESS).order_by("-sequence").first()
    head = log_head()
    if head.sequence == 0 or (told is not None and told.recorded_at > now - EVERY):
        return 0
    witnesses = []
    if settings.WITNESS_FILE:
        _append(Path(settings.WITNESS_FILE), head, now)
        witnesses.append("file")
    if settings.WITNESS_EMAIL:
        _send(settings.WITNESS_EMAIL, head, now)
        witnesses.append("mail")
    if not witnesses:
        return 0
    record(
        Kind.WITNESS,
        actor_id=None,
        subject=str(head.sequence),
        details={"digest": head.digest, "told": witnesses},
        now=now,
    )
    return len(witnesses)


def read_heads(text: str) -> list[LogHead]:
    """The heads in what a witness kept: a line is `[moment] SEQUENCE:DIGEST`. Raises ValueError on others."""
    heads = []
    for line in text.splitlines():
        if not line.strip():
            continue
        sequence, _colon, digest = line.split()[-1].partition(":")
        if not sequence.isdigit() or len(digest) != 64:
            raise ValueError(f"not a head of the log: {line.strip()[:80]!r}")
        heads.append(LogHead(int(sequence), digest))
    return heads


def _append(file: Path, head: LogHead, now: datetime) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as heads:
        heads.write(f"{now.astimezone(UTC).isoformat(timespec='seconds')} {head}\n")
        heads.flush()
        os.fsync(heads.fileno())


def _send(addresses: list[str], head: LogHead, now: datetime) -> None:
    moment = now.astimezone(UTC).isoformat(timespec="seconds")
    send_mail(
        f"Headlamp log {head.sequence}",
        f"{settings.PUBLIC_URL}\n{moment} {head}\n\n"
        f"Keep this line. `verify_log --head {head}` compares the log with it.\n",
        None,
        addresses,
    )

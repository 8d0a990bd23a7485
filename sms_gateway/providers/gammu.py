"""gammu-smsd: a modem on a cable, with no network at all. Its folders are the border: nothing signs.

Folders and RunOnReceive: https://docs.gammu.org/smsd/files.html and https://docs.gammu.org/smsd/run.html
A message has no id there. Ours is a digest of the name of its first file and its words, so that the program
that smsd runs and the sweeper, which finds what that one missed, see the same message.
"""

import hashlib
import os
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import uuid4

from django.core.checks import CheckMessage, Error
from django.http import HttpRequest

from sms_gateway.providers import gammu_tables
from sms_gateway.providers.contract import (
    Event,
    InboundSms,
    Malformed,
    OutgoingSms,
    Provider,
    SendError,
    SentMessage,
    Setting,
)

_SETTLED_S = 10  # smsd writes the parts of a message one after the other, within a second
_FOLDERS = (
    ("INBOX", os.R_OK | os.W_OK | os.X_OK, "read and write"),
    ("OUTBOX", os.R_OK | os.W_OK | os.X_OK, "read and write"),
    ("SENT", os.R_OK | os.X_OK, "read"),
)
_NAME = re.compile(r"(IN[0-9]{8}_[0-9]{6}_[0-9]+_(.*))_([0-9]{2,})\.txt", re.DOTALL)


class Gammu(Provider):
    kind = "gammu"
    label = "gammu-smsd"
    has_webhook = False
    can_catch_up = True
    settings = (
        Setting("INBOX", "its `inboxpath`, with `inboxformat = unicode`"),
        Setting("OUTBOX", "its `outboxpath`"),
        Setting("SENT", "its `sentsmspath`: what lies there is not sent again"),
        Setting(
            "DATABASE",
            "its tables in place of folders: `sqlite:////path` or `postgresql://user:password@host/name`",
            is_secret=True,
            pattern=gammu_tables.ADDRESS,
            shape="sqlite:////path or postgresql://…",
        ),
    )

    def parse(self, request: HttpRequest) -> Sequence[Event]:
        raise Malformed("address")  # it has none

    def is_enabled(self) -> bool:
        return self.is_begun()

    def received(self, environment: Mapping[str, str], names: Sequence[str]) -> InboundSms:
        """The message that smsd put into the environment of the program it runs. Raises Malformed.

        `names` are the program's arguments: the files of the message, or the ids of its rows.
        """
        parts = int(_digits(environment.get("DECODED_PARTS")) or 0)
        if parts:
            pieces = [environment.get(f"DECODED_{part}_TEXT", "") for part in range(1, parts + 1)]
        else:
            count = int(_digits(environment.get("SMS_MESSAGES")) or 1)
            pieces = [environment.get(f"SMS_{part}_TEXT", "") for part in range(1, min(count, 255) + 1)]
        sender = environment.get("SMS_1_NUMBER", "").strip()
        if not sender:
            raise Malformed("SMS_1_NUMBER")
        text = "".join(pieces)
        first = names[0] if names else environment.get("SMS_1_DATETIME", "") + sender
        if first.isdigit():
            return self._message(gammu_tables.message_id(first), sender, text, None)
        return self._message(_digest(first, self._file_words(names) or text), sender, text, None)

    def collect(self) -> Iterable[InboundSms]:
        if self.setting("INBOX"):
            for paths in self._settled_files():
                text = "".join(_content(path) for path in paths)
                named = _NAME.fullmatch(paths[0].name)
                arrived = datetime.fromtimestamp(paths[-1].stat().st_mtime, UTC)
                if named:
                    yield self._message(_digest(paths[0].name, text), named[2], text, arrived)
        if self.setting("DATABASE"):
            for row in gammu_tables.waiting(self.setting("DATABASE")):
                yield self._message(row.message_id, row.sender, row.text, row.received_at)

    def collected(self, sms: InboundSms) -> None:
        # What is in our database must not lie beside it in plain words.
        if self.setting("INBOX"):
            for paths in self._settled_files():
                if _digest(paths[0].name, "".join(_content(path) for path in paths)) == sms.message_id:
                    for path in paths:
                        path.unlink(missing_ok=True)
        if self.setting("DATABASE"):
            gammu_tables.mark_processed(self.setting("DATABASE"), sms.message_id)

    def catch_up(self, since: datetime) -> Iterable[InboundSms]:
        return self.collect()

    def send(self, sms: OutgoingSms) -> SentMessage:
        own_id = (sms.own_id or uuid4().hex).replace("-", "")
        if self.setting("DATABASE"):
            gammu_tables.put_out(self.setting("DATABASE"), own_id, sms.to, sms.text)
            return SentMessage(own_id)
        outbox = Path(self.setting("OUTBOX"))
        if not self.setting("OUTBOX"):
            raise SendError("gammu has no outbox", permanent=False)
        if not re.fullmatch(r"\+?[0-9]{3,15}", sms.to):
            raise SendError("gammu sends to numbers alone", permanent=True)
        # The recipient is a part of the name; smsd reads the whole folder, so a file appears at once or not.
        name = f"OUTC{datetime.now(UTC):%Y%m%d_%H%M%S}_00_{sms.to}_{own_id}.txtd"
        try:
            if self._has_gone(own_id):
                return SentMessage(own_id)
            with NamedTemporaryFile(dir=outbox, prefix=".new-", delete=False) as file:
                file.write(b"\xfe\xff" + sms.text.encode("utf-16-be"))
                file.flush()
                os.fsync(file.fileno())
            os.chmod(file.name, 0o660)  # smsd may run as another user of the group
            os.rename(file.name, outbox / name)
        except OSError as error:
            raise SendError(type(error).__name__, permanent=False) from None
        return SentMessage(own_id)

    def check(self) -> Sequence[CheckMessage]:
        findings = list(super().check())
        for name, mode, may in _FOLDERS:
            if self.setting(name) and not os.access(self.setting(name), mode):
                findings.append(
                    Error(
                        f"{self.variable(name)} is no folder that we may {may}.",
                        hint="Run Headlamp and gammu-smsd as one user, or with a common group.",
                        id="headlamp.E109",
                    )
                )
        return findings

    def _message(self, message_id: str, sender: str, text: str, arrived: datetime | None) -> InboundSms:
        return InboundSms(self.name, message_id, sender.strip(), text, sent_at=arrived, country=self.country)

    def _has_gone(self, own_id: str) -> bool:
        """Whether smsd has a text of ours from a try whose end nobody saw: the file keeps its name."""
        folders = [Path(self.setting(name)) for name in ("OUTBOX", "SENT") if self.setting(name)]
        return any(any(folder.glob(f"OUT*_{own_id}.txt*")) for folder in folders)

    def _file_words(self, names: Sequence[str]) -> str:
        """The words as they lie in the inbox: smsd decodes them otherwise for the environment."""
        if not self.setting("INBOX"):
            return ""
        return "".join(_content(Path(self.setting("INBOX")) / Path(name).name) for name in names)

    def _settled_files(self) -> list[list[Path]]:
        """The files of each message, in order, when its last one is some seconds old."""
        inbox = Path(self.setting("INBOX"))
        found = sorted(path for path in inbox.glob("IN*.txt") if _NAME.fullmatch(path.name))
        messages = [list(paths) for _, paths in groupby(found, key=_stem)]
        limit = time.time() - _SETTLED_S
        return [paths for paths in messages if all(_changed_at(path) < limit for path in paths)]


def _stem(path: Path) -> str:
    return path.name.rpartition("_")[0]


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")  # another sweeper has it


def _content(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ""
    if content[:2] in {b"\xfe\xff", b"\xff\xfe"}:
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _digest(name: str, text: str) -> str:
    # The name holds the sender's number: only a digest of it leaves this file.
    return hashlib.sha256(f"{Path(name).name}\0{text.strip()}".encode("utf-8", "replace")).hexdigest()


def _digits(said: str | None) -> str:
    return said if said and said.isascii() and said.isdigit() and len(said) < 5 else ""

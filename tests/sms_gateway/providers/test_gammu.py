import os
import sqlite3
import time
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from impact.incidents.models import Report
from sms_gateway.intake.sweeping import sweep_inboxes
from sms_gateway.models import InboundMessage, OutboundMessage
from sms_gateway.providers import PROVIDERS
from sms_gateway.providers.contract import Malformed, OutgoingSms, SendError
from sms_gateway.providers.gammu import Gammu
from sms_gateway.sending import send_queued
from tests.sms_gateway.providers.lines import TEXT
from tests.sms_gateway.telephones import WITNESS, queue_message, rows

pytestmark = pytest.mark.django_db
LONG = "Des soldats ont battu à Tshikapa, hier matin, beaucoup de gens ont été chassés du puits. Fin."


@pytest.fixture
def line(settings: Settings, tmp_path: Path) -> Gammu:
    for name in ("INBOX", "OUTBOX"):
        (tmp_path / name.lower()).mkdir()
        setattr(settings, f"GAMMU_{name}", str(tmp_path / name.lower()))
    provider = PROVIDERS["gammu"]
    assert isinstance(provider, Gammu)
    return provider


def drop(*texts: str, stem: str = f"IN20261126_042917_00_{WITNESS}", age_s: float = 60) -> list[str]:
    """Write a message into the inbox as smsd does: a file a part, UTF-16 with its mark."""
    names = [f"{stem}_{part:02}.txt" for part in range(len(texts))]
    for name, text in zip(names, texts, strict=True):
        path = Path(PROVIDERS["gammu"].setting("INBOX")) / name
        path.write_bytes(b"\xfe\xff" + text.encode("utf-16-be"))
        os.utime(path, (time.time() - age_s, time.time() - age_s))
    return names


def inbox() -> list[str]:
    return sorted(os.listdir(PROVIDERS["gammu"].setting("INBOX")))


def words() -> set[str]:
    return set(InboundMessage.objects.values_list("text", flat=True))


def run_on_receive(monkeypatch: pytest.MonkeyPatch, *names: str, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    call_command("gammu_receive", *names, stdout=StringIO())


ONE = {
    "SMS_MESSAGES": "1",
    "DECODED_PARTS": "0",
    "SMS_1_NUMBER": WITNESS,
    "SMS_1_TEXT": TEXT,
    "SMS_1_CLASS": "-1",
}


def test_what_smsd_puts_into_the_environment_is_a_message(
    line: Gammu, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_on_receive(monkeypatch, *drop(TEXT), **ONE)
    assert Report.objects.get().text == TEXT
    assert InboundMessage.objects.get().contact.country == "CD"
    assert WITNESS[1:] not in InboundMessage.objects.get().provider_message_id


def test_the_program_and_the_sweeper_see_one_message_and_the_file_goes(
    line: Gammu, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = drop(LONG[:60], LONG[60:])
    variables = {**ONE, "DECODED_PARTS": "1", "DECODED_1_TEXT": LONG, "SMS_MESSAGES": "2"}
    run_on_receive(monkeypatch, *names, **variables)
    run_on_receive(monkeypatch, *names, **variables)  # smsd may run it again after two minutes
    assert sweep_inboxes() == 1
    assert sweep_inboxes() == 0
    assert InboundMessage.objects.get().text == LONG
    assert inbox() == []


def test_the_sweeper_brings_what_the_program_missed(line: Gammu) -> None:
    drop(LONG[:60], LONG[60:])
    drop("Second", stem=f"IN20261126_042917_01_{WITNESS}")
    drop("A word of the network", stem="IN20261126_042918_00_MTN_Info")
    assert sweep_inboxes() == 3
    assert words() == {LONG, "Second", "A word of the network"}


def test_it_waits_until_all_parts_can_be_there(line: Gammu) -> None:
    drop(LONG[:60], age_s=1)
    assert sweep_inboxes() == 0
    assert len(inbox()) == 1


def test_other_files_are_left_alone(line: Gammu) -> None:
    for name in ("notes.txt", "INdex.txt", "IN20261126_042917_00_x_00.smsbackup", "OUT_a.txt"):
        (Path(line.setting("INBOX")) / name).write_text("soldiers")
    assert sweep_inboxes() == 0
    assert len(inbox()) == 4


@pytest.mark.parametrize("content", [b"Soldiers came", "tué à midi".encode(), "tué à midi".encode("cp1252")])
def test_the_older_format_is_read_as_well(line: Gammu, content: bytes) -> None:
    (name,) = drop("x")
    path = Path(line.setting("INBOX")) / name
    path.write_bytes(content)
    os.utime(path, (1, 1))
    assert sweep_inboxes() == 1
    assert InboundMessage.objects.get().text in {"Soldiers came", "tué à midi"}


def test_a_later_message_of_the_same_name_is_another(line: Gammu) -> None:
    drop("First")
    sweep_inboxes()
    drop("Second")  # smsd numbers by the files that it finds there
    sweep_inboxes()
    assert InboundMessage.objects.count() == 2


def test_an_environment_of_something_else_is_refused(line: Gammu, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="SMS_1_NUMBER"):
        call_command("gammu_receive", "a.txt")
    with pytest.raises(CommandError, match="no line of gammu"):
        call_command("gammu_receive", "--line", "twilio")
    with pytest.raises(Malformed):
        line.received({"SMS_MESSAGES": "9999999", "SMS_1_NUMBER": " "}, [])
    assert rows() == (0, 0, 0)


def test_parts_that_smsd_did_not_decode_are_put_together(line: Gammu) -> None:
    sms = line.received({**ONE, "SMS_MESSAGES": "2", "SMS_2_TEXT": " and left"}, [])
    assert sms.text == f"{TEXT} and left"


def test_it_has_no_address(line: Gammu) -> None:
    assert Client().post("/sms/gammu/").status_code == 404
    assert Client().post("/sms/gammu/guess/").status_code == 404


def test_a_reply_is_a_file_in_the_outbox(line: Gammu) -> None:
    drop(TEXT)
    sweep_inboxes()
    assert send_queued() == 1
    (path,) = Path(line.setting("OUTBOX")).iterdir()
    message = OutboundMessage.objects.get()
    assert path.name.startswith("OUTC")
    assert path.name.endswith(f"_00_{WITNESS}_{message.pk.hex}.txtd")
    assert path.read_bytes()[:2] == b"\xfe\xff"
    assert path.read_bytes().decode("utf-16") == message.text


def test_the_same_twice_is_one_file(line: Gammu) -> None:
    for _ in range(2):
        line.send(OutgoingSms(WITNESS, "Thank you", own_id="ours"))
    assert len(os.listdir(line.setting("OUTBOX"))) == 1


def test_what_smsd_has_sent_since_is_not_sent_again(line: Gammu, settings: Settings, tmp_path: Path) -> None:
    sent = tmp_path / "sent"
    sent.mkdir()
    settings.GAMMU_SENT = str(sent)
    message = queue_message(provider="gammu", state=OutboundMessage.State.SENDING, attempts=1)
    line.send(OutgoingSms(WITNESS, message.text, own_id=str(message.pk)))  # and its worker died
    (path,) = Path(line.setting("OUTBOX")).iterdir()
    path.rename(sent / path.name)
    assert send_queued() == 1
    assert os.listdir(line.setting("OUTBOX")) == []
    settings.GAMMU_SENT = "/nowhere/at/all"
    assert "headlamp.E109" in [finding.id for finding in line.check()]


@pytest.mark.parametrize("to", ["../../x", "+24381/1", "Headlamp", "", "+1\n2"])
def test_what_is_no_number_writes_no_file(line: Gammu, to: str) -> None:
    with pytest.raises(SendError) as raised:
        line.send(OutgoingSms(to, "Thank you"))
    assert raised.value.permanent
    assert os.listdir(line.setting("OUTBOX")) == []


def test_an_outbox_that_is_away_is_a_failure_that_passes(line: Gammu, settings: Settings) -> None:
    settings.GAMMU_OUTBOX = "/nowhere/at/all"
    with pytest.raises(SendError) as raised:
        line.send(OutgoingSms(WITNESS, "Thank you"))
    assert not raised.value.permanent
    assert "headlamp.E109" in [finding.id for finding in line.check()]


TABLES = """
CREATE TABLE inbox ("ID" INTEGER PRIMARY KEY, "SenderNumber" TEXT, "TextDecoded" TEXT, "UDH" TEXT,
    "ReceivingDateTime" TEXT, "Processed" TEXT DEFAULT 'false');
CREATE TABLE outbox ("ID" INTEGER PRIMARY KEY, "DestinationNumber" TEXT, "TextDecoded" TEXT,
    "CreatorID" TEXT, "Coding" TEXT, "DeliveryReport" TEXT);
CREATE TABLE sentitems ("ID" INTEGER PRIMARY KEY, "CreatorID" TEXT);
"""


@pytest.fixture
def tables(settings: Settings, tmp_path: Path) -> Path:
    path = tmp_path / "smsd.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(TABLES)
    settings.GAMMU_DATABASE = f"sqlite:///{path}"
    return path


def put(path: Path, *rows: tuple[str, str, str]) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            'INSERT INTO inbox ("SenderNumber", "TextDecoded", "UDH", "ReceivingDateTime") '
            "VALUES (?, ?, ?, '2026-11-20 06:04:45')",
            rows,
        )


def test_rows_are_swept_whole_and_marked_as_processed(tables: Path) -> None:
    put(tables, (WITNESS, LONG[:60], "050003CC0201"), (WITNESS, LONG[60:], "050003CC0202"))
    put(tables, (WITNESS, "Alone", ""), ("+243810000002", "Half of", "050003DD0201"))
    assert sweep_inboxes() == 2
    assert sweep_inboxes() == 0
    assert words() == {LONG, "Alone"}
    with closing(sqlite3.connect(tables)) as connection:
        states = connection.execute('SELECT "Processed" FROM inbox ORDER BY "ID"').fetchall()
    assert states == [("true",), ("true",), ("true",), ("false",)]


def test_the_program_and_the_sweeper_see_one_message_in_tables_too(
    tables: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tables, (WITNESS, TEXT, ""))
    run_on_receive(monkeypatch, "1", **ONE)
    sweep_inboxes()
    assert InboundMessage.objects.count() == 1


def test_a_reply_is_a_row_in_the_outbox_and_once(tables: Path) -> None:
    for _ in range(2):
        PROVIDERS["gammu"].send(OutgoingSms(WITNESS, "Thank you", own_id="ours"))
    with closing(sqlite3.connect(tables)) as connection:
        query = 'SELECT "DestinationNumber", "TextDecoded", "Coding" FROM outbox'
        found = connection.execute(query).fetchall()
    assert found == [(WITNESS, "Thank you", "Default_No_Compression")]
    with closing(sqlite3.connect(tables)) as connection, connection:  # smsd sends it, and moves the row
        connection.execute("DELETE FROM outbox")
        connection.execute("INSERT INTO sentitems (\"CreatorID\") VALUES ('ours')")
    PROVIDERS["gammu"].send(OutgoingSms(WITNESS, "Thank you", own_id="ours"))
    with closing(sqlite3.connect(tables)) as connection:
        assert connection.execute(query).fetchall() == []
    with pytest.raises(SendError) as raised:
        PROVIDERS["gammu"].send(OutgoingSms(WITNESS, "x" * 161))
    assert raised.value.permanent


def test_tables_that_are_away_stop_nothing_else(settings: Settings, tmp_path: Path) -> None:
    settings.GAMMU_DATABASE = f"sqlite:///{tmp_path}/nowhere/smsd.db"
    assert sweep_inboxes() == 0
    with pytest.raises(SendError) as raised:
        PROVIDERS["gammu"].send(OutgoingSms(WITNESS, "Thank you"))
    assert not raised.value.permanent

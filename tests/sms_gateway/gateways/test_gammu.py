"""gammu-smsd with its dummy telephone: RunOnReceive brings a message in, the outbox takes one out."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pytest_django import Settings

from impact.incidents.models import Report
from sms_gateway.intake.sweeping import sweep_inboxes
from sms_gateway.models import InboundMessage
from sms_gateway.providers import PROVIDERS
from sms_gateway.providers.contract import OutgoingSms
from tests.sms_gateway.gateways.processes import ROOT, Process, needed, program, wait_for
from tests.sms_gateway.telephones import WITNESS

CONFIGURATION = """
[gammu]
model = dummy
connection = none
port = {folder}/telephone
gammuloc = /dev/null
[smsd]
service = files
logfile = {folder}/smsd.log
commtimeout = 1
sendtimeout = 5
receivefrequency = 1
loopsleep = 1
checksecurity = 0
checksignal = 0
checkbattery = 0
inboxpath = {folder}/inbox/
inboxformat = unicode
outboxpath = {folder}/outbox/
sentsmspath = {folder}/sent/
errorsmspath = {folder}/error/
runonreceive = {folder}/receive
"""
LONG = (
    "Des soldats ont battu beaucoup de gens à Tshikapa, hier matin, et les ont chassés du puits vers la "
    "rivière; trois sont blessés, une femme est à l'hôpital de Kamonia. Ils ont pris leurs outils."
)


@pytest.fixture
def folder(environment: dict[str, str], settings: Settings, tmp_path: Path) -> Path:
    needed("gammu", "gammu-smsd", package="gammu gammu-smsd")
    for name in ("inbox", "outbox", "sent", "error", "telephone"):
        (tmp_path / name).mkdir()
    settings.GAMMU_INBOX = environment["GAMMU_INBOX"] = str(tmp_path / "inbox")
    settings.GAMMU_OUTBOX = environment["GAMMU_OUTBOX"] = str(tmp_path / "outbox")
    settings.GAMMU_SENT = environment["GAMMU_SENT"] = str(tmp_path / "sent")
    (tmp_path / "smsdrc").write_text(CONFIGURATION.format(folder=tmp_path))
    script = tmp_path / "receive"
    script.write_text(
        f'#!/bin/sh\ncd {ROOT}\nexec {sys.executable} manage.py gammu_receive "$@" 2>>{tmp_path}/error.log\n'
    )
    script.chmod(0o700)
    return tmp_path


def text_the_modem(folder: Path, words: str) -> None:
    """Somebody texts the modem's number: the message lies on the telephone."""
    coding = () if words.isascii() else ("-unicode",)
    subprocess.run(
        [program("gammu"), "-c", str(folder / "smsdrc"), "savesms", "TEXT", "-folder", "1", "-unread",
         "-sender", WITNESS, "-len", "500", *coding, "-textutf8", words],
        check=True, capture_output=True, env={**os.environ, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip


def test_smsd_brings_messages_in_and_takes_one_out(folder: Path, environment: dict[str, str]) -> None:
    text_the_modem(folder, "Soldiers shot two men at Tshikapa")
    text_the_modem(folder, LONG)
    sent = PROVIDERS["gammu"].send(OutgoingSms(WITNESS, "Asante, tumeipokea. Ça va ê", own_id="ours"))
    smsd = Process(
        program("gammu-smsd"), "-c", str(folder / "smsdrc"), log=folder / "out.log",
        environment={**environment, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    try:
        assert wait_for(lambda: InboundMessage.objects.count() == 2, 40), (folder / "error.log").read_text()
        assert wait_for(lambda: any((folder / "sent").iterdir()), 20), (folder / "smsd.log").read_text()
    finally:
        smsd.kill()
    assert set(InboundMessage.objects.values_list("text", flat=True)) == {
        "Soldiers shot two men at Tshikapa",
        LONG,
    }
    assert Report.objects.exists()
    (out,) = (folder / "sent").iterdir()
    assert sent.provider_message_id in out.name
    assert WITNESS in out.name
    assert out.read_bytes().decode("utf-16").strip("\0") == "Asante, tumeipokea. Ça va ê"
    again = PROVIDERS["gammu"].send(OutgoingSms(WITNESS, "Asante, tumeipokea. Ça va ê", own_id="ours"))
    assert again == sent
    assert list((folder / "outbox").iterdir()) == [], "smsd had sent it when the worker died"

    # The sweeper finds the same messages in the inbox, makes nothing new of them, and takes the files away.
    for path in (folder / "inbox").iterdir():
        os.utime(path, (time.time() - 60, time.time() - 60))
    assert sweep_inboxes() == 2
    assert InboundMessage.objects.count() == 2
    assert list((folder / "inbox").iterdir()) == []

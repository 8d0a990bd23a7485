import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from impact.sealing import parse_keys
from impact.vocabulary import Channel
from sms_gateway.conversation.keywords import Control
from sms_gateway.inbound import InboundSms, Media
from sms_gateway.intake.spool import (
    SpoolError,
    clear_abandoned,
    only_drainer,
    put_aside,
    read_back,
    spool_directory,
    waiting_files,
)
from tests.sms_gateway.telephones import PARTED_KEY, WITNESS, make_sms

WHOLE = InboundSms(
    provider="kannel-sl",
    message_id="é/1",
    sender=WITNESS,
    text="Ils ont tué deux creuseurs ☂",
    sent_at=datetime(2026, 11, 26, 4, 0, 0, 123456, tzinfo=UTC),
    country="CD",
    attachments=1,
    control=Control.STOP,
    is_answered=True,
    is_fictional=True,
    channel=Channel.WHATSAPP,
    media=(Media("image/jpeg", "https://media.example/1", b"\xff\xd8\0", "a.jpg"),),
    location=(20.8, -6.4),
    reply_link="link",
    doubt="unknown fields",
)


def test_a_message_comes_back_whole() -> None:
    assert read_back(put_aside(WHOLE)) == WHOLE


def test_nothing_of_it_can_be_read_on_the_disk() -> None:
    content = put_aside(WHOLE).read_bytes()
    names = " ".join(path.name for path in spool_directory().iterdir())
    for secret in (WITNESS, "creuseurs", "kannel", "media.example", "810000001"):
        assert secret.encode() not in content
        assert secret not in names


def test_only_the_owner_may_look() -> None:
    path = put_aside(WHOLE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_host_without_the_private_key_writes_and_cannot_read(settings: Settings) -> None:
    settings.HEADLAMP_KEYS = PARTED_KEY
    settings.HEADLAMP_KEYS = ",".join(key.public_form() for key in parse_keys(PARTED_KEY))
    path = put_aside(WHOLE)
    with pytest.raises(SpoolError, match="UnsealError"):
        read_back(path)
    settings.HEADLAMP_KEYS = PARTED_KEY
    assert read_back(path) == WHOLE


def test_files_come_in_the_order_that_they_were_put_aside() -> None:
    paths = [put_aside(make_sms(f"{n}")) for n in range(20)]
    assert waiting_files() == paths


def test_an_altered_file_is_an_error_that_quotes_nothing() -> None:
    path = put_aside(WHOLE)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(SpoolError) as refused:
        read_back(path)
    assert str(refused.value) == "UnsealError"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, which Linux has")
def test_a_full_disk_is_an_error_and_leaves_nothing_that_looks_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    real_open = os.open

    def open_full(path: str, flags: int, mode: int = 0o777) -> int:
        if str(path).endswith(".part"):
            os.close(real_open(path, flags, mode))
            return real_open("/dev/full", os.O_WRONLY)
        return real_open(path, flags, mode)

    monkeypatch.setattr(os, "open", open_full)
    with pytest.raises(SpoolError, match="No space left"):
        put_aside(WHOLE)
    assert waiting_files() == []
    assert list(spool_directory().iterdir()) == []


def test_one_drainer_at_a_time() -> None:
    with only_drainer() as first:
        assert first
        with only_drainer() as second:
            assert not second
    with only_drainer() as third:
        assert third


def test_beginnings_that_a_crash_left_are_cleared_when_they_are_old() -> None:
    put_aside(WHOLE)
    old, young = spool_directory() / ".1.part", spool_directory() / ".2.part"
    old.touch()
    young.touch()
    os.utime(old, (0, 0))
    clear_abandoned()
    assert not old.exists()
    assert young.exists()
    assert len(waiting_files()) == 1

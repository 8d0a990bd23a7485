import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from pytest_django import Settings

from impact.incidents.evidence import (
    LIMIT_BYTES,
    RESERVE_BYTES,
    EvidenceDamaged,
    EvidenceRefused,
    keep_original,
    original_path,
    read_original,
)
from impact.incidents.media_types import EXTENSIONS, media_type_of
from impact.incidents.models import Evidence, Report
from tests.builders import make_incident
from tests.disks import disk_with_free, full_disk

pytestmark = pytest.mark.django_db

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00 a picture of the pit"
SAMPLES = {
    "image/jpeg": JPEG,
    "image/png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "image/webp": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    "application/pdf": b"%PDF-1.7\n%\xe2\xe3",
    "video/3gpp": b"\x00\x00\x00\x18ftyp3gp4\x00\x00\x00\x00",
    "video/mp4": b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00",
    "audio/mp4": b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00",
    "audio/ogg": b"OggS\x00\x02" + b"\x00" * 20 + b"\x01\x13OpusHead\x01",
    "audio/amr": b"#!AMR\n\x3c\x48",
    "audio/amr-wb": b"#!AMR-WB\n\x04",
}


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def keep(content: bytes = JPEG, **fields: Any) -> Evidence:
    return keep_original(
        **{
            "report_id": fields.get("report_id") or make_incident().reports.get().pk,
            "content": content,
            "file_name": "pit.jpg",
            "source": "twilio",
            "received_at": datetime(2026, 11, 1, tzinfo=UTC),
            **fields,
        }
    )


def files() -> list[Path]:
    return [path for path in Path(settings.VAR_DIR).rglob("*") if path.is_file()]


def test_what_came_is_what_is_read_and_its_digest_is_noted() -> None:
    evidence = keep()
    assert read_original(evidence) == JPEG
    assert evidence.sha256 == hashlib.sha256(JPEG).hexdigest()
    assert (evidence.size_bytes, evidence.media_type, evidence.file_name) == (
        len(JPEG),
        "image/jpeg",
        "pit.jpg",
    )


def test_it_lies_sealed_on_disk() -> None:
    evidence = keep()
    assert files() == [original_path(evidence)]
    assert b"a picture of the pit" not in original_path(evidence).read_bytes()
    assert original_path(evidence).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("media_type", SAMPLES)
def test_it_takes_each_kind_by_its_content(media_type: str) -> None:
    assert keep(SAMPLES[media_type], file_name="anything.exe").media_type == media_type


def test_there_is_a_sample_of_each_kind() -> None:
    assert set(SAMPLES) == set(EXTENSIONS)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00 a program", "Only pictures"),
        (b"<svg onload=alert(1)>", "Only pictures"),
        (b"GIF89a", "Only pictures"),
        (b"PK\x03\x04", "Only pictures"),
        (b"\x00\x00\x00\x18ftypheic", "Only pictures"),
        (b" \xff\xd8\xff", "Only pictures"),
        (JPEG + b"\0" * LIMIT_BYTES, "larger than 25 MB"),
    ],
)
def test_it_refuses_the_rest_and_says_why(content: bytes, said: str) -> None:
    with pytest.raises(EvidenceRefused, match=said):
        keep(content)
    assert files() == []
    assert Evidence.objects.count() == 0


def test_the_same_twice_is_kept_once_and_with_another_report_again() -> None:
    report_id = make_incident().reports.get().pk
    assert keep(report_id=report_id) == keep(report_id=report_id)
    keep()
    assert (Evidence.objects.count(), len(files())) == (2, 2)


@pytest.mark.parametrize("position", range(0, 200, 7))
def test_a_flipped_bit_is_found(position: int) -> None:
    evidence = keep()
    path = original_path(evidence)
    sealed = bytearray(path.read_bytes())
    sealed[position % len(sealed)] ^= 1
    path.write_bytes(sealed)
    with pytest.raises(EvidenceDamaged):
        read_original(evidence)


def test_another_original_in_its_place_is_found() -> None:
    evidence, other = keep(), keep(SAMPLES["image/png"])
    original_path(evidence).write_bytes(original_path(other).read_bytes())
    with pytest.raises(EvidenceDamaged, match="not what came in"):
        read_original(evidence)


def test_a_missing_original_is_told() -> None:
    evidence = keep()
    original_path(evidence).unlink()
    with pytest.raises(EvidenceDamaged, match="missing"):
        read_original(evidence)


def test_a_full_disk_leaves_no_row_and_no_half_file() -> None:
    report_id = make_incident().reports.get().pk
    with full_disk(), pytest.raises(OSError, match="No space"):
        keep(report_id=report_id)
    assert (files(), Evidence.objects.count()) == ([], 0)
    assert read_original(keep(report_id=report_id)) == JPEG


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Photos\\pit 1.jpg", "pit_1.jpg"),
        ("", ""),
        ("..", ""),
        ("a" * 300 + ".jpg", "a" * 116 + ".jpg"),
        ('x"\r\nSet-Cookie: a.jpg', "xSet-Cookie_a.jpg"),
    ],
)
def test_a_file_name_can_do_no_harm(given: str, kept: str) -> None:
    assert keep(file_name=given).file_name == kept


def test_a_report_that_is_not_there_keeps_nothing() -> None:
    with pytest.raises(Report.DoesNotExist):
        keep(report_id=uuid4())
    assert files() == []


def test_bytes_of_no_kind_have_no_type() -> None:
    assert media_type_of(b"") == media_type_of(b"hello") == ""


def test_a_nearly_full_disk_refuses_files_and_keeps_the_reserve() -> None:
    with disk_with_free(RESERVE_BYTES - 1), pytest.raises(OSError, match="nearly full"):
        keep()
    assert not Evidence.objects.exists()
    assert not list(Path(settings.VAR_DIR).rglob("*.sealed"))

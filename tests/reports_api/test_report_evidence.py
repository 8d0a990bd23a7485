"""Files that come with a report from a program: sealed with it, refused by content, named when lost."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from impact.incidents.evidence import read_original
from impact.incidents.models import Evidence, Report
from tests.disks import full_disk

pytestmark = pytest.mark.django_db
REPORTS = "/api/v1/reports/"
PICTURE = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00 a picture of the pit"
DOCUMENT = b"%PDF-1.7 a letter"


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def send(client: Client, *files: tuple[str, bytes], key: str = "a-key-of-mine") -> Any:
    parts = [SimpleUploadedFile(name, content) for name, content in files]
    headers = {"Idempotency-Key": key}
    return client.post(REPORTS, {"text": "Water is red", "evidence": parts}, headers=headers)


def test_files_are_sealed_with_their_report_as_they_came(client: Client, tmp_path: Path) -> None:
    response = send(client, ("pit.exe", PICTURE), ("letter", DOCUMENT))
    assert (response.status_code, response.json()["not_taken"]) == (201, [])
    kept = {evidence.media_type: evidence for evidence in Evidence.objects.all()}
    assert read_original(kept["image/jpeg"]) == PICTURE
    assert read_original(kept["application/pdf"]) == DOCUMENT
    assert {evidence.report for evidence in kept.values()} == {Report.objects.get()}
    assert {evidence.source for evidence in kept.values()} == {"api"}
    assert not any(PICTURE in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_the_same_request_again_keeps_them_once(client: Client) -> None:
    first, second = (send(client, ("pit.jpg", PICTURE)) for _ in range(2))
    assert first.json() == second.json()
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"MZ a program", "Only pictures"), (b"", "empty"), (b"<svg onload=x>", "Only pictures")],
)
def test_a_kind_that_is_not_kept_refuses_the_request_by_name(
    client: Client, content: bytes, why: str
) -> None:
    response = send(client, ("pit.jpg", PICTURE), ("second.jpg", content))
    assert response.status_code == 400
    [wrong] = response.json()["errors"]
    assert wrong["name"].startswith("evidence")
    assert "second.jpg" in wrong["detail"]
    assert why in wrong["detail"]
    assert not Report.objects.exists()
    assert not Evidence.objects.exists()


def test_more_files_than_ten_are_refused(client: Client) -> None:
    files = [(f"{number}.jpg", PICTURE + bytes([number])) for number in range(11)]
    assert send(client, *files).status_code == 400
    assert not Report.objects.exists()


def test_words_in_place_of_a_file_are_refused(client: Client) -> None:
    response = client.post(
        REPORTS, {"text": "Water is red", "evidence": ["pit.jpg"]}, content_type="application/json"
    )
    assert response.status_code == 400
    assert response.json()["errors"][0]["name"].startswith("evidence")


def test_a_body_above_the_limit_is_413(client: Client) -> None:
    response = send(client, ("long.jpg", PICTURE + bytes(26_000_000)))
    assert response.status_code == 413
    assert not Report.objects.exists()


def test_a_full_disk_loses_no_report_and_the_same_request_again_brings_the_file(client: Client) -> None:
    with full_disk():
        response = send(client, ("pit.jpg", PICTURE))
    assert (response.status_code, response.json()["not_taken"]) == (201, ["evidence: pit.jpg"])
    assert Report.objects.count() == 1
    assert send(client, ("pit.jpg", PICTURE)).json()["not_taken"] == []
    assert (Report.objects.count(), Evidence.objects.count()) == (1, 1)

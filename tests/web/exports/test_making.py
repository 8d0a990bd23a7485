"""One export's page and files: who may, as what they are sent, what is written of it, and how they end."""

import os
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from impact.accounts.models import Role, User
from impact.exports.keeping import expire_exports, files_folder, folder_of
from impact.exports.models import Export, ExportKind
from impact.ledger.models import Entry
from impact.publication.models import Retraction, Snapshot
from impact.publication.snapshots.taking import take_snapshot
from impact.sealing import signing_public_keys
from tests.builders import make_export, make_organisation, make_published, make_user
from tests.web.exports.conftest import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def snapshot() -> Snapshot:
    for number in range(3):
        make_published(longitude=20.8 + number)
    return take_snapshot()


def file_of(export: Export, number: int = 0) -> str:
    return reverse("web:export_file", args=[export.pk, export.files[number]["name"]])


def test_a_file_is_sent_as_an_attachment_of_its_type_and_length_and_kept_by_nobody(
    desk: Client, advocate: User, snapshot: Snapshot
) -> None:
    export = made(make_export(advocate, snapshot, data="geojson"))
    answer = desk.get(file_of(export))
    name = export.files[0]["name"]
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Content-Type"] == "application/geo+json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert int(answer.headers["Content-Length"]) == len(body) == export.files[0]["size"]
    assert str(export.snapshot_id).encode() in body


def test_each_taking_is_in_the_log_and_a_look_is_not(
    desk: Client, advocate: User, snapshot: Snapshot
) -> None:
    export = made(make_export(advocate, snapshot, data="csv"))
    before = Entry.objects.count()
    desk.head(file_of(export))
    desk.get(reverse("web:export", args=[export.pk]))
    assert Entry.objects.count() == before
    desk.get(file_of(export, 1))
    entry = Entry.objects.latest("sequence")
    assert entry.actor_id == advocate.pk
    assert entry.content.details == {
        "act": "taken",
        "what": "data For the plenary",
        "export": str(export.pk),
        "why": "the coalition speaks on Tuesday",
        "for_whom": "the delegations",
        "file": export.files[1]["name"],
    }


def test_another_organisations_export_does_not_exist(
    client: Client, advocate: User, snapshot: Snapshot
) -> None:
    export = made(make_export(advocate, snapshot, data="csv"))
    outsider = make_user(Role.ADVOCATE, "outsider", organisation=make_organisation())
    client.force_login(outsider)
    for name in ("web:export", "web:export_state"):
        assert client.get(reverse(name, args=[export.pk])).status_code == 404
    assert client.get(file_of(export)).status_code == 404
    assert client.post(reverse("web:export_again", args=[export.pk])).status_code == 404
    assert export.name not in client.get(reverse("web:exports")).content.decode()
    assert Export.objects.count() == 1


def test_its_page_tells_who_what_why_and_for_whom(desk: Client, advocate: User, snapshot: Snapshot) -> None:
    export = make_export(advocate, snapshot, data="csv")
    waiting = desk.get(reverse("web:export", args=[export.pk])).content.decode()
    assert "Waiting" in waiting
    assert '<meta http-equiv="refresh"' in waiting  # without JavaScript it looks again by itself
    page = desk.get(reverse("web:export", args=[made(export).pk])).content.decode()
    for told in ("For the plenary", "Data file", "the coalition speaks on Tuesday", "the delegations"):
        assert told in page
    for file in export.files:
        assert file["name"] in page
        assert file["sha256"] in page
    assert reverse("web:snapshot", args=[snapshot.pk]) in page
    assert "refresh" not in page


def test_a_briefs_page_begins_with_the_brief_and_says_what_lies_beside_it(
    desk: Client, advocate: User, snapshot: Snapshot
) -> None:
    export = make_export(advocate, snapshot, ExportKind.BRIEF)
    export.state = Export.State.DONE
    names = ["x-brief.figures.json", "x-brief.pdf", "x-brief.speech.txt"]
    export.files = [{"name": name, "size": 1, "sha256": "0" * 64} for name in names]
    export.expires_at = timezone.now() + timedelta(days=1)
    export.save()
    files = desk.get(reverse("web:export", args=[export.pk])).context["files"]
    assert [file["name"] for file in files] == ["x-brief.pdf", "x-brief.speech.txt", "x-brief.figures.json"]
    assert [bool(file["words"]) for file in files] == [False, True, True]


def test_the_state_is_told_step_by_step(desk: Client, advocate: User, snapshot: Snapshot) -> None:
    export = make_export(advocate, snapshot, data="csv")
    address = reverse("web:export_state", args=[export.pk])
    assert desk.get(address).json() == {"state": "queued", "steps_done": 0, "steps": 2}
    made(export)
    assert desk.get(address).json() == {"state": "done", "steps_done": 2, "steps": 2}


def test_what_expired_is_gone_and_can_be_made_again_the_same(
    desk: Client, advocate: User, snapshot: Snapshot
) -> None:
    export = made(make_export(advocate, snapshot, data="csv"))
    before = (files_folder(export) / export.files[0]["name"]).read_bytes()
    expire_exports(timezone.now() + timedelta(days=settings.EXPORT_DAYS + 1))
    answer = desk.get(file_of(export))
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "This file is not here any more. It can be made again." in page
    again = reverse("web:export_again", args=[export.pk])
    assert f'action="{again}"' in page
    assert "Expired" in page
    assert desk.post(again).status_code == 302
    anew = made(Export.objects.latest("created_at"))
    assert anew.pk != export.pk
    assert (files_folder(anew) / anew.files[0]["name"]).read_bytes() == before


def test_what_holds_something_that_was_taken_back_is_gone_at_once(
    desk: Client, advocate: User, snapshot: Snapshot
) -> None:
    export = made(make_export(advocate, snapshot, data="csv"))
    victim = make_published()
    Retraction.objects.create(public_id=victim.pk, retracted_at=timezone.now())
    assert desk.get(file_of(export)).status_code == 200  # it is in another snapshot
    held = desk.get(file_of(export)).streaming_content  # type: ignore[attr-defined]
    public_id = b"".join(held).decode().splitlines()[1].partition(",")[0].strip(chr(34))
    Retraction.objects.create(public_id=public_id, retracted_at=timezone.now())
    answer = desk.get(file_of(export))
    assert answer.status_code == 410
    assert "Withdrawn" in answer.content.decode()
    assert not folder_of(export).exists()


@pytest.mark.parametrize("name", ["lock", "..%2Flock", "other.csv", "step-0"])
def test_nothing_but_its_files_is_handed_out(
    desk: Client, advocate: User, snapshot: Snapshot, name: str
) -> None:
    export = made(make_export(advocate, snapshot, data="csv"))
    answer = desk.get(f"/exports/{export.pk}/files/{name}")
    assert answer.status_code in {404, 410}  # what leads out of the folder is no address at all
    assert "Content-Disposition" not in answer.headers


def test_what_failed_says_why_and_can_be_tried_again(
    desk: Client, advocate: User, snapshot: Snapshot
) -> None:
    export = make_export(advocate, snapshot, data="csv")
    for error, words in (
        ("disk_full", "The disk was full"),
        ("interrupted", "The worker was stopped at it three times."),
        ("too_many_rows", "choose another format"),
        ("OSError", "It failed three times (OSError)."),
    ):
        Export.objects.update(state=Export.State.FAILED, error=error)
        page = desk.get(reverse("web:export", args=[export.pk])).content.decode()
        assert words in page
        assert "Could not be made" in page
        assert reverse("web:export_again", args=[export.pk]) in page


def test_a_package_is_checked_in_a_bare_python_and_one_byte_is_named(
    desk: Client, advocate: User, snapshot: Snapshot, tmp_path: Path
) -> None:
    export = make_export(advocate, snapshot, ExportKind.PACKAGE, size="square", format="svg", data="csv")
    answer = desk.get(file_of(made(export)))
    assert answer.headers["Content-Type"] == "application/zip"
    package = tmp_path / "package.zip"
    package.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    with zipfile.ZipFile(package) as archive:
        archive.extract("check_package.py", tmp_path)
        archive.extract("check_evidence.py", tmp_path)
        data = next(name for name in archive.namelist() if name.endswith(f"{snapshot.pk}.csv"))
        place = archive.getinfo(data)
        content = archive.read(data)
    [(_name, public)] = signing_public_keys()

    def check() -> subprocess.CompletedProcess[str]:
        # Nothing of the product, no package, no environment: what a delegation's clerk has.
        command = [sys.executable, "-S", "check_package.py", package.name, public]
        alone = {"PATH": os.environ["PATH"]}
        return subprocess.run(command, cwd=tmp_path, env=alone, capture_output=True, text=True, check=False)

    done = check()
    assert (done.returncode, done.stderr) == (0, "")
    assert f"manifest of snapshot {snapshot.pk}" in done.stdout
    altered = tmp_path / "altered.zip"
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(altered, "w") as new:
        for info in old.infolist():
            body = old.read(info)
            if info.filename == data:
                body = content[:-2] + bytes([content[-2] ^ 1]) + content[-1:]
            new.writestr(info, body)
    package.write_bytes(altered.read_bytes())
    done = check()
    assert done.returncode == 1
    assert done.stderr.splitlines() == [f"DOES NOT FIT: {data} is not the file that was signed"]
    assert place.file_size == len(content)

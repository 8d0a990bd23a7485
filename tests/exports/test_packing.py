"""The package: the same to the byte, its manifest true and signed, checked where the product is not."""

import io
import json
import subprocess
import sys
import tempfile
import zipfile
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from impact.exports.choices import Choices
from impact.exports.packing import write_package
from impact.places.models import Place, ProducingArea
from impact.publication.models import CoverageMonth, Snapshot
from impact.publication.snapshots.taking import take_snapshot
from impact.sealing import Key, UnsealError, signing_public_keys
from impact.summaries.maps import MAP_STYLES
from tests.builders import make_area, make_place, make_published

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).resolve().parents[2] / "docs"
CHOICES = Choices(size="square", format="svg", data="xlsx", language="fr", title="À huis clos")


@pytest.fixture
def snapshot() -> Snapshot:
    kasai = make_area(name="Kamonia")
    for number in range(3):
        make_published(longitude=20.8 + number / 2, areas=((kasai, 3200.0),))
    return take_snapshot()


def package(snapshot: Snapshot, choices: Choices = CHOICES) -> bytes:
    buffer = io.BytesIO()
    write_package(snapshot, choices, buffer)
    return buffer.getvalue()


def checked(*arguments: str, isolated: bool = False) -> subprocess.CompletedProcess[str]:
    """The stand-alone script; No package is there; `isolated` finds no script beside it either."""
    command = [
        sys.executable,
        *(["-I", "-S"] if isolated else []),
        str(DOCS / "check_package.py"),
        *arguments,
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_is_the_same_to_the_byte_in_two_time_zones_and_languages_of_the_reader(snapshot: Snapshot) -> None:
    with timezone.override(ZoneInfo("Pacific/Kiritimati")), translation.override("sw"):
        east = package(snapshot)
    with timezone.override(ZoneInfo("America/Bogota")), translation.override("pt"):
        west = package(Snapshot.objects.get(pk=snapshot.pk))
    assert east == west


def test_its_files_fit_its_manifest_and_its_signature(snapshot: Snapshot, tmp_path: Path) -> None:
    file = tmp_path / "package.zip"
    file.write_bytes(package(snapshot))
    [(_name, public)] = signing_public_keys()
    done = checked(str(file), public)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"manifest of snapshot {snapshot.pk}" in done.stdout
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path)
        manifest = json.loads(archive.read("manifest.json"))
    assert names[:2] == ["manifest.json", "manifest.sig"]
    assert names[2:] == sorted(names[2:])
    assert len(names) == len(manifest["files"]) + 2 == 13
    assert manifest["snapshot_digest_sha256"] == snapshot.digest
    assert manifest["choices"]["title"] == "À huis clos"
    # What it brings checks the rest.
    lines, figures = f"headlamp-{snapshot.pk}.jsonl", next(n for n in names if n.endswith("figures.json"))
    for command in (["check_snapshot.py", lines, snapshot.digest], ["check_brief.py", lines, figures]):
        run = subprocess.run(
            [sys.executable, "-I", "-S", *command], cwd=tmp_path, capture_output=True, check=False
        )
        assert run.returncode == 0, run.stderr


def test_alone_the_digests_are_checked_and_the_signature_is_said_not_to_be(
    snapshot: Snapshot, tmp_path: Path
) -> None:
    file = tmp_path / "package.zip"
    file.write_bytes(package(snapshot))
    done = checked(str(file), isolated=True)
    assert done.returncode == 3
    assert "THE SIGNATURE WAS NOT CHECKED" in done.stderr


def altered(body: bytes, change: str) -> bytes:
    """A package in which one thing is other than it was signed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if change == "a file" and name.endswith(".speech.txt"):
                content = content.replace(b"3", b"4", 1)
            if change == "the manifest" and name == "manifest.json":
                content = content.replace(b"CC BY 4.0", b"CC BY 3.0")
            if change == "a missing file" and name.endswith(".pdf"):
                continue
            if change == "the signature" and name == "manifest.sig":
                content = b"0" * 128
            new.writestr(name, content)
        if change == "one more file":
            new.writestr("annex.pdf", b"%PDF-1.7")
    return buffer.getvalue()


def test_whatever_was_altered_does_not_fit(snapshot: Snapshot, tmp_path: Path) -> None:
    file, whole = tmp_path / "package.zip", package(snapshot)
    for change, words in (
        ("a file", "speech.txt is not the file that was signed"),
        ("the manifest", "the signature is not that of this manifest"),
        ("a missing file", "brief.pdf is missing"),
        ("the signature", "the signature is not that of this manifest"),
        ("one more file", "annex.pdf is in the package and not in the manifest"),
        ("another key", "it is signed by another key"),
    ):
        file.write_bytes(altered(whole, change))
        done = checked(str(file), *(["ab" * 32] if change == "another key" else []))
        assert (change, done.returncode) == (change, 1)
        assert words in done.stderr


def test_the_command_writes_the_same_package(snapshot: Snapshot, tmp_path: Path) -> None:
    file, errors = tmp_path / "package.zip", io.StringIO()
    call_command(
        *("export_package", "--snapshot", snapshot.pk, "--lang", "pt", "--size", "square", "--data", "csv"),
        *("-o", str(file)),
        stderr=errors,
    )
    chosen = Choices(language="pt", size="square", data="csv")
    assert file.read_bytes() == package(snapshot, chosen)
    assert snapshot.digest in errors.getvalue()
    with pytest.raises(CommandError, match="--country XX"):
        call_command("export_package", "--country", "XX", "-o", str(file))


def test_a_host_that_only_receives_cannot_sign() -> None:
    with pytest.raises(UnsealError):
        Key("gate", b"f" * 32, public=b"p" * 32).signing_key()
    one, two = Key("a", b"f" * 32, opening=b"1" * 32), Key("a", b"f" * 32, opening=b"2" * 32)
    assert one.signing_key().verify_key != two.signing_key().verify_key


def change_the_world() -> None:
    """All that maps and briefs stand on besides incidents, changed after the snapshot."""
    changed = ProducingArea.objects.get(name="Kamonia")
    ProducingArea.objects.filter(pk=changed.pk).update(
        name="Renamed", kind="industrial", minerals=["gold"], retired_on=date(2026, 11, 25)
    )
    make_area("New pits", 20.9, -6.3, kind="mixed")
    ProducingArea.objects.create(
        name="Joined", country="CD", geometry=changed.geometry, source="s", source_name="s", source_key="s",
        joined_to=changed,
    )  # fmt: skip
    Place.objects.update(name="Elsewhere", longitude=21.0)
    make_place("A new town", 21.2, -6.0, population=900_000)
    CoverageMonth.objects.update(reports=4000)
    for day in (date(2026, 9, 1), date(2026, 10, 1)):
        CoverageMonth.objects.create(
            country="CD", month=day, state="reports", reports=9, counted_at=timezone.now()
        )


@pytest.mark.parametrize("style", MAP_STYLES)
def test_what_changes_around_it_afterwards_changes_no_byte(style: str) -> None:
    make_place("Tshikapa")
    CoverageMonth.objects.create(
        country="CD", month=date(2026, 11, 1), state="reports", reports=12, counted_at=timezone.now()
    )
    kasai = make_area(name="Kamonia")
    for number in range(3):
        make_published(longitude=20.8 + number / 2, areas=((kasai, 3200.0),))
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write("country,period,kind,carats,value\nCD,2026,total,4000000,\n")
        file.flush()
        call_command("import_production", file.name)
    choices = Choices(size="square", style=style, data="csv")
    snapshot = take_snapshot()
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        before = package(snapshot, choices)
    change_the_world()
    with timezone.override(ZoneInfo("America/Bogota")):
        assert package(Snapshot.objects.get(pk=snapshot.pk), choices) == before
    # It is not the package that is deaf: a snapshot from before areas were frozen shows them as they are.
    Snapshot.objects.update(areas_edition=None, places_edition=None, coverage_edition=None)
    assert package(Snapshot.objects.get(pk=snapshot.pk), choices) != before

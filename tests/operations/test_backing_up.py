import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from impact.incidents.evidence import keep_original, original_path
from impact.incidents.models import Report
from impact.operations.backing_up import make_backup, restore_backup
from impact.operations.backing_up.contents import BackupError, read_manifest
from impact.sealing import keys
from sms_gateway.receiving import receive_message
from tests.builders import NOW, make_moderator, take_in
from tests.programs import needs
from tests.sms_gateway.telephones import make_sms

pytestmark = pytest.mark.django_db(transaction=True)
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)


def silent(_line: str) -> None:
    return None


@pytest.fixture
def backup(settings: Settings, tmp_path: Path) -> Path:
    """A backup of a report with evidence, a contact, and a message in the spool."""
    if connection.vendor == "postgresql":
        needs("pg_dump", "postgresql-client")
    settings.VAR_DIR, settings.SPOOL_DIR = tmp_path / "var", tmp_path / "var" / "spool"
    (tmp_path / "var" / "spool").mkdir(parents=True)
    (tmp_path / "var" / "spool" / "0001.sms").write_bytes(b"sealed")
    (tmp_path / "var" / "spool" / ".0002.part").write_bytes(b"not whole")
    take_in("Soldiers shot two men at Tshikapa")
    receive_message(make_sms("Police beat four diggers at Koidu", sender="+243810000123"))
    keep_original(
        report_id=Report.objects.latest("received_at").pk,
        content=PIXEL,
        file_name="a.png",
        source="web",
        received_at=NOW,
    )
    return make_backup(tmp_path / "backups", silent)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of another machine: an empty database and folder of its own, the same keys."""
    home = tmp_path / "elsewhere"
    home.mkdir()
    environment = {**os.environ, "HEADLAMP_VAR": str(home), "DJANGO_SETTINGS_MODULE": "impact.settings"}
    environment["HEADLAMP_KEYS"] = django_settings.HEADLAMP_KEYS
    if connection.vendor == "sqlite":
        yield {**environment, "DATABASE_URL": f"spatialite:///{home / 'headlamp.sqlite3'}"}
        return
    where = connection.settings_dict
    login = f"{quote(where['USER'])}:{quote(where['PASSWORD'])}@{where['HOST']}:{where['PORT']}"
    name = f"restored_{os.getpid()}"
    with psycopg.connect(f"postgresql://{login}/postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            with psycopg.connect(f"postgresql://{login}/{name}", autocommit=True) as fresh:
                fresh.execute("CREATE EXTENSION postgis")
            yield {**environment, "DATABASE_URL": f"postgis://{login}/{name}"}
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(django_settings.BASE_DIR / "manage.py"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_backup_restores_everything_elsewhere_and_work_goes_on(
    backup: Path, elsewhere: dict[str, str], tmp_path: Path
) -> None:
    restored = manage(elsewhere, "restore", str(tmp_path / "backups"))
    assert restored.returncode == 0, restored.stderr
    home = Path(elsewhere["HEADLAMP_VAR"])
    assert (home / "spool" / "0001.sms").read_bytes() == b"sealed"
    assert not (home / "spool" / ".0002.part").exists()
    again = manage(elsewhere, "backup", str(tmp_path / "again"))
    assert again.returncode == 0, again.stderr
    first, second = read_manifest(backup), read_manifest(Path(again.stdout.strip()))
    assert second.rows == first.rows
    assert first.rows["incidents_report"] == 2
    evidence = {name: digest for name, digest in first.files.items() if "/evidence/" in name}
    assert len(evidence) == 1
    assert evidence.items() <= second.files.items()
    assert manage(elsewhere, "verify_log").returncode == 0
    said = manage(elsewhere, "simulate_sms", "--from", "+243810000123", "Ils ont tué deux creuseurs à Luebo")
    assert said.returncode == 0, said.stderr
    assert (
        manage(elsewhere, "restore", str(backup))
        .stderr.strip()
        .endswith("--force puts the backup in its place")
    )
    forced = manage(elsewhere, "restore", str(backup), "--force")
    assert forced.returncode == 0, forced.stderr
    asides = [str(file) for file in home.glob("*.before-restore-*")]
    assert bool(asides) == (connection.vendor == "sqlite")
    assert all(f"what was here lies in {file}: " in restored.stderr + forced.stderr for file in asides)


def test_no_key_and_no_number_is_in_a_backup(backup: Path) -> None:
    everything = b"".join(file.read_bytes() for file in backup.rglob("*") if file.is_file())
    for key in keys():
        assert base64.b64encode(key.derive("seal")) not in everything
    secret = django_settings.HEADLAMP_KEYS.partition(":")[2].encode()
    assert secret not in everything
    assert b"243810000123" not in everything
    assert json.loads((backup / "manifest.json").read_text())["keys"]


def test_nobody_is_signed_in_by_a_backup(backup: Path, tmp_path: Path) -> None:
    client = Client()
    client.force_login(make_moderator())
    client.get("/moderate/")
    key = client.session.session_key
    assert key
    again = make_backup(tmp_path / "backups", silent)
    assert "django_session" not in read_manifest(again).rows
    for file in again.rglob("*"):
        if file.name == "database.dump":
            tables = subprocess.run(["pg_restore", "-f", "-", str(file)], capture_output=True, check=True)
            assert key.encode() not in tables.stdout
        elif file.is_file():
            assert key.encode() not in file.read_bytes()


def test_a_backup_of_a_version_that_counted_who_was_signed_in_is_restored(
    backup: Path, elsewhere: dict[str, str]
) -> None:
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["rows"] |= {"django_session": 3, "usersessions_usersession": 3}
    (backup / "manifest.json").write_text(json.dumps(manifest))
    restored = manage(elsewhere, "restore", str(backup))
    assert restored.returncode == 0, restored.stderr


def test_one_altered_byte_is_found_before_anything_is_touched(backup: Path) -> None:
    file = next(path for path in backup.rglob("*.sealed"))
    content = bytearray(file.read_bytes())
    content[10] ^= 1
    file.write_bytes(bytes(content))
    with pytest.raises(BackupError, match="not what was backed up"):
        restore_backup(backup, silent, is_forced=True)
    assert Report.objects.count() == 2
    assert original_path(Report.objects.latest("received_at").evidence.get()).exists()


def test_it_says_which_keys_are_missing(backup: Path, settings: Settings) -> None:
    settings.HEADLAMP_KEYS = "other:" + base64.b64encode(b"o" * 32).decode()
    with pytest.raises(BackupError, match="HEADLAMP_KEYS lacks keys of the backup: test"):
        restore_backup(backup, silent, is_forced=True)


def test_it_says_where_there_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="no backup here"):
        restore_backup(tmp_path, silent)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BackupError, match="file"):
        make_backup(tmp_path / "file", silent)

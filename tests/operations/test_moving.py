"""Backups for any database: what one kind wrote, the embedded one takes in, whichever the suite runs on."""

import gzip
import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.gis.geos import Polygon
from pytest_django.fixtures import Settings

from impact.incidents.models import Report
from impact.operations.backing_up import make_backup
from impact.operations.backing_up.contents import BackupError, read_manifest, table_rows
from impact.operations.backing_up.rows import ROWS, load_rows
from impact.places.models import ProducingArea
from sms_gateway.models import Contact
from sms_gateway.receiving import receive_message
from tests.builders import make_area, make_moderator, take_in
from tests.operations.test_backing_up import manage, silent
from tests.sms_gateway.telephones import make_sms

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def backup(settings: Settings, tmp_path: Path) -> Path:
    """Reports, a contact, a shape, a person, and moments that fields set by themselves."""
    settings.VAR_DIR, settings.SPOOL_DIR = tmp_path / "var", tmp_path / "var" / "spool"
    make_moderator()
    make_area("Tshikapa pits", country="CD", aliases=["Tchikapa", "ɛ ɔ ŋ"])
    ring = ((20.123456789012345, -6.1), (20.3, -6.1), (20.3, -6.2), (20.123456789012345, -6.1))
    ProducingArea.objects.update(geometry=Polygon(ring, srid=4326), active_from=date(1912, 1, 1))
    take_in("Soldiers shot two men at Tshikapa")
    receive_message(make_sms("Police beat four diggers at Koidu", sender="+243810000123"))
    Contact.objects.update(created_at="2001-02-03T04:05:06.000007Z")
    return make_backup(tmp_path / "backups", silent, for_any_database=True)


@pytest.fixture
def embedded(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine with the embedded database, empty, and the same keys."""
    home = tmp_path / "embedded"
    home.mkdir()
    return {
        **os.environ,
        "HEADLAMP_VAR": str(home),
        "DJANGO_SETTINGS_MODULE": "impact.settings",
        "HEADLAMP_KEYS": django_settings.HEADLAMP_KEYS,
        "DATABASE_URL": f"spatialite:///{home / 'headlamp.sqlite3'}",
    }


def rows_of(backup: Path) -> dict[str, list[list[Any]]]:
    """The rows of a backup by model, members of JSON objects in any order."""
    found: dict[str, list[list[Any]]] = {}
    with gzip.open(backup / ROWS, "rt", encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            if isinstance(line, dict):
                rows = found[line["model"]] = [line["columns"]]
            else:
                rows.append(line)
    return found


def test_an_empty_database_takes_every_row_in_and_work_goes_on(
    backup: Path, embedded: dict[str, str], tmp_path: Path
) -> None:
    restored = manage(embedded, "restore", str(backup))
    assert restored.returncode == 0, restored.stderr

    again = manage(embedded, "backup", str(tmp_path / "again"), "--for-any-database")
    assert again.returncode == 0, again.stderr
    assert rows_of(Path(again.stdout.strip())) == rows_of(backup)
    _columns, *reports = rows_of(backup)["incidents.Report"]
    assert reports
    assert manage(embedded, "verify_log").returncode == 0

    said = manage(embedded, "simulate_sms", "--from", "+243810000999", "Ils ont tué deux creuseurs à Luebo")
    assert said.returncode == 0, said.stderr
    refused = manage(embedded, "restore", str(backup), "--force")
    assert refused.returncode == 1
    assert refused.stderr.strip().endswith("this database is not empty: rows go into an empty one")
    native = manage(embedded, "backup", str(tmp_path / "native"))
    assert read_manifest(Path(native.stdout.strip())).rows["incidents_report"] == len(reports) + 1


def test_rows_of_another_version_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    report = [column.column for column in Report._meta.concrete_fields]
    lines = [
        {"model": "incidents.Report", "columns": report},
        {"model": "incidents.Rumour", "columns": ["id"]},
    ]
    with gzip.open(tmp_path / ROWS, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    before = table_rows() | {"publication_publicchange": 0}
    with pytest.raises(BackupError, match=r"incidents\.Rumour is of another version"):
        load_rows(tmp_path / ROWS, silent)
    assert table_rows() | {"publication_publicchange": 0} == before

"""One code on two databases: what the suite's own database is set to, and that writers wait their turn."""

import threading
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from impact.incidents.models import Report, Reporter
from impact.operations.overwriting import overwrite_erased
from tests.builders import make_area, make_incident

sqlite_only = pytest.mark.skipif(not settings.IS_SPATIALITE, reason="settings of the embedded database")


@sqlite_only
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pragma", "expected"),
    [
        *(("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 20_000)),
        ("secure_delete", 1),
    ],
)
def test_the_embedded_database_is_durable_and_waits(pragma: str, expected: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
        assert cursor.fetchone() == (expected,)


@sqlite_only
@pytest.mark.django_db(transaction=True)
def test_what_was_erased_is_not_in_the_file_any_more() -> None:
    words = "Zephyrine saw it from the ferry. " * 200  # longer than a page, and so on pages of its own
    incident = make_incident(text=words)
    overwrite_erased()
    file = Path(connection.settings_dict["NAME"])
    words = words[-330:]
    assert words.encode() in file.read_bytes()
    Report.objects.filter(incident=incident).update(text="")
    overwrite_erased()
    for part in file.parent.glob(f"{file.name}*"):
        assert words.encode() not in part.read_bytes(), part


@sqlite_only
@pytest.mark.django_db
def test_every_spatial_index_knows_the_rows_that_were_written_after_the_migrations() -> None:
    area, incident = make_area(), make_incident()
    for table, row in (("places_producingarea_geometry", area), ("incidents_incident_point", incident)):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM idx_{table} WHERE xmin > 20.7 AND xmax < 20.9 AND ymin < -6.3"  # noqa: S608
            )
            assert cursor.fetchone() == (1,), row


@pytest.mark.django_db(transaction=True)
def test_two_writers_wait_for_each_other_instead_of_failing() -> None:
    failures: list[BaseException] = []
    first_is_writing = threading.Event()

    def write(name: str, hold_s: float) -> None:
        try:
            with transaction.atomic():
                Reporter.objects.count()  # a read first: a deferred transaction would fail to upgrade
                Reporter.objects.create(pseudonym=name)
                first_is_writing.set()
                time.sleep(hold_s)
        except BaseException as error:  # noqa: BLE001  (the assertion below shows it)
            failures.append(error)
        finally:
            connection.close()

    first = threading.Thread(target=write, args=("Amber Heron 1", 0.5))
    first.start()
    first_is_writing.wait(5)
    others = [threading.Thread(target=write, args=(f"Amber Heron {n}", 0.0)) for n in range(2, 10)]
    for thread in others:
        thread.start()
    for thread in (first, *others):
        thread.join()
    assert failures == []
    assert Reporter.objects.count() == 9


@sqlite_only
@pytest.mark.django_db
def test_a_database_file_that_was_put_in_anothers_place_is_opened_anew(tmp_path: Path) -> None:
    assert connection.is_usable()
    name = connection.settings_dict["NAME"]
    other = tmp_path / "other.sqlite3"
    other.touch()
    connection.settings_dict["NAME"] = str(other)
    try:
        assert not connection.is_usable()
    finally:
        connection.settings_dict["NAME"] = name


@sqlite_only
@pytest.mark.django_db
def test_a_new_database_has_its_folder_made_for_nobody_else(tmp_path: Path) -> None:
    fresh = connection.copy()
    fresh.settings_dict = {**fresh.settings_dict, "NAME": str(tmp_path / "var" / "headlamp.sqlite3")}
    try:
        fresh.ensure_connection()
    finally:
        fresh.close()
    assert (tmp_path / "var" / "headlamp.sqlite3").is_file()
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700

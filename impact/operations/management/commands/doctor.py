import shutil
import stat
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from impact.operations.readiness import readiness, spatial_library_version
from impact.sealing import can_open, keys

LEAST_DISK_BYTES = 500_000_000


class Command(BaseCommand):
    requires_system_checks = ()  # it prints first, and fails by itself
    help = "Say what is configured, what is not, and what will fail. Exit 1 when something will fail."

    def handle(self, *args: Any, **options: Any) -> None:
        self.failures = 0
        self._say_database()
        self._say_configuration()
        self._say_of_rooms()
        if self.failures:
            raise CommandError(f"{self.failures} of these will fail")

    def _line(self, name: str, value: str, *, is_failure: bool = False) -> None:
        self.failures += is_failure
        mark = "FAIL" if is_failure else "ok"
        self.stdout.write(f"{mark:4} {name}: {value}")

    def _say_database(self) -> None:
        ready = readiness()
        engine = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
        if not ready["database"]:
            self._line("database", f"{engine}: no answer (DATABASE_URL)", is_failure=True)
            return
        self._line("database", engine)
        self._line(
            "spatial library", spatial_library_version() or "missing", is_failure=not ready["spatial_library"]
        )
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        self._line("migrations", f"{waiting} waiting" if waiting else "all applied", is_failure=bool(waiting))
        self._line(
            "worker",
            "seen within a minute"
            if ready["worker"]
            else "not seen: nothing finishes what a request could not",
            is_failure=not ready["worker"],
        )
        for label, what in (("places.Place", "gazetteer"), ("places.ProducingArea", "producing areas")):
            try:
                count = apps.get_model(label)._default_manager.count()
            except DatabaseError:
                continue
            self._line(what, f"{count} rows" if count else "empty: the shipped file is read instead")

    def _say_configuration(self) -> None:
        self._line(
            "keys", ", ".join(f"{key.name} ({key.identity()})" for key in keys()) + "; the first seals"
        )
        self._line(
            "private keys",
            "here: this host reads what it seals"
            if can_open()
            else "not here: this host receives, keeps and finds; a worker elsewhere has to send and drain",
        )
        if settings.ENV_FILE.is_file():
            is_open = _others_can_read(settings.ENV_FILE)
            words = (
                "everybody on this machine can read its keys: chmod 600" if is_open else "read by its owner"
            )
            self._line("settings file", f"{settings.ENV_FILE}: {words}", is_failure=is_open)
        self._line("public address", settings.PUBLIC_URL)
        self._line("numbers to text", _number_words())
        self._line("e-mail", _mail_words())
        self._line("simulator", "on: never in real use" if settings.SIMULATOR_ENABLED else "off")
        free = shutil.disk_usage(settings.VAR_DIR if settings.VAR_DIR.exists() else settings.BASE_DIR).free
        self._line("disk", f"{free // 1_000_000} MB free", is_failure=free < LEAST_DISK_BYTES)

    def _say_of_rooms(self) -> None:
        """What each room has to say of itself: its AppConfig may have `doctor_lines`."""
        for room in apps.get_app_configs():
            for name, value, is_failure in getattr(room, "doctor_lines", tuple)():
                self._line(name, value, is_failure=is_failure)


def _others_can_read(file: Path) -> bool:
    """By the file's own mode, and a folder above it that lets others through."""
    folder = file.resolve().parent
    return bool(file.stat().st_mode & stat.S_IROTH and folder.stat().st_mode & stat.S_IXOTH)


def _number_words() -> str:
    shown = (f"{country} {number}" for country, number in settings.TEXT_NUMBERS)
    return ", ".join(shown) or "none is shown on the pages (HEADLAMP_TEXT_NUMBERS)"


def _mail_words() -> str:
    if not settings.EMAIL_IS_ON:
        return "off: nothing is sent by mail (HEADLAMP_EMAIL_URL)"
    backend = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
    server = f" by {settings.EMAIL_HOST}:{settings.EMAIL_PORT}" if settings.EMAIL_HOST else ""
    return f"{backend}{server}, from {settings.DEFAULT_FROM_EMAIL}"

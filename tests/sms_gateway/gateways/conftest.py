import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from sms_gateway.providers import PROVIDERS
from tests.sms_gateway.gateways.kannel import PASSWORD
from tests.sms_gateway.gateways.processes import Server


def _database_url() -> str:
    """The database of this test, for other processes."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"spatialite:///{name}"
    there = connection.settings_dict
    account = f"{there['USER']}:{there['PASSWORD']}" if there["PASSWORD"] else there["USER"]
    port = f":{there['PORT']}" if there["PORT"] else ""
    query = ""
    host = str(there["HOST"])
    if host.startswith("/"):
        host = host.replace("/", "%2F")
    return f"postgis://{account}@{host}{port}/{name}{query}"


@pytest.fixture
def environment(transactional_db: None, tmp_path: Path) -> dict[str, str]:
    """The environment of a process that works on this test's database."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "impact.settings",
        "DATABASE_URL": _database_url(),
        "HEADLAMP_SPOOL": str(tmp_path / "spool"),
        "KANNEL_FROM": "8000",
        "KANNEL_USERNAME": "headlamp",
        "KANNEL_PASSWORD": PASSWORD,
        "KANNEL_TOKEN": PROVIDERS["kannel"].token,
        "HEADLAMP_VAR": str(django_settings.VAR_DIR),
    }


@pytest.fixture
def server(environment: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    server = Server(environment, tmp_path / "server.log")
    yield server
    server.kill()

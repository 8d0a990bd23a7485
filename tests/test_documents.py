"""What the papers say is there is there."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.test import Client
from django.urls import Resolver404, resolve

from impact.publication.filtering import PARAMETERS
from impact.summaries.exporting import FORMATS
from impact.summaries.maps import MAP_FORMATS, MAP_SIZES
from sms_gateway.providers import KINDS
from sms_gateway.providers.declared import variable

ROOT = Path(__file__).resolve().parent.parent
SURFACE = (ROOT / "docs" / "surface.md").read_text(encoding="utf-8")
OURS = {name for name, app in get_commands().items() if str(app).startswith(("impact.", "sms_gateway"))}


def test_every_command_is_told_and_every_told_command_is_there() -> None:
    told = set(re.findall(r"^\| `([a-z_]+)[ `]", SURFACE, re.MULTILINE)) - {"make"}
    assert told == OURS


def test_no_command_and_no_address_is_told_twice() -> None:
    rows = re.findall(r"^\| (`[^`]+`)", SURFACE, re.MULTILINE)
    assert [row for row in rows if rows.count(row) > 1] == []
    names = re.findall(r"^\| `([a-z_]+)[ `]", SURFACE, re.MULTILINE)
    assert [name for name in set(names) if names.count(name) > 1 and name != "make"] == []


@pytest.mark.parametrize("row", re.findall(r"^\| `(?!make )[a-z_]+[ `].*--.*$", SURFACE, re.MULTILINE))
def test_every_told_option_is_one_of_the_command(row: str) -> None:
    name = re.findall(r"[a-z_]+", row)[0]
    command = load_command_class(str(get_commands()[name]), name)
    has = {
        option
        for action in command.create_parser("manage.py", name)._actions
        for option in action.option_strings
    }
    assert set(re.findall(r"--[a-z][a-z-]*", row)) <= has


@pytest.mark.django_db
def test_every_path_and_parameter_of_the_api_is_told(client: Client) -> None:
    told = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    for path, methods in paths.items():
        for method, operation in methods.items():
            address = re.sub(r"\{\w+\}", "<id>", path)
            assert re.search(rf"`{method.upper()} {re.escape(address)}[?`]", told), (method, address)
            for parameter in operation.get("parameters", ()):
                if parameter["in"] != "path":
                    assert re.search(rf"[`?&]{parameter['name']}[`=]", told), (address, parameter["name"])


def test_every_told_address_answers() -> None:
    section = SURFACE.split("## Addresses")[1].split("##")[0]
    for address in re.findall(r"`(/[^`]*)`", section):
        known = address.replace("<id>", "1").replace("<token>", "t")
        with_uuid = address.replace("<id>", "00000000-0000-4000-8000-000000000000")
        try:
            resolve(known)
        except Resolver404:
            resolve(with_uuid)


@pytest.mark.parametrize("name", [*PARAMETERS, *FORMATS, *MAP_FORMATS, *MAP_SIZES])
def test_every_filter_and_format_is_told(name: str) -> None:
    assert re.search(rf"[` ]{name}[`=]", SURFACE)


@pytest.mark.parametrize("paper", [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")], ids=lambda p: p.name)
def test_every_link_of_a_paper_leads_somewhere(paper: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", paper.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (paper.parent / target).exists(), target


def test_every_setting_is_told_and_every_told_setting_is_read() -> None:
    settings = (ROOT / "impact" / "settings.py").read_text()
    read = set(re.findall(r'_(?:read|flag|days|text_numbers)\(\s*"([A-Z_]+)"', settings))
    told = set(re.findall(r"`([A-Z][A-Z_]{5,})`", (ROOT / "docs" / "configuration.md").read_text()))
    read |= {
        variable(name, setting.name)
        for name, kind in KINDS.items()
        for setting in kind.all_settings()
        if name != "simulator"
    }
    assert read <= told
    libraries = {"HEADLAMP_ENV_FILE", "SPATIALITE_LIBRARY_PATH", "GDAL_LIBRARY_PATH", "GEOS_LIBRARY_PATH"}
    assert told - read <= libraries | {"DATABASE_URL"}

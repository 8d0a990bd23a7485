"""The house as design.md draws it: who may import whom is in pyproject.toml, and holds."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ROOT / "impact"
LONGEST = 330  # lines; past 300 there are usually two things in a file


def test_every_room_imports_only_what_its_contract_allows() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_no_file_is_a_drawer_for_everything() -> None:
    drawers = {"utils", "helpers", "common", "misc", "tools"}
    found = [
        file
        for top in ("impact", "reports_api", "sms_gateway", "tests")
        for file in (ROOT / top).rglob("*.py")
        if file.stem in drawers
    ]
    assert found == []


def test_no_file_has_grown_past_reading() -> None:
    long = {
        str(file.relative_to(ROOT)): lines
        for top in ("impact", "reports_api", "sms_gateway")
        for file in (ROOT / top).rglob("*.py")
        if file.parent.name != "migrations"
        and file != ROOMS / "settings.py"  # a list: it grows with the house
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_no_room_is_empty() -> None:
    for room in ROOMS.iterdir():
        if (room / "__init__.py").exists():
            lines = sum(len(file.read_text(encoding="utf-8").splitlines()) for file in room.rglob("*.py"))
            assert lines > 20, room

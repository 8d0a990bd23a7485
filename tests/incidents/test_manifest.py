import json
import random
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey
from pytest_django import Settings

from impact.incidents.evidence import read_original
from impact.incidents.manifest import signed_manifest, signing_key
from impact.incidents.models import Evidence
from tests.builders import make_incident, make_picture, make_working_copy

pytestmark = pytest.mark.django_db

SCRIPT = Path(__file__).parents[2] / "docs" / "check_evidence.py"


@pytest.fixture
def evidence(settings: Settings, tmp_path: Path) -> Evidence:
    settings.VAR_DIR = tmp_path
    kept = make_picture(make_incident())
    make_working_copy(kept)
    return kept


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(SCRIPT))


def check(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The script by itself: no packages, no environment."""
    command = [sys.executable, "-I", "-S", str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env={}, check=False)


def test_a_whole_manifest_is_good_on_a_clean_machine(evidence: Evidence, tmp_path: Path) -> None:
    manifest, original = tmp_path / "manifest.json", tmp_path / "original.jpg"
    manifest.write_text(json.dumps(signed_manifest(evidence.report.incident)), encoding="utf-8")
    original.write_bytes(read_original(evidence))
    key = signing_key().verify_key.encode().hex()
    done = check(manifest, original, "--key", key)
    assert (done.returncode, done.stdout) == (0, f"good: signed by {key}, 1 files as listed\n")
    assert check(manifest, original, "--key", "00" * 32).returncode == 1
    content = bytearray(original.read_bytes())
    content[100] ^= 1
    original.write_bytes(bytes(content))
    assert "altered" in check(manifest, original).stdout


def test_one_flipped_bit_is_found_wherever_it_is(evidence: Evidence, script: dict[str, Any]) -> None:
    signed = json.dumps(
        signed_manifest(evidence.report.incident), sort_keys=True, ensure_ascii=False
    ).encode()
    original = read_original(evidence)
    chance = random.Random(20)
    assert script["faults"](json.loads(signed), "", [("it", original)]) == []
    for _ in range(60):
        changed = bytearray(signed)
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        try:
            read = json.loads(bytes(changed).decode())
        except ValueError:
            continue
        assert script["faults"](read, "", []) or read == json.loads(signed), bytes(changed)
    for _ in range(1_000):
        changed = bytearray(original)
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        assert script["faults"](json.loads(signed), "", [("it", bytes(changed))])[-1].endswith("altered")


def test_its_own_ed25519_agrees_with_the_library(script: dict[str, Any]) -> None:
    for number in range(6):
        key = SigningKey(bytes([number]) * 32)
        message = b"m" * number
        public, value = key.verify_key.encode(), key.sign(message).signature
        assert script["is_signed"](public, message, value)
        assert not script["is_signed"](public, message + b"x", value)
        assert not script["is_signed"](public, message, value[:-1] + bytes([value[-1] ^ 1]))


def test_the_published_example_of_the_standard_is_good(script: dict[str, Any]) -> None:
    # RFC 8032, section 7.1, test 2.
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    value = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert script["is_signed"](public, b"\x72", value)

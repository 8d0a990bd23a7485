"""A wrong setting stops the start, and says its name and never its value."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def start_with(**changes: str | None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in changes}
    environment |= {name: value for name, value in changes.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", "import impact.wsgi"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_starts_with_the_settings_of_the_suite() -> None:
    assert start_with().returncode == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HEADLAMP_SECRET_KEY", None),
        ("HEADLAMP_SECRET_KEY", "short-and-secret"),
        ("HEADLAMP_KEYS", None),
        ("HEADLAMP_KEYS", "no-colon-and-secret"),
        ("HEADLAMP_KEYS", "k1:dG9vIHNob3J0"),
        ("HEADLAMP_PUBLIC_URL", "ftp://secret.example"),
        ("HEADLAMP_DEBUG", "perhaps-secret"),
        ("HEADLAMP_NEAR_KM", "far-secret"),
        ("HEADLAMP_NEAR_KM", "secret=25"),
        ("HEADLAMP_NEAR_KM", "industrial=0,secret"),
        ("HEADLAMP_DEMO", "perhaps-secret"),
        ("HEADLAMP_TEXT_NUMBERS", "+243secret"),
        ("HEADLAMP_TEXT_NUMBERS", "CD:secret"),
        ("HEADLAMP_CONTACT_DAYS", "-1"),
        ("HEADLAMP_PUBLICATION_DELAY_DAYS", "-7"),
        ("DATABASE_URL", "oracle://u:secret@h/d"),
        ("HEADLAMP_ENV_FILE", "/nowhere/headlamp.env"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", " "),
        ("TWILIO_AUTH_TOKEN", ""),
        ("HEADLAMP_EMAIL_URL", "pigeon://a:secret@b.example"),
        ("HEADLAMP_EMAIL_URL", "smtp+tls://a:secret@b.example:many"),
        ("HEADLAMP_EMAIL_URL", "smtp+tls://"),
        ("HEADLAMP_EMAIL_FROM", "not an address"),
    ],
)
def test_it_names_the_setting_that_is_wrong(name: str, value: str | None) -> None:
    done = start_with(**{name: value})
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode != 0
    assert name in last
    if "KEY" in name or name in {"DATABASE_URL", "HEADLAMP_EMAIL_URL"}:
        assert "secret" not in last.replace(name, "")


def test_an_empty_address_of_the_database_says_what_to_do() -> None:
    last = start_with(DATABASE_URL="").stderr.strip().splitlines()[-1]
    assert "DATABASE_URL is set and empty: leave it out" in last


def test_an_env_file_is_read_and_the_environment_goes_before_it(tmp_path: Path) -> None:
    file = tmp_path / "env"
    file.write_text("HEADLAMP_PUBLIC_URL=ftp://wrong\n")
    assert "HEADLAMP_PUBLIC_URL" in start_with(HEADLAMP_ENV_FILE=str(file), HEADLAMP_PUBLIC_URL=None).stderr
    assert start_with(HEADLAMP_ENV_FILE=str(file), HEADLAMP_PUBLIC_URL="https://a.example").returncode == 0

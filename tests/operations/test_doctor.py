from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django.fixtures import Settings

from impact.mail_settings import mail_settings
from impact.operations.server_log import talkative_settings
from impact.operations.working import beat

pytestmark = pytest.mark.django_db


def doctor() -> str:
    out = StringIO()
    call_command("doctor", stdout=out)
    return out.getvalue()


def test_it_says_what_is_configured() -> None:
    beat()
    said = doctor()
    assert "ok   twilio: configured" in said
    assert "ok   worker" in said
    assert "all applied" in said
    assert "the suite's own token" not in said


def test_it_fails_without_a_worker_and_with_half_of_twilio(settings: Settings) -> None:
    settings.TWILIO_AUTH_TOKEN = ""
    out = StringIO()
    with pytest.raises(CommandError, match="2 of these"):
        call_command("doctor", stdout=out)
    assert "FAIL worker" in out.getvalue()
    assert "FAIL twilio: not complete: TWILIO_AUTH_TOKEN" in out.getvalue()


def test_it_says_in_which_languages_people_can_be_called_back(settings: Settings) -> None:
    beat()
    assert "ok   twilio on WhatsApp: no template: 24 hours after" in doctor()
    settings.TWILIO_WHATSAPP_TEMPLATES = f"fr:HX{'f' * 32},en:HX{'e' * 32}"
    assert (
        "twilio on WhatsApp: after 24 hours called back in fr, en; "
        "who speaks pt, sw, ln, sg, kri, sn: by country, else fr" in doctor()
    )


def test_it_says_which_numbers_the_pages_show(settings: Settings) -> None:
    beat()
    assert "numbers to text: none is shown" in doctor()
    settings.TEXT_NUMBERS = [("CD", "+243 810 000 001"), ("SL", "2345")]
    assert "numbers to text: CD +243 810 000 001, SL 2345" in doctor()


def test_it_says_how_mail_leaves_and_no_password(settings: Settings) -> None:
    beat()
    assert "e-mail: off" in doctor()
    for name, value in mail_settings("smtp+tls://u:hidden-word@mail.example", "a@a.example").items():
        setattr(settings, name, value)
    said = doctor()
    assert "e-mail: smtp by mail.example:587, from a@a.example" in said
    assert "hidden-word" not in said


@pytest.mark.skipif(settings.IS_SPATIALITE, reason="SQLite has no log of its own")
def test_it_names_what_makes_the_log_of_the_server_keep_words() -> None:
    assert "log_min_error_statement" in talkative_settings()
    with connection.cursor() as cursor:
        for name, value in (("log_min_error_statement", "panic"), ("log_error_verbosity", "terse")):
            cursor.execute(f"SET LOCAL {name} = {value}")
    assert talkative_settings() == []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL log_min_duration_statement = 200")
    assert talkative_settings() == ["log_min_duration_statement"]
    beat()
    assert "may keep words of reports: log_min_duration_statement" in doctor()


@pytest.mark.parametrize(
    ("file_mode", "folder_mode", "mark"),
    [(0o644, 0o755, "FAIL"), (0o600, 0o755, "ok  "), (0o644, 0o700, "ok  ")],
)
def test_it_names_keys_that_everybody_can_read(
    settings: Settings, tmp_path: Path, file_mode: int, folder_mode: int, mark: str
) -> None:
    beat()
    settings.ENV_FILE = tmp_path / "headlamp" / ".env"
    settings.ENV_FILE.parent.mkdir()
    settings.ENV_FILE.write_text("HEADLAMP_SECRET_KEY=not told")
    settings.ENV_FILE.chmod(file_mode)
    settings.ENV_FILE.parent.chmod(folder_mode)
    out = StringIO()
    with suppress(CommandError):
        call_command("doctor", stdout=out)
    assert f"{mark} settings file" in out.getvalue()
    assert "not told" not in out.getvalue()

import logging
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from tests.sms_gateway.telephones import WITNESS, post_twilio, twilio_fields

pytestmark = pytest.mark.django_db


def test_an_unknown_provider_is_404() -> None:
    assert Client().post("/sms/nobody/token/").status_code == 404
    assert Client().post("/sms/nobody/").status_code == 404


def test_a_message_that_could_not_be_kept_is_503_so_that_it_comes_again(
    caplog: pytest.LogCaptureFixture, settings: Settings, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    (tmp_path / "file").touch()
    settings.SPOOL_DIR = tmp_path / "file" / "spool"
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE sms_gateway_inboundmessage RENAME TO away")
    answer = post_twilio(twilio_fields("soldiers came"))
    assert (answer.status_code, answer.content) == (503, b"")
    assert "what twilio delivered was not stored" in caplog.text
    assert "soldiers" not in caplog.text
    assert WITNESS.removeprefix("+") not in caplog.text

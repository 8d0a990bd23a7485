"""A number and a text are where they belong and nowhere else: not in a log, not in another table."""

import logging

import pytest
from django.db import connection
from django.utils import timezone

from sms_gateway.models import InboundMessage, OutboundMessage
from sms_gateway.receiving import finish_received
from sms_gateway.sending import send_queued
from tests.sms_gateway.fake_twilio import FakeTwilio
from tests.sms_gateway.telephones import post_simulator, post_twilio, signature, twilio_fields

pytestmark = pytest.mark.django_db

NUMBER = "+243819876543"
WORD = "qwertzcanary"


def columns_with(needle: str) -> set[str]:
    """Every column of every table that holds a text somewhere in a row."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                found |= {
                    f"{table}.{name}"
                    for name, value in zip(names, row, strict=True)
                    if needle.lower() in str(value).lower()
                }
    return found


def send_everything() -> None:
    """A message by each way, one that the worker finishes and one that is refused."""
    for fields in (twilio_fields(f"Soldiers came {WORD}", From=NUMBER), twilio_fields("HELP", From=NUMBER)):
        post_twilio(fields)
        post_twilio(fields)
    post_simulator({"from": NUMBER, "text": f"Soldiers came {WORD}"})
    post_twilio(twilio_fields(f"Forged {WORD}", From=NUMBER), **{"X-Twilio-Signature": "forged"})
    missing = {**twilio_fields(f"Not whole {WORD}", From=NUMBER), "MessageSid": ""}
    post_twilio(missing)
    OutboundMessage.objects.all().delete()
    InboundMessage.objects.update(state=InboundMessage.State.RECEIVED, try_after=timezone.now())
    finish_received()


def test_the_number_is_in_no_table_and_the_text_where_reports_are_alone(fake_twilio: FakeTwilio) -> None:
    send_everything()
    send_queued()
    assert columns_with(NUMBER.removeprefix("+")) == set()
    assert columns_with(NUMBER.removeprefix("+243")) == set()
    assert columns_with(WORD) <= {
        "sms_gateway_inboundmessage.text",
        "incidents_report.text",
        "incidents_message.text",
        "incidents_incident.place_words",
        "incidents_searchentry.document",
    }


def test_no_log_holds_a_number_a_text_or_a_signature(
    fake_twilio: FakeTwilio, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fake_twilio.answer(400, {"code": 21211, "message": f"The number {NUMBER} is not valid: {WORD}"})
    send_everything()
    send_queued()
    logged = caplog.text + str([record.__dict__ for record in caplog.records if record.exc_info])
    assert "not sent" in logged
    assert NUMBER.removeprefix("+243") not in logged
    assert WORD not in logged
    assert "forged" not in logged.lower()
    assert signature(twilio_fields())[:10] not in logged

import pytest
from django.test import Client
from pytest_django import Settings

from sms_gateway.intake.spool import put_aside
from sms_gateway.receiving import receive_message
from tests.sms_gateway.telephones import WITNESS, make_sms

pytestmark = pytest.mark.django_db


def test_it_counts_and_names_nobody() -> None:
    receive_message(make_sms("Soldiers shot two men at Tshikapa"))
    put_aside(make_sms())
    text = Client().get("/metrics").content.decode()
    assert "\nheadlamp_spool_messages 1\n" in text
    assert 'headlamp_inbound_messages{line="twilio",state="done"} 1' in text
    for secret in (WITNESS.removeprefix("+"), "Tshikapa"):
        assert secret not in text
    for line in text.splitlines():
        assert line.startswith("#") or float(line.rpartition(" ")[2]) >= 0


def test_only_this_machine_may_read_it_and_nobody_through_a_proxy(settings: Settings) -> None:
    assert Client(REMOTE_ADDR="203.0.113.7").get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 404
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert Client().get("/metrics").status_code == 404


def test_a_token_opens_it_from_anywhere_and_is_then_needed(settings: Settings) -> None:
    settings.METRICS_TOKEN = "a token of the suite"
    far = Client(REMOTE_ADDR="203.0.113.7")
    assert Client().get("/metrics").status_code == 404
    assert far.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    assert far.get("/metrics", headers={"Authorization": "Bearer a token of the suite"}).status_code == 200

from io import StringIO

from django.core.management import call_command
from pytest_django import Settings

from sms_gateway.providers import PROVIDERS


def test_it_prints_the_addresses_of_the_lines_that_are_configured(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://reports.example"
    settings.KANNEL_FROM = "8000"
    out = StringIO()
    call_command("sms_addresses", stdout=out)
    token = PROVIDERS["kannel"].token
    assert f"kannel messages https://reports.example/sms/kannel/{token}/\n" in out.getvalue()
    assert f"kannel reports https://reports.example/sms/kannel/{token}/status/\n" in out.getvalue()
    assert "twilio messages https://reports.example/sms/twilio/\n" in out.getvalue()
    assert "africastalking" not in out.getvalue()
    assert "gammu" not in out.getvalue()

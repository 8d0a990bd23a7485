"""What holds for every provider, the next one too."""

import pytest
from pytest_django import Settings

from sms_gateway.checks import check_lines
from sms_gateway.configured import doctor_lines
from sms_gateway.providers import KINDS, PROVIDERS, _lines
from sms_gateway.providers.contract import DeliveryStatus
from sms_gateway.providers.declared import variable


@pytest.mark.parametrize("name", KINDS)
def test_its_declarations_are_whole(name: str) -> None:
    kind = KINDS[name]
    names = [setting.name for setting in kind.all_settings()]
    assert len(names) == len(set(names))
    assert kind.label
    assert kind.__doc__ or KINDS[name].__module__
    for setting in kind.all_settings():
        assert setting.meaning
        assert bool(setting.pattern) == bool(setting.shape)
        if any(word in setting.name for word in ("KEY", "PASSWORD", "TOKEN")):
            assert setting.is_secret


@pytest.mark.parametrize("name", [name for name in KINDS if name not in {"simulator", "twilio"}])
def test_a_token_can_be_set_and_a_guessable_one_is_an_error(name: str, settings: Settings) -> None:
    provider = PROVIDERS[name]
    if not (provider.has_token and provider.has_webhook):
        return
    made = provider.token
    setattr(settings, variable(name, "TOKEN"), "short")
    assert "headlamp.E102" in [finding.id for finding in provider.check()]
    setattr(settings, variable(name, "TOKEN"), "a" * 40)
    assert provider.token == "a" * 40 != made
    assert "headlamp.E102" not in [finding.id for finding in provider.check()]


def test_no_two_lines_have_the_same_token() -> None:
    tokens = [
        provider.token for provider in PROVIDERS.values() if provider.has_token and provider.has_webhook
    ]
    assert len(set(tokens)) == len(tokens) >= 4


def test_a_country_that_is_none_is_an_error(settings: Settings) -> None:
    settings.KANNEL_COUNTRY = "XX"
    assert "headlamp.E102" in [finding.id for finding in PROVIDERS["kannel"].check()]
    settings.KANNEL_COUNTRY = "sl"
    assert PROVIDERS["kannel"].country == "SL"


def test_plain_http_is_a_warning_where_people_are_real(settings: Settings) -> None:
    assert "headlamp.W104" not in [finding.id for finding in PROVIDERS["kannel"].check()]
    settings.DEMO = False
    assert "headlamp.W104" in [finding.id for finding in PROVIDERS["kannel"].check()]


def test_lines_are_named_after_their_provider(settings: Settings) -> None:
    lines = _lines(["kannel-sl", "android_gateway-2", "nobody-1"])
    assert (lines["kannel-sl"].kind, lines["android_gateway-2"].kind) == ("kannel", "android_gateway")
    assert "nobody-1" not in lines
    settings.SMS_LINES = ["nobody-1", "kannel-SL"]
    assert [finding.id for finding in check_lines()] == ["headlamp.E107", "headlamp.E107"]


def test_the_doctor_names_settings_and_no_secret(settings: Settings) -> None:
    settings.KANNEL_PASSWORD = "very secret"
    said = "\n".join(f"{name}: {value}" for name, value, _ in doctor_lines())
    assert "KANNEL_FROM 8000" in said
    assert "KANNEL_PASSWORD is set" in said
    assert "very secret" not in said
    assert "signing key" not in said


def test_a_further_state_has_a_higher_rank() -> None:
    order = ["unknown", "queued", "sent", "undelivered", "delivered", "read"]
    ranks = [DeliveryStatus(word).rank for word in order]
    assert ranks == sorted(set(ranks))
    assert DeliveryStatus.FAILED.rank == DeliveryStatus.UNDELIVERED.rank

"""The providers, one line each. The name is in the address and in every row."""

from django.conf import settings

from sms_gateway.providers.africastalking import AfricasTalking
from sms_gateway.providers.android_gateway import AndroidGateway
from sms_gateway.providers.contract import Provider
from sms_gateway.providers.declared import declared_value, variable
from sms_gateway.providers.gammu import Gammu
from sms_gateway.providers.httpsms import HttpSms
from sms_gateway.providers.kannel import Kannel
from sms_gateway.providers.simulator import Simulator
from sms_gateway.providers.twilio import Twilio

_KINDS = (Twilio, AfricasTalking, Kannel, AndroidGateway, Gammu, HttpSms, Simulator)
KINDS: dict[str, type[Provider]] = {kind.kind: kind for kind in _KINDS}


def _lines(more: list[str]) -> dict[str, Provider]:
    lines = {name: kind() for name, kind in KINDS.items()}
    for name in more:
        kind = KINDS.get(name.partition("-")[0])
        if kind is not None:  # what is none is found by a check
            lines[name] = kind(name)
    return lines


PROVIDERS: dict[str, Provider] = _lines(settings.SMS_LINES)


def complete_settings() -> None:
    """Put what the providers declare beside Django's own settings, read from the environment once."""
    for name, provider in PROVIDERS.items():
        for setting in provider.all_settings():
            if not hasattr(settings, variable(name, setting.name)):
                setattr(settings, variable(name, setting.name), declared_value(name, setting))

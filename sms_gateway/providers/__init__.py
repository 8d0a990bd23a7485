"""The providers, one line each. The name is in the address and in every row."""

from sms_gateway.providers.contract import Provider
from sms_gateway.providers.simulator import Simulator
from sms_gateway.providers.twilio import Twilio

PROVIDERS: dict[str, Provider] = {
    "twilio": Twilio(),
    "simulator": Simulator(),
}

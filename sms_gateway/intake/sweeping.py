"""Sweeping the inboxes that lie beside us: what a modem received and nobody brought."""

import logging

from sms_gateway.faults import fault
from sms_gateway.providers import PROVIDERS
from sms_gateway.providers.contract import Provider, SendError
from sms_gateway.receiving import NotStored, receive_message

logger = logging.getLogger("headlamp.sms")


def sweep_inboxes() -> int:
    """Receive what waits in the inboxes of all lines: a worker's turn. Returns how many messages.

    A message leaves its inbox when it is committed and not before; a second sweeper does no harm.
    """
    return sum(_sweep(provider) for provider in PROVIDERS.values() if provider.is_enabled())


def _sweep(provider: Provider) -> int:
    swept = 0
    try:
        for sms in provider.collect():
            receive_message(sms)
            provider.collected(sms)
            swept += 1
    except NotStored as error:
        logger.error("the inbox of %s waits: %s", provider.name, error)
    except (SendError, OSError) as error:
        logger.error("the inbox of %s can't be read: %s", provider.name, fault(error))
    return swept

"""Debian's Kannel delivers into a running server that is killed, and sends for us."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from sms_gateway.intake.draining import drain_spool
from sms_gateway.models import InboundMessage, OutboundMessage
from sms_gateway.providers import PROVIDERS
from sms_gateway.receiving import finish_received
from sms_gateway.sending import send_queued
from tests.sms_gateway.gateways.kannel import PASSWORD, Kannel
from tests.sms_gateway.gateways.processes import Server, needed, wait_for

MESSAGES, KILLS = 24, 2


@pytest.fixture
def kannel(
    server: Server, environment: dict[str, str], settings: Settings, tmp_path: Path
) -> Iterator[Kannel]:
    needed("bearerbox", "smsbox", package="kannel")
    settings.KANNEL_FROM = "8000"
    address = f"http://127.0.0.1:{server.port}/sms/kannel/{PROVIDERS['kannel'].token}/"
    kannel = Kannel(tmp_path, address)
    environment["KANNEL_SENDSMS_URL"] = settings.KANNEL_SENDSMS_URL = kannel.sendsms
    settings.KANNEL_USERNAME, settings.KANNEL_PASSWORD = "headlamp", PASSWORD
    settings.KANNEL_DLR_BASE = f"http://127.0.0.1:{server.port}"
    kannel.start()
    yield kannel
    kannel.stop()


def have_arrived(count: int) -> bool:
    """Whether so many are in the database; where a server finds it busy, by way of the spool."""
    drain_spool()
    return InboundMessage.objects.count() >= count


def test_what_kannel_delivers_into_a_server_that_is_killed_arrives_once_and_is_answered(
    kannel: Kannel, server: Server
) -> None:
    server.start()
    for number in range(MESSAGES):
        kannel.text(f"+2438100{number:05}", f"Soldiers at pit {number} beat people, tué à midi")
    for kill in range(1, KILLS + 1):
        assert wait_for(lambda kill=kill: have_arrived(MESSAGES * kill // (KILLS + 2)), 120)  # type: ignore[misc]
        server.kill()
        server.start()
    assert wait_for(lambda: have_arrived(MESSAGES), 180), InboundMessage.objects.count()
    texts = list(InboundMessage.objects.values_list("text", flat=True))
    assert sorted(texts) == sorted(f"Soldiers at pit {n} beat people, tué à midi" for n in range(MESSAGES))

    # And the way back: sendsms, the network, its delivery reports to the running server.
    InboundMessage.objects.update(try_after="2026-01-01T00:00:00Z")
    finish_received()
    assert wait_for(lambda: OutboundMessage.objects.exists(), 30)
    OutboundMessage.objects.exclude(pk=OutboundMessage.objects.values("pk")[:1]).update(state="failed")
    assert send_queued() == 1
    message = OutboundMessage.objects.get(state="sent")
    heard = kannel.delivered()
    assert heard.startswith("8000 +2438100")
    assert message.text[:20] in heard
    delivered = OutboundMessage.objects.filter(pk=message.pk, delivery="delivered")
    assert wait_for(lambda: delivered.exists(), 30)

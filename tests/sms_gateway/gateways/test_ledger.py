"""A ledger of what a real server acknowledged before it was killed: all of it is there, once."""

import http.client
import json
import threading

from django.utils import timezone

from impact.incidents.models import Report
from sms_gateway.intake.draining import drain_spool
from sms_gateway.models import InboundMessage
from sms_gateway.providers import PROVIDERS
from sms_gateway.receiving import finish_received
from tests.sms_gateway.gateways.processes import Server, wait_for

SENDERS, EACH, KILLS = 3, 6, 1


class Sender(threading.Thread):
    """Delivers each message until it is answered with 200; a third of them once more, as providers do."""

    def __init__(self, port: int, number: int) -> None:
        super().__init__(daemon=True)
        self.port, self.path = port, f"/sms/simulator/{PROVIDERS['simulator'].token}/"
        self.texts = {f"{number}-{n}": f"Soldiers beat {n + 2} men, tué {number}" for n in range(EACH)}
        self.acknowledged: list[str] = []
        self.may_stop = threading.Event()

    def run(self) -> None:
        for n, (message_id, text) in enumerate(self.texts.items()):
            sender = f"+2438100{message_id.replace('-', '0'):0>5}"
            while not self._deliver(message_id, sender, text):
                if self.may_stop.wait(0.1):
                    return
            self.acknowledged.append(message_id)
            if n % 3 == 0:
                self._deliver(message_id, sender, text)

    def _deliver(self, message_id: str, sender: str, text: str) -> bool:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        body = json.dumps({"from": sender, "text": text, "id": message_id})
        try:
            line.request("POST", self.path, body, {"Content-Type": "application/json"})
            return line.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()


def test_what_a_server_acknowledged_before_it_was_killed_is_there_once(
    server: Server,
) -> None:
    senders = [Sender(server.port, number) for number in range(SENDERS)]

    def acknowledged() -> list[str]:
        return [message_id for sender in senders for message_id in sender.acknowledged]

    server.start()
    for sender in senders:
        sender.start()
    try:
        for kill in range(1, KILLS + 1):
            due = SENDERS * EACH * kill // (KILLS + 1)
            assert wait_for(lambda due=due: len(acknowledged()) >= due, 180), len(acknowledged())  # type: ignore[misc]
            server.kill()
            server.start()
        assert wait_for(lambda: not any(sender.is_alive() for sender in senders), 180), len(acknowledged())
    finally:
        for sender in senders:
            sender.may_stop.set()
    server.kill()

    drain_spool()
    InboundMessage.objects.update(try_after=timezone.now())
    finish_received()
    texts = {message_id: text for sender in senders for message_id, text in sender.texts.items()}
    assert sorted(acknowledged()) == sorted(texts)
    assert dict(InboundMessage.objects.values_list("provider_message_id", "text")) == texts
    assert InboundMessage.objects.count() == Report.objects.count() == len(texts)

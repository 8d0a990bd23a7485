"""Debian's Kannel between a telephone network of its own (its fake SMSC) and a server of ours."""

import socket
import time
from pathlib import Path

from tests.sms_gateway.gateways.processes import Process, free_port, is_open, program, wait_for

CONFIGURATION = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = {password}
smsbox-port = {boxes}
box-allow-ip = 127.0.0.1
http-timeout = 15
log-level = 1

group = smsc
smsc = fake
smsc-id = fake
port = {network}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
log-level = 1
http-request-retry = 1000
http-queue-delay = 1

group = sendsms-user
username = headlamp
password = {password}
max-messages = 5

group = sms-service
keyword = default
catch-all = true
{service}
max-messages = 0
omit-empty = true
accept-x-kannel-headers = true
"""
PASSWORD = "only-for-this-test"
_QUERY = "id=%I&from=%p&to=%P&ts=%T"


class Kannel:
    """`address` is ours for it to call, its secret end in it. Files go into `folder`."""

    def __init__(self, folder: Path, address: str, *, by_post: bool = False) -> None:
        self._folder = folder
        self._ports = {name: free_port() for name in ("admin", "boxes", "network", "sendsms")}
        service = f'get-url = "{address}?{_QUERY}&text=%b&coding=%c&charset=%C"'
        if by_post:
            service = f'post-url = "{address}?{_QUERY}"'
        self._file = folder / "kannel.conf"
        self._file.write_text(CONFIGURATION.format(service=service, password=PASSWORD, **self._ports))
        self._processes: list[Process] = []
        self._network: socket.socket | None = None

    @property
    def sendsms(self) -> str:
        return f"http://127.0.0.1:{self._ports['sendsms']}/cgi-bin/sendsms"

    def start(self) -> None:
        log = self._folder / "kannel.log"
        self._processes.append(Process(program("bearerbox"), str(self._file), log=log))
        assert wait_for(lambda: is_open(self._ports["boxes"]) and is_open(self._ports["network"]), 15), (
            log.read_text()
        )
        self._processes.append(Process(program("smsbox"), str(self._file), log=log))
        assert wait_for(lambda: is_open(self._ports["sendsms"]), 15), log.read_text()
        time.sleep(0.5)  # smsbox makes itself known to bearerbox after it has opened its port
        self._network = socket.create_connection(("127.0.0.1", self._ports["network"]))

    def text(self, sender: str, words: str) -> None:
        """Somebody texts to 8000."""
        assert self._network is not None
        self._network.sendall(f"{sender} 8000 text {words}\n".encode())

    def delivered(self, seconds: float = 5) -> str:
        """What has gone out over the air since, as the fake network writes it."""
        assert self._network is not None
        self._network.settimeout(seconds)
        try:
            return self._network.recv(65_536).decode("utf-8", "replace")
        except TimeoutError:
            return ""

    def stop(self) -> None:
        if self._network is not None:
            self._network.close()
        for process in reversed(self._processes):
            process.kill()

"""The open Internet at the border of the process: its names, and what stands behind its addresses, on this
machine."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.reports_api.receiving import make_certificate
from tests.sms_gateway.fake_api import Answerer, FakeApi

PUBLIC = "93.184.216.34"
PRIVATE = [
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://017700000001/",
    "https://10.0.0.8/", "https://172.16.3.4/", "https://192.168.1.1/", "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/", "https://0.0.0.0/", "https://255.255.255.255/", "https://224.0.0.1/", "https://192.0.2.7/",
    "https://198.18.0.1/", "https://240.0.0.1/", "https://[::1]/", "https://[::]/", "https://[fe80::1]/",
    "https://[fc00::1]/", "https://[ff02::1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:93.184.216.34]/",
    "https://[::127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[2001:db8::1]/",
    "https://localhost/", "https://localhost./", "https://printer.local/", "https://db.internal/",
]  # fmt: skip
MALFORMED = [
    "http://example.org/", "ftp://example.org/", "//example.org/", "example.org", "", "https://", "https:///x",
    "https://user@example.org/", "https://user:word@example.org/", "https://example.org:99999/",
    "https://example.org:0/",
    "https://example.org/#part", "https://example.org/a b", "https://exa\nmple.org/", "https://exämple.org/",
    "https://[::1/", "https://example.org\\@127.0.0.1/", f"https://example.org/{'x' * 500}",
    "javascript:alert(1)",
    "file:///etc/passwd", "gopher://example.org/", "http://127.0.0.1:8000/",
]  # fmt: skip


def dns(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """The DNS at the border: its answers in turn, the last one for ever. Returns what was asked."""
    asked: list[str] = []
    numeric = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *arguments: Any, flags: int = 0, **named: Any) -> Any:
        if flags & socket.AI_NUMERICHOST or host == "127.0.0.1":
            return numeric(host, port, flags=flags, **named)
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@contextmanager
def silent_dns(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A name server that says nothing to anybody until the block ends."""
    is_over, numeric = threading.Event(), socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *arguments: Any, flags: int = 0, **named: Any) -> Any:
        if flags & socket.AI_NUMERICHOST or host == "127.0.0.1":
            return numeric(host, port, flags=flags, **named)
        is_over.wait(60)
        raise socket.gaierror(socket.EAI_AGAIN, "gave up")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    try:
        yield
    finally:
        is_over.set()


class Internet:
    """Hosts with names, addresses of the world and a certificate, each a server on this machine.

    `names` says what stands behind a name: a test puts other addresses there. `called` is whom anybody
    connected to, in order, the addresses of this machine among them.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path, *names: str) -> None:
        self._certificate = make_certificate(folder, *names)
        monkeypatch.setenv("SSL_CERT_FILE", str(self._certificate))
        self.names = {name: f"93.184.216.{number}" for number, name in enumerate(names, start=1)}
        self.called: list[str] = []
        self._servers: dict[str, FakeApi] = {}
        numeric, connect = socket.getaddrinfo, socket.create_connection

        def getaddrinfo(host: str, port: int, *arguments: Any, flags: int = 0, **named: Any) -> Any:
            if host not in self.names:
                return numeric(host, port, flags=flags | socket.AI_NUMERICHOST, **named)
            if flags & socket.AI_NUMERICHOST:
                raise socket.gaierror(socket.EAI_NONAME, "not a number")
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (self.names[host], port))]

        def create_connection(where: tuple[str, int], *arguments: Any, **named: Any) -> Any:
            self.called.append(where[0])
            if where[0] in self._servers:
                where = ("127.0.0.1", self._servers[where[0]].port)
            return connect(where, *arguments, **named)

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        monkeypatch.setattr(socket, "create_connection", create_connection)

    def serve(self, name: str, answer: Answerer) -> FakeApi:
        server = FakeApi(answer, self._certificate)
        self._servers[self.names[name]] = server
        return server

    def close(self) -> None:
        for server in self._servers.values():
            server.close()

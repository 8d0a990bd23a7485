"""A provider's API on the loopback address: it keeps what it was asked, and answers as told."""

import json
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


@dataclass(frozen=True)
class SentOn:
    """An answer without content that names another address."""

    location: str


class CutShort(bytes):
    """A content of which half is never sent."""


class Dripping(bytes):
    """A content that comes a letter at a time."""


Answerer = Callable[[Asked], tuple[int, object]]


class FakeApi:
    """Speaks TLS where it is given a certificate (with its key, PEM)."""

    def __init__(self, answer: Answerer | None = None, certificate: Path | None = None) -> None:
        self.asked: list[Asked] = []
        self.answerer: Answerer = answer or (lambda asked: (200, {}))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        if certificate is not None:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(certificate)
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
            self._server.handle_error = lambda *_request: None  # type: ignore[method-assign]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def says(self, status: int, body: object) -> None:
        self.answerer = lambda asked: (status, body)

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def _respond(self) -> None:
                parts = urlsplit(self.path)
                asked = Asked(
                    self.command,
                    parts.path,
                    dict(parse_qsl(parts.query)),
                    dict(self.headers),
                    self.rfile.read(int(self.headers.get("Content-Length") or 0)),
                )
                fake.asked.append(asked)
                status, answer = fake.answerer(asked)
                self.send_response(status)
                if isinstance(answer, SentOn):
                    self.send_header("Location", answer.location)
                    answer = b""
                payload = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                with suppress(OSError):  # who asked may have gone
                    if isinstance(payload, Dripping):
                        for letter in payload:
                            self.wfile.write(bytes([letter]))
                            time.sleep(0.1)
                    else:
                        sent = len(payload) // 2 if isinstance(payload, CutShort) else len(payload)
                        self.wfile.write(payload[:sent])

            def do_GET(self) -> None:
                self._respond()

            def do_POST(self) -> None:
                self._respond()

            def do_DELETE(self) -> None:
                self._respond()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base class's name)
                pass

        return Handler

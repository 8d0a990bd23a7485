"""A provider's API on the loopback address: it keeps what it was asked, and answers as told."""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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


Answerer = Callable[[Asked], tuple[int, object]]


class FakeApi:
    def __init__(self, answer: Answerer | None = None) -> None:
        self.asked: list[Asked] = []
        self.answerer: Answerer = answer or (lambda asked: (200, {}))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

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
                payload = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                with suppress(ConnectionError):  # who asked may have gone
                    self.wfile.write(payload)

            def do_GET(self) -> None:
                self._respond()

            def do_POST(self) -> None:
                self._respond()

            def do_DELETE(self) -> None:
                self._respond()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base class's name)
                pass

        return Handler

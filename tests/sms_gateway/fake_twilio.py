"""Twilio's API on the loopback address, as far as sending goes."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl


class FakeTwilio:
    """Keeps what was posted, and answers a created message until told otherwise."""

    def __init__(self) -> None:
        self.sent: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.authorizations: list[str] = []
        self.message_ids: list[str] = []
        self._answer: tuple[int, object] | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, status: int, body: object) -> None:
        self._answer = (status, body)

    def answer_normally(self) -> None:
        self._answer = None

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status, answer = fake._answer or (201, fake._created())
                fake.sent.append(dict(parse_qsl(body)))
                fake.paths.append(self.path)
                fake.authorizations.append(self.headers["Authorization"])
                payload = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base class's name)
                pass

        return Handler

    def _created(self) -> dict[str, str]:
        message_id = f"SM{len(self.message_ids):032x}"
        self.message_ids.append(message_id)
        return {"sid": message_id, "status": "queued"}

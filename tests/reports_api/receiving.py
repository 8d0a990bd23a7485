"""A partner's receiver on this machine, a real HTTP server: it does what it is told and remembers all."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """`status` is what it answers, after `delay_s`; `drips` lets it answer a letter at a time."""

    def __init__(self) -> None:
        self.status, self.location, self.delay_s, self.drips = 200, "", 0.0, False
        self.received: list[tuple[dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.received.append(({k.lower(): v for k, v in self.headers.items()}, body))
                time.sleep(receiver.delay_s)
                if receiver.drips:
                    self._drip()
                    return
                self.send_response(receiver.status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.end_headers()
                self.wfile.write(b"what a receiver says is nothing to us")

            def _drip(self) -> None:
                try:
                    for letter in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000:
                        self.wfile.write(bytes([letter]))
                        time.sleep(0.05)
                except OSError:
                    pass

            def log_message(self, *_arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?who=partner"


@contextmanager
def receiver_running() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.server.shutdown()
        receiver.server.server_close()

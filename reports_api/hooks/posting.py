"""One POST to an address that somebody gave us: pinned, short, and nothing of the answer but its status."""

import socket
import ssl
import threading
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import SplitResult

from reports_api.hooks.addresses import UnsafeAddress, check_address, port_of, resolve

LIMIT_S = 10.0  # for all of it, however slowly the other side drips
_AGENT = "Headlamp-Webhooks/1"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try went: the status that came back, if any, and the kind of error; "" is success."""

    status: int | None = None
    error: str = ""


def post(url: str, body: bytes, headers: dict[str, str]) -> Outcome:
    """Send a body and read the status. Redirects are not followed, nothing else is read."""
    started = time.monotonic()
    try:
        parts = check_address(url)
        address = resolve(parts)
    except UnsafeAddress:
        return Outcome(error="unsafe address")
    except (OSError, UnicodeError):
        return Outcome(error="no such host")
    connection = _PinnedConnection(parts, address, max(LIMIT_S - (time.monotonic() - started), 0.1))
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, {**headers, "User-Agent": _AGENT, "Connection": "close"})
        status = connection.getresponse().status
    except (OSError, HTTPException, ValueError, AttributeError) as error:
        return Outcome(error="too slow" if connection.is_over_time else _kind(error))
    finally:
        connection.give_up()
    return _judge(status)


class _PinnedConnection(HTTPConnection):
    """Goes to one IP address, whatever the name stands for by now; the certificate is that of the name."""

    def __init__(self, parts: SplitResult, address: str, limit_s: float) -> None:
        super().__init__(str(parts.hostname), port_of(parts), timeout=limit_s)
        self.default_port = 443 if parts.scheme == "https" else 80  # left out of the Host header
        self.is_over_time = False
        self._address, self._is_tls = address, parts.scheme == "https"
        self._limit = threading.Timer(limit_s, self._end)
        self._limit.daemon = True
        self._limit.start()

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._is_tls:
            tls = ssl.create_default_context()
            self.sock = tls.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock.do_handshake()

    def give_up(self) -> None:
        self._limit.cancel()
        self.close()

    def _end(self) -> None:
        self.is_over_time = True
        try:
            if self.sock is not None:
                # The descriptor alone: an SSL socket would take its state from under the one who reads.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
        except OSError:
            pass  # ended by itself


def _judge(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome(status)
    if 300 <= status < 400:
        return Outcome(status, "redirect, not followed")
    return Outcome(status, f"status {status}")


def _kind(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "too slow"
    if isinstance(error, ssl.SSLError):
        return "certificate or TLS"
    return "not reached" if isinstance(error, OSError) else "no HTTP answer"

"""Calling an address that somebody else gave us: pinned to what was looked at, and over when its time is.

Nothing of the environment's proxies is used: what is asked would not be what was looked at.
"""

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import SplitResult, urlsplit

from impact.operations.outward.addresses import (
    LONGEST,
    NoSuchHost,
    UnsafeAddress,
    check_address,
    look_up,
    parse_address,
    port_of,
    resolve,
)

MOST_TRIED = 4  # addresses of one name
LEAST_S = 0.1  # a limit of nothing would be none to a socket


class CallError(Exception):
    """A call that came to nothing. `kind` says why, and quotes neither the address nor what was answered."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Deadline:
    """When all of it has to be over, the DNS too, however slowly the other side drips."""

    def __init__(self, limit_s: float) -> None:
        self._ends = time.monotonic() + limit_s

    @property
    def left_s(self) -> float:
        return max(self._ends - time.monotonic(), LEAST_S)


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was looked at, and the IP addresses that it is called at: none but these."""

    parts: SplitResult
    ip_addresses: list[str]


def target_of(
    url: str, deadline: Deadline, *, longest: int = LONGEST, may_be_here: bool = True, home: str = ""
) -> Target:
    """Look at an address and its name. `home` is the origin of a server that we were told to trust, wherever
    it is. Raises CallError."""
    try:
        if home and origin_of(url) == home:
            parts = parse_address(url, longest=longest)
            return Target(parts, look_up(parts, deadline.left_s))
        parts = check_address(url, longest=longest, may_be_here=may_be_here)
        return Target(parts, resolve(parts, deadline.left_s))
    except UnsafeAddress:
        raise CallError("unsafe address") from None
    except NoSuchHost:
        raise CallError("no such host") from None
    except TimeoutError:
        raise CallError("too slow") from None


@contextmanager
def calling(
    method: str,
    target: Target,
    *,
    deadline: Deadline,
    headers: Mapping[str, str],
    body: bytes | None = None,
    quiet_s: float = 10.0,
) -> Iterator[HTTPResponse]:
    """The answer, its body not read yet; redirects are not followed. What is read of it counts for the
    deadline too, and so does a silence of `quiet_s`. Raises CallError."""
    parts = target.parts
    connection = _PinnedConnection(target, deadline, quiet_s)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path, body, {**headers, "Connection": "close"})
        yield connection.getresponse()
    except (OSError, HTTPException, ValueError, AttributeError) as error:
        raise CallError("too slow" if connection.is_over_time else _kind(error)) from None
    finally:
        connection.give_up()
    if connection.is_over_time:
        raise CallError("too slow")  # an answer that we cut off ourselves can look like one that ended


class _PinnedConnection(HTTPConnection):
    """Goes where it was looked, whatever the name stands for by now; the certificate is that of the name."""

    def __init__(self, target: Target, deadline: Deadline, quiet_s: float) -> None:
        host, port = str(target.parts.hostname), port_of(target.parts)
        super().__init__(host, port, timeout=min(deadline.left_s, quiet_s))
        self._addresses, self._is_tls = target.ip_addresses[:MOST_TRIED], target.parts.scheme == "https"
        self._deadline, self._quiet_s = deadline, quiet_s
        self.default_port = 443 if self._is_tls else 80  # left out of the Host header
        self.is_over_time = False
        self._limit = threading.Timer(deadline.left_s, self._end)
        self._limit.daemon = True
        self._limit.start()

    def connect(self) -> None:
        self.sock = self._connected()
        self.sock.settimeout(min(self._deadline.left_s, self._quiet_s))
        if self._is_tls:
            tls = ssl.create_default_context()
            self.sock = tls.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock.do_handshake()

    def _connected(self) -> socket.socket:
        """The first of the addresses that answers: a name can have one of IPv6 where no IPv6 is."""
        for left, address in zip(range(len(self._addresses), 0, -1), self._addresses, strict=True):
            limit_s = min(self._deadline.left_s / left, self._quiet_s)
            try:
                return socket.create_connection((address, self.port), limit_s)
            except OSError:
                if left == 1:
                    raise
        raise OSError("no address")

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


def origin_of(url: str) -> str:
    """Scheme, host and port of an address: who it is that is asked. "" for what is none."""
    try:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.hostname}:{port_of(parts)}" if parts.hostname else ""
    except ValueError:
        return ""


def _kind(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "too slow"
    if isinstance(error, ssl.SSLError):
        return "certificate or TLS"
    return "not reached" if isinstance(error, OSError) else "no HTTP answer"

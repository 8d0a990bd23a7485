"""Addresses that others gave us to call: none of them leads into a network that is not the world's.

A name is looked up once, all that it stands for is judged, and the connection goes to what was judged: no
second answer of the DNS can lead elsewhere.
"""

import socket
import threading
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

LONGEST = 500
# Addresses that carry an IPv4 address inside, and lead to it where somebody translates.
_CARRIERS = tuple(ip_network(text) for text in ("::ffff:0:0/96", "::/96", "64:ff9b::/96", "64:ff9b:1::/48"))
_TUNNELS = tuple(ip_network(text) for text in ("2002::/16", "2001::/32", "fec0::/10"))


class UnsafeAddress(Exception):
    """An address that is not called; the message says why (translated), and never quotes it."""


class NoSuchHost(Exception):
    """A name that nobody knows."""


def check_address(url: str, *, longest: int = LONGEST, may_be_here: bool = True) -> SplitResult:
    """The parts of an address that may be called, as far as that is seen without asking the DNS.

    https alone; with `may_be_here`, http on this machine itself where the demo or debugging is on.
    Raises UnsafeAddress.
    """
    parts = parse_address(url, longest=longest)
    if may_be_here and parts.scheme == "http" and _is_this_machine(str(parts.hostname)):
        return parts
    if parts.scheme != "https":
        raise UnsafeAddress(_("The address has to begin with https://."))
    for address in _numeric(str(parts.hostname)):
        _refuse_private(address)
    if str(parts.hostname).rstrip(".").rpartition(".")[2] in {"localhost", "local", "internal"}:
        raise UnsafeAddress(_("This address is not one of the open Internet."))
    return parts


def parse_address(url: str, *, longest: int = LONGEST) -> SplitResult:
    """The parts of what is an address, wherever it leads. Raises UnsafeAddress."""
    if len(url) > longest or not url.isascii() or any(letter <= " " or letter == "\x7f" for letter in url):
        raise UnsafeAddress(_("At most %(limit)s ASCII characters, no spaces.") % {"limit": longest})
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UnsafeAddress(_("This is not an address.")) from None
    if not parts.hostname or port == 0 or "\\" in url:
        raise UnsafeAddress(_("This is not an address."))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise UnsafeAddress(_("No name, no password and no # in the address."))
    return parts


def resolve(parts: SplitResult, limit_s: float) -> list[str]:
    """The IP addresses that may be connected to. Raises UnsafeAddress where any that the name has is not the
    world's, NoSuchHost where it has none, and TimeoutError where the DNS does not say in time."""
    found = look_up(parts, limit_s)
    if parts.scheme == "http" and not all(ip_address(address).is_loopback for address in found):
        raise UnsafeAddress(_("The address has to begin with https://."))
    for address in found if parts.scheme != "http" else ():
        _refuse_private(address)
    return found


def look_up(parts: SplitResult, limit_s: float) -> list[str]:
    """All IP addresses of a host, one at least. Raises NoSuchHost, and TimeoutError.

    Asking can't be broken off: one that lasts too long is left to itself, and ends when the system gives up.
    """
    outcome: list[list[str] | Exception] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(str(parts.hostname), port_of(parts), type=socket.SOCK_STREAM)
            outcome.append([str(answer[4][0]) for answer in answers])
        except (OSError, UnicodeError) as error:
            outcome.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(limit_s)
    if not outcome:
        raise TimeoutError("the DNS")
    found = outcome[0]
    if isinstance(found, Exception) or not found:
        raise NoSuchHost
    return found


def port_of(parts: SplitResult) -> int:
    return parts.port or (80 if parts.scheme == "http" else 443)


def is_of_the_world(address: str) -> bool:
    """Whether an IP address is one of the open Internet, and carries no other inside."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if any(found.version == network.version and found in network for network in (*_CARRIERS, *_TUNNELS)):
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def _refuse_private(address: str) -> None:
    if not is_of_the_world(address):
        raise UnsafeAddress(_("This address is not one of the open Internet."))


def _is_this_machine(host: str) -> bool:
    return (settings.DEMO or settings.DEBUG) and host in {"127.0.0.1", "::1", "localhost"}


def _numeric(host: str) -> list[str]:
    """What a host is as a number, in whatever form it was written (decimal, octal, short); [] for a name."""
    try:
        answers = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return []
    return [str(answer[4][0]) for answer in answers]

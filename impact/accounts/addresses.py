"""From which address a request comes, where only our own proxies are believed; and what guesses count by."""

import unicodedata
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from impact.sealing import fingerprint

UNKNOWN = "127.0.0.1"  # a unix socket has no address; whoever can write to it is this machine
_LOCAL = 0xFD << 120  # fd00::/8, addresses of nobody (RFC 4193)


def client_address(request: HttpRequest) -> str:
    """The address of the client, by as many last entries of X-Forwarded-For as there are proxies of ours.

    A header that the client sends itself stands before those entries, so it changes nothing. Used for
    the count of guesses and the list of sessions; never logged.
    """
    direct = str(request.META.get("REMOTE_ADDR") or UNKNOWN)
    proxies = settings.PROXY_COUNT
    if not proxies:
        return direct
    passed = [entry.strip() for entry in request.headers.get("X-Forwarded-For", "").split(",")]
    if len(passed) < proxies or not passed[-proxies]:
        return direct
    return passed[-proxies]


def guessing_address(request: HttpRequest) -> str:
    """What stands for the address in the count of guesses: a keyed digest in the shape of one.

    The count lies in the database, which a thief must not read people's addresses from. An IPv6 connection
    is its network of 64 bits: within it whoever guesses has as many addresses as they like.
    """
    digest = fingerprint(_network(client_address(request)), "address of guesses")
    return str(IPv6Address(_LOCAL | int(digest[:30], 16)))


def guessed_name(request: HttpRequest | None, credentials: Mapping[str, Any] | None) -> str | None:
    """The name that a guess is for, as the sign-in finds it: in any case, and however it is written."""
    given = credentials.get("username") if credentials else request.POST.get("username") if request else None
    return None if given is None else unicodedata.normalize("NFKC", str(given)).strip().casefold()[:150]


def _network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ip_network(f"{found}/64", strict=False))
    return str(found)

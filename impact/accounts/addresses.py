"""From which address a request comes, where only our own proxies are believed."""

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "127.0.0.1"  # a unix socket has no address; whoever can write to it is this machine


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

"""How many reports one address may send: generous, for a whole district can share one telephone exit."""

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from impact.sealing import fingerprint


class ReportThrottle(SimpleRateThrottle):
    """Counts by a keyed digest that lives in the cache for a minute: no address is ever kept."""

    rate = "120/min"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return f"reports-{fingerprint(_address(request), 'throttle')}"


def _address(request: Request) -> str:
    # Anyone can write X-Forwarded-For; its last entry is true only where a proxy of ours wrote it.
    forwarded = request.headers.get("X-Forwarded-For", "")
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None) and forwarded:
        return str(forwarded.rsplit(",", 1)[-1].strip())
    return str(request.META.get("REMOTE_ADDR", ""))

"""Fetching a file from where a server of somebody else's sends us on to, a few times at most."""

from dataclasses import dataclass
from http.client import HTTPResponse
from urllib.parse import urldefrag, urljoin

from impact.operations.outward.calling import CallError, Deadline, calling, origin_of, target_of

MOST_HOPS = 3
_REDIRECTS = {301, 302, 303, 307, 308}
_LONGEST = 8000  # a signed address of a store carries keys and dates
_CHUNK_BYTES = 65_536
_AGENT = "Headlamp/1"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came in the end: the content of a 200, of any other answer its status alone."""

    status: int
    content: bytes = b""


def fetch(
    url: str,
    *,
    limit_bytes: int,
    limit_s: float,
    quiet_s: float,
    authorization: str = "",
    home: str = "",
) -> Fetched:
    """Get a file. Raises CallError, of the kind "too large" past the limit of bytes.

    All hops together have `limit_s`; `quiet_s` is the longest silence. Each goes to https on the open
    Internet, but for the origin `home`. `authorization` goes to whom we ask first, and to nobody any more
    once they sent us elsewhere.
    """
    deadline, first, is_with_them = Deadline(limit_s), origin_of(url), True
    for _hop in range(MOST_HOPS + 1):
        is_with_them = is_with_them and origin_of(url) == first
        target = target_of(url, deadline, longest=_LONGEST, may_be_here=False, home=home)
        # The bytes as they are: what would be unpacked here could be larger than any limit.
        headers = {"User-Agent": _AGENT, "Accept-Encoding": "identity"}
        headers |= {"Authorization": authorization} if authorization and is_with_them else {}
        with calling("GET", target, deadline=deadline, headers=headers, quiet_s=quiet_s) as answer:
            location = answer.headers.get("Location", "") if answer.status in _REDIRECTS else ""
            if not location:
                content = _whole(answer, limit_bytes) if answer.status == 200 else b""
        if not location:
            return Fetched(answer.status, content)
        url = _next(url, location)
    raise CallError("too many redirects")


def _next(url: str, location: str) -> str:
    try:
        return urldefrag(urljoin(url, location)).url
    except ValueError:
        raise CallError("unsafe address") from None


def _whole(answer: HTTPResponse, limit_bytes: int) -> bytes:
    if (answer.length or 0) > limit_bytes:
        raise CallError("too large")
    content = bytearray()
    while chunk := answer.read(_CHUNK_BYTES):
        content += chunk
        if len(content) > limit_bytes:
            raise CallError("too large")
    if answer.length:
        raise CallError("cut short")
    return bytes(content)

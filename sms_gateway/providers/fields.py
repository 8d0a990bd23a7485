"""The fields of a provider's request, read without trust: what is no number or place is none."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import phonenumbers
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from sms_gateway.providers.contract import Malformed

_EARLIEST_YEAR = 1970  # the year 1 has moments that no other time zone can say
_LATEST_EPOCH_S = 32_503_680_000  # the year 3000


def number(said: object, most: int = 1000) -> int:
    """A count as a provider writes it; 0 for anything else."""
    return min(int(str(said)), most) if re.fullmatch(r"[0-9]{1,12}", str(said)) else 0


def price(said: object) -> Decimal | None:
    """An amount without its sign: some providers write what a message cost as negative."""
    try:
        amount = abs(Decimal(str(said)))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount < 1_000_000 else None


def point(longitude: object, latitude: object) -> tuple[float, float] | None:
    """(longitude, latitude) in WGS 84 degrees; None for a point that is not on Earth, or at 0, 0."""
    try:
        found = float(str(longitude)), float(str(latitude))
    except ValueError:
        return None
    return found if abs(found[0]) <= 180 and abs(found[1]) <= 90 and found != (0, 0) else None


def country(said: str) -> str:
    """A country by ISO 3166-1, "" for what is none."""
    return said.upper() if said.upper() in phonenumbers.SUPPORTED_REGIONS else ""


def moment(said: object) -> datetime | None:
    """A moment in ISO 8601 (UTC where it names no zone) or in seconds since 1970; None for anything else."""
    written = str(said).strip()
    try:
        if re.fullmatch(r"[0-9]{9,11}", written) and int(written) < _LATEST_EPOCH_S:
            return datetime.fromtimestamp(int(written), UTC)
        found = parse_datetime(written)
        if found is None or found.year < _EARLIEST_YEAR:
            return None
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def fitting(value: object, field: str, limit: int) -> str:
    """A text that has to be there and to fit. Raises Malformed with the name of the field."""
    if not isinstance(value, str) or not value.strip() or len(value) > limit:
        raise Malformed(field)
    return value


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object of a body. Raises Malformed."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Malformed("body")
    return found


def raw_body(request: HttpRequest, limit_bytes: int) -> bytes:
    """The body as it came, of up to `limit_bytes`, whatever Django's own limit is. Raises Malformed."""
    kept = vars(request)
    if "headlamp_body" not in kept:
        if _said_length(request) > limit_bytes or len(body := request.read(limit_bytes + 1)) > limit_bytes:
            raise Malformed("body")
        kept["headlamp_body"] = body
    return bytes(kept["headlamp_body"])


def _said_length(request: HttpRequest) -> int:
    """What a request says of its length, 0 when it says none."""
    return number(request.META.get("CONTENT_LENGTH") or 0, most=10**9)

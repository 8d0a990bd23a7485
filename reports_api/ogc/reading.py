"""What the standard itself defines: `bbox` and `datetime` (OGC 17-069r4, 7.15.3 and 7.15.4)."""

from datetime import date, datetime
from math import isfinite

from django.utils.translation import gettext as _
from rest_framework.request import Request

from reports_api.problems import InvalidParameter

Box = tuple[float, float, float, float]
_OPEN = {"", ".."}


def bbox_of(request: Request) -> Box | None:
    """West, south, east, north in WGS 84 degrees; heights are passed over. Raises InvalidParameter."""
    text = str(request.query_params.get("bbox", "")).strip()
    if not text:
        return None
    try:
        numbers = [float(number) for number in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(map(isfinite, numbers)):
        raise InvalidParameter("bbox", _("Write four numbers: west,south,east,north."))
    west, south, east, north = numbers
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise InvalidParameter(
            "bbox", _("Longitudes from -180 to 180, latitudes from -90 to 90, south first.")
        )
    return west, south, east, north


def days_of(request: Request) -> dict[str, date]:
    """`datetime` as the days `from` and `to`, each only where it is given.

    A moment is its day: nothing is published to the hour. Raises InvalidParameter.
    """
    text = str(request.query_params.get("datetime", "")).strip()
    if not text:
        return {}
    ends = text.split("/")
    if len(ends) > 2 or (all(end in _OPEN for end in ends) and len(ends) == 1):
        raise InvalidParameter("datetime", _("Write a moment, or two with / between; .. is an open end."))
    first, last = ends[0], ends[-1]
    days = {name: _day(end) for name, end in (("from", first), ("to", last)) if end not in _OPEN}
    if len(days) == 2 and days["from"] > days["to"]:
        raise InvalidParameter("datetime", _("The end is before the beginning."))
    return days


def _day(text: str) -> date:
    """RFC 3339, a date or a date and time."""
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise InvalidParameter(
            "datetime",
            _("“%(word)s” is no moment: write 2026-06-30 or 2026-06-30T12:00:00Z.") % {"word": text[:40]},
        ) from None

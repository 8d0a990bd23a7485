"""What the standard itself defines: `bbox` and `datetime` (OGC 17-069r4, 7.15.3 and 7.15.4)."""

from datetime import date, datetime

from django.utils.translation import gettext as _
from rest_framework.request import Request

from impact.places.boxes import Box
from impact.publication.filtering import IncidentFilter
from reports_api.problems import InvalidParameter

_OPEN = {"", ".."}


def bbox_of(request: Request) -> Box | None:
    """West, south, east, north in WGS 84 degrees; heights are passed over. Raises FilterError."""
    numbers = str(request.query_params.get("bbox", "")).split(",")
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    return IncidentFilter.parse({"bbox": ",".join(numbers)}).bbox


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

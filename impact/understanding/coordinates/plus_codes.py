"""Plus codes (Open Location Code), whole ones and short ones beside the name of a place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from openlocationcode import openlocationcode

from impact.understanding.coordinates.readings import GPS_ERROR_M, Reading, half_diagonal_m
from impact.understanding.facts import Span

_CODE = re.compile(
    r"(?<![\w+])(?P<area>[23456789CFGHJMPQRVWX]{4,8}+0{0,2})\+(?P<cell>[23456789CFGHJMPQRVWX]{0,7}+)(?![\w+])",
    re.IGNORECASE,
)
_WHOLE, _LEAST_CELL = 8, 2
# Half of the width in degrees of the cell that the letters left out would have told.
_HALF_WIDTHS_DEG = {4: 0.5, 6: 10.0}
_METRES_PER_DEGREE_AT_LEAST = 100_000
_UNSURE = 0.4


@dataclass(frozen=True, slots=True)
class Reference:
    """Where the rest of a text is, for what is told relative to it: degrees, metres, and its letters."""

    longitude: float
    latitude: float
    radius_m: float
    spans: tuple[Span, ...] = ()


def plus_code_readings(text: str, reference: Reference | None) -> Iterator[Reading]:
    """Whole codes, and short ones as the nearest to the reference; short ones without any are left alone.

    Where the reference is too wide to tell which of the like codes is meant, its radius is the code's too,
    and the point is not trusted much.
    """
    for match in _CODE.finditer(text):
        code = match[0].upper()
        span = Span(*match.span())
        if not _is_code(match):
            continue
        if openlocationcode.isFull(code):
            # Figures alone may as well be a sum.
            yield replace(_reading(code, span), is_doubtful=not any(letter.isalpha() for letter in code))
        elif reference and openlocationcode.isShort(code):
            yield _recovered(code, span, reference)


def _recovered(code: str, span: Span, reference: Reference) -> Reading:
    whole = openlocationcode.recoverNearest(code, reference.latitude, reference.longitude)
    reading = replace(_reading(whole, span), other_spans=reference.spans)
    reach_m = _HALF_WIDTHS_DEG[code.index("+")] * _METRES_PER_DEGREE_AT_LEAST
    if reference.radius_m <= reach_m:
        return reading
    return replace(reading, radius_m=reading.radius_m + reference.radius_m, sureness=_UNSURE)


def _reading(code: str, span: Span) -> Reading:
    cell = openlocationcode.decode(code)
    height_deg = cell.latitudeHi - cell.latitudeLo
    width_deg = cell.longitudeHi - cell.longitudeLo
    return Reading(
        span=span,
        latitude=float(cell.latitudeCenter),
        longitude=float(cell.longitudeCenter),
        radius_m=half_diagonal_m(cell.latitudeCenter, height_deg, width_deg) + GPS_ERROR_M,
    )


def _is_code(match: re.Match[str]) -> bool:
    """Whether it is a code, and a short one no sum and no word."""
    code = match[0]
    is_short = len(match["area"]) < _WHOLE
    if is_short and (len(match["cell"]) < _LEAST_CELL or "0" in code):
        return False
    if is_short and not any(letter.isalpha() for letter in code):
        return False
    if is_short and not code.isupper() and not any(letter.isdigit() for letter in code):
        return False
    return bool(openlocationcode.isValid(code)) and (not is_short or len(match["area"]) in _HALF_WIDTHS_DEG)

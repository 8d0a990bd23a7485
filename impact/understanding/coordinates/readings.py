"""What every notation gives: a point, the radius that its digits leave open, and the letters it rests on."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import cos, hypot, radians

from impact.understanding.facts import Span

# Whether a longitude and a latitude, in this order, lie in the sender's country.
IsHome = Callable[[float, float], bool]

METRES_PER_DEGREE = 111_320
# The default for a GPS of unknown accuracy (GBIF Georeferencing Quick Reference Guide 2020).
GPS_ERROR_M = 30.0

_UNIT_AFTER = re.compile(
    r"\s?(?:fc|cdf|f?cfa|xa?of|xaf|us\$|usd|eur|euros?|dollars?|francs?|frw|ghs|kwanzas?|leones?|sl[el]|tzs|tsh|ush"
    r"|ugx|kes|zar|rands?|shillings?|shilingi|carats?|cts?|quilates?|karati|kgs?|grams?|grammes?|gramas?|gr?"
    r"|kms?|kilom[a-z]{0,8}|mm|cm|m|met(?:er|re)s?|m[eè]tres?|metros?|mita|ha|hectares?|tonnes?|tons?|[$€£%])"
    r"(?![^\W_])",
    re.IGNORECASE,
)
_CURRENCY_BEFORE = re.compile(
    r"(?:[$€£]|(?<![^\W_])(?:usd|fc|cdf|f?cfa|xaf|ghs|le|tsh|tzs|zar))\s?$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read some letters as a point in WGS 84 degrees, with the radius in metres around it.

    `is_doubtful` where the letters may as well mean something else: it is believed only in the sender's
    country. `sureness` is the most that the point may be trusted. `other_spans` are letters elsewhere that
    it rests on too.
    """

    span: Span
    latitude: float
    longitude: float
    radius_m: float
    is_doubtful: bool = False
    sureness: float = 1.0
    other_spans: tuple[Span, ...] = ()


def half_diagonal_m(latitude: float, height_deg: float, width_deg: float) -> float:
    """Half of the diagonal in metres of a cell of some degrees at a latitude."""
    return METRES_PER_DEGREE / 2 * hypot(height_deg, width_deg * cos(radians(latitude)))


def is_swapped(latitude: float, longitude: float, is_home: IsHome) -> bool:
    """Whether a pair without letters lies in the sender's country the other way round, and only so."""
    return not is_home(longitude, latitude) and is_home(latitude, longitude)


def is_amount(text: str, start: int, end: int) -> bool:
    """Whether figures at `text[start:end]` are money, weights or lengths by what stands beside them."""
    return bool(_UNIT_AFTER.match(text, end) or _CURRENCY_BEFORE.search(text, max(0, start - 6), start))

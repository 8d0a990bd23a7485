"""Degrees, with or without minutes and seconds: signs or letters, points or commas, four languages.

One angle is found at a time; two that stand side by side are a pair.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf

from impact.understanding.coordinates.readings import (
    GPS_ERROR_M,
    IsHome,
    Reading,
    half_diagonal_m,
    is_amount,
    is_swapped,
)
from impact.understanding.facts import Span

_SIDES = {
    # O is ouest and oeste, L is leste.
    "n": "N",
    "s": "S",
    "e": "E",
    "w": "W",
    "o": "W",
    "l": "E",
    **dict.fromkeys(("north", "nord", "norte", "kaskazini"), "N"),
    **dict.fromkeys(("south", "sud", "sul", "kusini"), "S"),
    **dict.fromkeys(("east", "est", "este", "leste", "mashariki"), "E"),
    **dict.fromkeys(("west", "ouest", "oeste", "magharibi"), "W"),
}
_SIDE = "|".join(sorted(_SIDES, key=len, reverse=True))
_AXIS = r"lat(?:itud[eo]?)?|lon(?:g(?:itud[eo]?)?)?|lng"
_MINUTES = r"[0-9]{1,2}(?:[.,][0-9]{1,8})?+"
_DEGREE_SIGN = r"(?:°|º|˚|deg(?:rees?|r[eé]s?)?\.?|graus?)"
_MINUTE_SIGN = r"(?:['’′‘´`](?!['’′´])|min(?:ut[eo]s?)?)"
_SECOND_SIGN = r"(?:''|’’|′′|´´|[\"”“″]|se[cg](?:ond[eo]?s)?)"
# Every repetition is bounded, so that one angle costs the same wherever the search begins.
_ANGLE = re.compile(
    rf"""
    (?:
        (?<!\w)(?P<axis>{_AXIS})(?![^\W\d_])\.?[\s:=(]{{0,3}}+
        (?:(?P<axis_side>{_SIDE})(?![^\W\d_])[\s:]{{0,2}}+(?:de\s)?)?
      | (?<!\w)(?P<side>{_SIDE})(?![^\W\d_])[\s:]{{0,2}}+
      | (?<![\w.+−–-])
      | (?<=[0-9'’′"”″][nsewol])
    )
    (?P<figures>
        (?P<sign>[-+−–])?
        (?:
            (?P<degrees>[0-9]{{1,3}}+)\s?(?:{_DEGREE_SIGN}|[od](?=\s?[0-9]))\s?
            (?P<minutes>{_MINUTES})(?!\s?[°º])
            (?:\s?(?P<minute_sign>{_MINUTE_SIGN})
                (?:\s?(?P<seconds>{_MINUTES})(?![0-9]|\s?[°º])(?:\s?{_SECOND_SIGN})?)?
            )?
          | (?P<decimal>[0-9]{{1,3}}+[.,][0-9]{{1,15}}+)(?!\.[0-9])
            (?P<degree_sign>\s?(?:{_DEGREE_SIGN}|[od](?=\s?(?:{_SIDE})(?!\w))))?
          | (?P<bare_degrees>[0-9]{{1,3}}+)[\s:-](?P<bare_minutes>{_MINUTES})
            (?:[\s:-](?P<bare_seconds>{_MINUTES}))?
            (?(side)|(?(axis_side)|(?=\s?(?:{_SIDE})(?!\w))))
        )
        (?![0-9])
    )
    (?(side)|(?(axis_side)|(?:\s?(?:de\s)?(?:(?:latitude|longitude)\s)?(?P<side_after>{_SIDE})(?!\w)
        |(?P<attached>[nsewol])(?=[0-9]))?))
    """,
    re.IGNORECASE | re.VERBOSE,
)
_GAP = re.compile(
    r"\)?\s{0,3}[,;/|&]?\s{0,3}(?:(?:and|et|e|na)\s{1,3}(?:(?:the|la|a)\s)?)?\(?", re.IGNORECASE
)
_LONGEST_GAP = 20
_OFF_GLOBE_DEG = 999.0
_LATITUDE, _LONGITUDE = "latitude", "longitude"
_NORTH_OR_SOUTH, _SOUTH_OR_WEST = {"N", "S"}, {"S", "W"}
# Bare figures with few decimals are as likely to be prices or carats: least decimals by what else is said.
_LEAST_LETTERED, _LEAST_SIGNED, _LEAST_BARE = 1, 3, 4
_FEWER_AT_HOME = 1


@dataclass(frozen=True, slots=True)
class _Angle:
    """Degrees as written, what the last digit is worth in degrees, and what says which axis they are on.

    `decimals` is None for degrees with minutes. A side `is_soft` when a small letter alone gives it, which
    may be a word ("e", "o", "s"). `figures` are the letters without any side.
    """

    value: float
    unit_deg: float
    decimals: int | None
    axis: str
    side: str
    is_soft: bool
    is_signed: bool
    span: Span
    figures: Span

    @property
    def signed(self) -> float:
        return -abs(self.value) if self.side in _SOUTH_OR_WEST else self.value

    def without_soft_side(self) -> "_Angle":
        return replace(self, axis="", side="", is_soft=False, span=self.figures) if self.is_soft else self


def angle_readings(text: str, is_home: IsHome) -> Iterator[Reading]:
    """Pairs of degrees, latitude first unless letters, words or the sender's country say otherwise."""
    for one, other in pairwise(map(_angle, _ANGLE.finditer(text))):
        # Lengths first: most neighbours are far apart.
        if other.span.start - one.span.end <= _LONGEST_GAP and _GAP.fullmatch(
            text, one.span.end, other.span.start
        ):
            reading = _reading(one, other, text, is_home)
            if reading:
                yield reading


def _angle(match: re.Match[str]) -> _Angle:
    written = match["side"] or match["axis_side"] or match["side_after"] or match["attached"] or ""
    side = _SIDES.get(written.lower(), "")
    axis = _LATITUDE if side in _NORTH_OR_SOUTH else _LONGITUDE if side else ""
    if match["axis"]:
        said = _LATITUDE if match["axis"].lower().startswith("lat") else _LONGITUDE
        # "la latitude est -6.15": est is a verb.
        side, axis = (side if axis == said else ""), said
    value, unit_deg, decimals = _degrees(match)
    return _Angle(
        value=-value if match["sign"] and match["sign"] != "+" else value,
        unit_deg=unit_deg,
        decimals=decimals,
        axis=axis,
        side=side,
        is_soft=not match["axis"] and len(written) == 1 and written.islower(),
        is_signed=bool(match["sign"] or match["degree_sign"] or match["minute_sign"]),
        span=Span(*match.span()),
        figures=Span(*match.span("figures")),
    )


def _degrees(match: re.Match[str]) -> tuple[float, float, int | None]:
    """The value, what its last digit is worth, and the decimals where there are no minutes.

    Minutes and seconds of sixty and more give a value that lies on no globe.
    """
    if match["decimal"]:
        decimals = _decimals(match["decimal"])
        return _number(match["decimal"]), 10.0**-decimals, decimals
    minutes = match["minutes"] or match["bare_minutes"]
    seconds = match["seconds"] or match["bare_seconds"]
    last, parts_of_degree = (seconds, 3_600) if seconds else (minutes, 60)
    value = float(match["degrees"] or match["bare_degrees"])
    value += _number(minutes) / 60 + _number(seconds or "0") / 3_600
    is_possible = _number(minutes) < 60 and _number(seconds or "0") < 60
    return value if is_possible else _OFF_GLOBE_DEG, 10.0 ** -_decimals(last) / parts_of_degree, None


def _reading(one: _Angle, other: _Angle, text: str, is_home: IsHome) -> Reading | None:
    has_both = bool(one.axis and other.axis)
    if not has_both:
        one, other = one.without_soft_side(), other.without_soft_side()
    span = Span(one.span.start, other.span.end)
    if one.axis or other.axis:
        if one.axis == other.axis:
            return None
        is_turned = one.axis == _LONGITUDE or other.axis == _LATITUDE
        if is_turned and not has_both:
            return None
    else:
        if is_amount(text, span.start, span.end) or _ends_figures(text, span.start):
            return None
        is_turned = is_swapped(one.signed, other.signed, is_home)
    fewest, least = _fewest_decimals(one, other), _least_decimals(one, other)
    if fewest < (least if has_both else least - _FEWER_AT_HOME):
        return None
    if is_turned:
        one, other = other, one
    return Reading(
        span=span,
        latitude=one.signed,
        longitude=other.signed,
        radius_m=half_diagonal_m(one.signed, one.unit_deg, other.unit_deg) + GPS_ERROR_M,
        is_doubtful=fewest < least,
    )


def _fewest_decimals(one: _Angle, other: _Angle) -> float:
    """The fewer decimals of two angles; minutes are as good as any where both have them, or letters."""
    if (one.decimals is None) != (other.decimals is None) and not (one.axis and other.axis):
        return 0
    if one.decimals is None and other.decimals is None and not (one.axis or other.axis):
        return inf if one.is_signed and other.is_signed else 0
    return min((angle.decimals for angle in (one, other) if angle.decimals is not None), default=inf)


def _least_decimals(one: _Angle, other: _Angle) -> int:
    if one.axis and other.axis:
        return _LEAST_LETTERED
    is_marked = one.axis or other.axis or one.is_signed or other.is_signed
    return _LEAST_SIGNED if is_marked else _LEAST_BARE


def _ends_figures(text: str, start: int) -> bool:
    """Whether what begins here goes on from other figures: the 234.567 of 1,234.567."""
    return start > 1 and text[start - 1] == "," and text[start - 2].isdigit()


def _number(figures: str) -> float:
    return float(figures.replace(",", "."))


def _decimals(figures: str) -> int:
    return len(figures.replace(",", ".").partition(".")[2])

"""What commas and points mean in the numbers of a file: one notation a file, told by the cells that prove it.

"727,000" is seven hundred and twenty-seven thousand to one hand and 727 to another. Cells that can only be
read in one way say which hand wrote the file; where none does, or the meaning would be an odd one, nobody
guesses: the cell is refused with both of its readings.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

COMMA, POINT = ",", "."
DECIMALS = {"comma": COMMA, "point": POINT}
_OTHER = {COMMA: POINT, POINT: COMMA}
_MILLION = 1_000_000
_SPACE = r"[\s\u00a0\u2007\u2009\u202f'’ʼ]"
_SPACED = re.compile(rf"\d{{1,3}}(?:{_SPACE}\d{{3}})+")
_ANY_SPACE = re.compile(rf"{_SPACE}+")
# Groups of three; India writes 12,34,567.
_GROUPED = {sign: re.compile(rf"\d{{1,3}}(?:\{sign}\d{{2,3}})*\{sign}\d{{3}}") for sign in _OTHER}


class NotGrouped(ValueError):
    """Digits whose separators make no number."""


class Ambiguous(ValueError):
    """A number that can be two: with the sign as a decimal sign, or between thousands."""

    def __init__(self, as_decimal: str, as_thousands: str) -> None:
        super().__init__(f"{as_decimal} or {as_thousands}")
        self.as_decimal, self.as_thousands = as_decimal, as_thousands


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a number shows of itself: signs that can only part decimals, or thousands; whether exactly three
    digits follow a decimal sign; and the sign that can be either."""

    whole: str
    fraction: str = ""
    decimal: str = ""
    thousands: str = ""
    either: str = ""


@dataclass(frozen=True, slots=True)
class Notation:
    """What is known of a file. `leans_to_comma`: its columns are parted by semicolons, as where decimals have
    commas; no proof, but then a comma is not taken for thousands either. `given`: the decimal sign that
    the caller names."""

    decimal: frozenset[str] = field(default_factory=frozenset)
    thousands: frozenset[str] = field(default_factory=frozenset)
    has_three_decimals: frozenset[str] = field(default_factory=frozenset)
    leans_to_comma: bool = False
    given: str = ""

    @classmethod
    def of(cls, numbers: Iterable[str], *, leans_to_comma: bool = False, given: str = "") -> "Notation":
        """From the numbers of all columns of a file, as `bare_number` leaves them."""
        decimal, thousands, three = set(), set(), set()
        for number in numbers:
            try:
                shape = _shape(number)
            except NotGrouped:
                continue
            if shape.decimal:
                decimal.add(shape.decimal)
                if len(shape.fraction) == 3:
                    three.add(shape.decimal)
            if shape.thousands in _OTHER:
                thousands.add(shape.thousands)
        return cls(frozenset(decimal), frozenset(thousands), frozenset(three), leans_to_comma, given)

    @property
    def is_mixed(self) -> bool:
        """Whether cells prove one sign to be both."""
        return any(self._parts_decimals(sign) and self._parts_thousands(sign) for sign in _OTHER)

    def plain(self, number: str, multiple: int = 1) -> str:
        """A number's digits with a point before its decimals. `multiple`: how many of the unit make one.

        Raises Ambiguous and NotGrouped.
        """
        shape = _shape(number)
        if not shape.either:
            return f"{shape.whole}.{shape.fraction}" if shape.fraction else shape.whole
        as_decimal, as_thousands = f"{shape.whole}.{shape.fraction}", shape.whole + shape.fraction
        sign = shape.either
        if self.given:
            return as_decimal if sign == self.given else as_thousands
        is_decimal, is_thousands = self._parts_decimals(sign), self._parts_thousands(sign)
        if is_thousands and not is_decimal:
            return as_thousands
        if is_decimal and not is_thousands and self._may_have_three(sign, shape.fraction, multiple):
            return as_decimal
        if not (is_decimal or is_thousands or self.leans_to_comma):
            # Nothing is known of the file. A comma alone parts thousands, a point the decimals of millions.
            if sign == COMMA and multiple < _MILLION:
                return as_thousands
            if sign == POINT and multiple >= _MILLION:
                return as_decimal
        raise Ambiguous(as_decimal, as_thousands)

    def _may_have_three(self, sign: str, fraction: str, multiple: int) -> bool:
        """Whether exactly three decimals are likely where the sign parts decimals. Programs write points, and
        as many decimals as there are; hands that write commas have two, and three noughts are thousands."""
        if sign in self.has_three_decimals:
            return True
        return sign == POINT and (fraction != "000" or multiple >= _MILLION)

    def _parts_decimals(self, sign: str) -> bool:
        return sign in self.decimal or _OTHER[sign] in self.thousands

    def _parts_thousands(self, sign: str) -> bool:
        return sign in self.thousands or _OTHER[sign] in self.decimal


def _shape(number: str) -> _Shape:
    """Raises NotGrouped."""
    whole, spaces = _without_spaces(number)
    signs = [sign for sign in whole if sign in _OTHER]
    if not signs:
        return _Shape(whole)
    last = signs[-1]
    head, _sign, tail = whole.rpartition(last)
    if len(set(signs)) == 2:
        if signs.count(last) > 1 or spaces or not _GROUPED[_OTHER[last]].fullmatch(head) or not tail:
            raise NotGrouped(number)
        return _Shape(head.replace(_OTHER[last], ""), tail, decimal=last, thousands=_OTHER[last])
    if len(signs) > 1:
        if spaces or not _GROUPED[last].fullmatch(whole):
            raise NotGrouped(number)
        return _Shape(whole.replace(last, ""), thousands=last)
    is_plain = len(tail) != 3 or spaces or not head.strip("0") or len(head) > 3
    return _Shape(head or "0", tail, decimal=last) if is_plain else _Shape(head, tail, either=last)


def _without_spaces(number: str) -> tuple[str, bool]:
    """The number without spaces and apostrophes between thousands, and whether it had any."""
    parts = _ANY_SPACE.search(number)
    if not parts:
        return number, False
    whole = re.split(r"[.,]", number, maxsplit=1)[0]
    if not _SPACED.fullmatch(whole) or _ANY_SPACE.search(number, len(whole)):
        raise NotGrouped(number)
    return _ANY_SPACE.sub("", number), True

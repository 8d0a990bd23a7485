"""Numbers as statistical offices write them, and the many ways of saying that there is none."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from impact.places.production.notations import Ambiguous, Notation, NotGrouped

UNKNOWN = Notation()

_NOT_DISCLOSED = frozenset(
    "- -- – — − .. ... … n/d nd n.d. n/a na n.a. nc n.c. n/c c (c) s (s) w x conf confidential confidentiel "
    "confidencial suppressed withheld undisclosed nil-disclosed".split()
) | {
    "not disclosed",
    "not available",
    "not published",
    "not reported",
    "non divulgué",
    "non communiqué",
    "non disponible",
    "não divulgado",
    "não disponível",
    "haijatangazwa",
}
_MARKS = re.compile(r"[*†‡§¹²³⁴]+|\((?:r|p|e|est|rev|prel)\.?\)|(?<=\d)[rpe]$", re.IGNORECASE)
_UNIT = re.compile(r"^(?:us\$|usd|us|\$)|(?:us\$|usd|us|\$|carats?|quilates?|karati|cts?\.?)$", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:~|≈|c\.|ca\.?|circa|about|approx\.?|env\.?|environ)(?=\s*\d)", re.IGNORECASE)
_NUMBER = re.compile(r"\d[\d.,\s\u00a0\u2007\u2009\u202f'’ʼ]*|[.,]\d+")
_EXPONENT = re.compile(r"\d+(?:[.,]\d+)?e[+-]?\d{1,2}", re.IGNORECASE)  # as spreadsheets shorten: 1.5E+05
_MULTIPLES = {
    **dict.fromkeys(("thousand", "thousands", "milliers", "mille", "mil", "k"), 1_000),
    **dict.fromkeys(("million", "millions", "milhões", "milhão", "mio", "mln", "mn", "m"), 1_000_000),
    **dict.fromkeys(("billion", "billions", "milliard", "milliards", "bn"), 1_000_000_000),
}
_MULTIPLE = re.compile(
    rf"(?<=[\d\s])({'|'.join(sorted(_MULTIPLES, key=len, reverse=True))})\.?$", re.IGNORECASE
)
_LONGEST = 60  # characters of a number
_MOST = Decimal(10) ** 15


class Absent(Enum):
    """Why a cell has no number: it is empty, or it says that the figure is not disclosed."""

    EMPTY = "empty"
    NOT_DISCLOSED = "not disclosed"


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, and whether its writer called it about right only."""

    number: Decimal
    is_approximate: bool = False


class NotANumber(ValueError):
    """A cell that is neither a number nor a way of saying that there is none: its words, and why."""

    def __init__(self, words: str, reason: str = "is not a number") -> None:
        self.words, self.reason = words[:_LONGEST], reason
        super().__init__(f'"{self.words}" {reason}')


def amount(cell: Any, notation: Notation = UNKNOWN, *, multiple: int | Decimal = 1) -> Amount | Absent:
    """A cell as a number, in its own unit. Raises NotANumber, with the cell's words.

    Thousand separators may be commas, points, spaces or apostrophes. `multiple`: how many of the column's
    unit make one, which says what is likely where `notation` does not.
    """
    if cell is None or cell != cell:
        return Absent.EMPTY
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        return Amount(_possible(Decimal(str(cell)), str(cell)))
    text = str(cell).strip()
    if not text:
        return Absent.EMPTY
    if text.casefold() in _NOT_DISCLOSED:
        return Absent.NOT_DISCLOSED
    if text.startswith("="):
        raise NotANumber(text, "was never worked out: open the file, let it calculate, and save it")
    found = _bare(text)
    if found is None:
        raise NotANumber(text)
    sign, digits, own_multiple, is_approximate = found
    if _EXPONENT.fullmatch(digits):
        return Amount(_possible(sign * Decimal(digits.replace(",", ".")), text), is_approximate)
    try:
        plain = notation.plain(digits, int(multiple) * own_multiple)
    except NotGrouped:
        raise NotANumber(text) from None
    except Ambiguous as two:
        readings = f"{Decimal(two.as_decimal).normalize():,f} or {Decimal(two.as_thousands):,}"
        raise NotANumber(
            text, f"can be {readings}: say which with --decimal comma or --decimal point"
        ) from None
    return Amount(_possible(sign * Decimal(plain) * own_multiple, text), is_approximate)


def bare_number(cell: Any) -> str:
    """The digits and separators of a cell of text, for telling a file's notation; "" where it has none."""
    found = _bare(cell.strip()) if isinstance(cell, str) else None
    return found[1] if found and not _EXPONENT.fullmatch(found[1]) else ""


def _bare(text: str) -> tuple[int, str, int, bool] | None:
    """(sign, digits with their separators, multiple, about right only) of a text that is a number."""
    if len(text) > _LONGEST:
        return None
    is_approximate = bool(_ABOUT.match(text)) or bool(re.search(r"\((?:e|est)\.?\)$", text, re.IGNORECASE))
    bare = _MARKS.sub("", _ABOUT.sub("", text)).strip()
    multiple = 1
    # "US$ 12.5 million", "12.5 Mct", "345 kct", "12m US$": what is said of the unit, from the outside in.
    for _ in range(3):
        bare = _UNIT.sub("", bare).strip()
        if multiple == 1 and (found := _MULTIPLE.search(bare)):
            multiple = _MULTIPLES[found.group(1).casefold()]
            bare = bare[: found.start()].strip()
    sign = -1 if bare[:1] in {"-", "−"} else 1
    digits = bare.lstrip("+-−").strip()
    if (
        not (_EXPONENT.fullmatch(digits) or _NUMBER.fullmatch(digits))
        or len(bare) - len(bare.lstrip("+-−")) > 1
    ):
        return None
    return sign, digits, multiple, is_approximate


def _possible(number: Decimal, words: str) -> Decimal:
    if not number.is_finite() or abs(number) >= _MOST:
        raise NotANumber(words, "is more than can be")
    return number


def disclosed_sum(numbers: Iterable[Decimal | None]) -> Decimal | None:
    """The sum; not disclosed, which is None, when a part is not."""
    total = Decimal(0)
    for number in numbers:
        if number is None:
            return None
        total += number
    return total

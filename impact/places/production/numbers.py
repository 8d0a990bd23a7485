"""Numbers as statistical offices write them, and the many ways of saying that there is none."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

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
_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f']+")
_MARKS = re.compile(r"[*†‡§¹²³⁴]+|\((?:r|p|e|est|rev|prel)\.?\)|(?<=\d)[rpe]$", re.IGNORECASE)
_UNIT = re.compile(r"^(?:us\$|usd|us|\$)|(?:us\$|usd|us|\$|carats?|cts?\.?)$", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:~|≈|c\.|ca\.?|circa|about|approx\.?|env\.?|environ)(?=\s*\d)", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d[\d.,]*|[+-]?[.,]\d+")
_EXPONENT = re.compile(
    r"[+-]?\d+(?:[.,]\d+)?e[+-]?\d{1,2}", re.IGNORECASE
)  # as spreadsheets shorten: 1.5E+05
_MULTIPLE = re.compile(r"(\d)\s*(million|millions|milhões|mn|m|thousand|k)$", re.IGNORECASE)


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
    """A cell that is neither a number nor a way of saying that there is none."""


def amount(cell: Any, *, comma_is_decimal: bool = False) -> Amount | Absent:
    """A cell as a number. Raises NotANumber, with the cell's words.

    Thousand separators may be commas, points, spaces or apostrophes. "1,234" is read as one thousand
    unless `comma_is_decimal` (see `has_decimal_commas`).
    """
    if cell is None or cell != cell:
        return Absent.EMPTY
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        return Amount(Decimal(str(cell)))
    text = str(cell).strip()
    if not text:
        return Absent.EMPTY
    if text.casefold() in _NOT_DISCLOSED:
        return Absent.NOT_DISCLOSED
    is_approximate = bool(_ABOUT.match(text)) or bool(re.search(r"\((?:e|est)\.?\)$", text, re.IGNORECASE))
    bare = _MARKS.sub("", _ABOUT.sub("", text)).strip()
    multiple = _MULTIPLE.search(bare)
    bare = _UNIT.sub("", _MULTIPLE.sub(r"\1", bare).strip()).strip()
    bare = _SPACES.sub("", bare)
    if _EXPONENT.fullmatch(bare):
        return Amount(Decimal(bare.replace(",", ".")), is_approximate)
    if not _NUMBER.fullmatch(bare):
        raise NotANumber(text[:60])
    number = _decimal(bare, comma_is_decimal) * _multiple(multiple)
    return Amount(number, is_approximate)


def has_decimal_commas(cells: Iterable[Any]) -> bool:
    """Whether a column writes its decimals with a comma: one cell that can be nothing else decides."""
    for cell in cells:
        text = _SPACES.sub("", str(cell)) if isinstance(cell, str) else ""
        # "12,5" and "1.234,56" can only be decimal commas; "1,234" says nothing.
        if re.search(r"\d,\d{1,2}(?!\d)|\d,\d{4,}(?!\d)|\.\d{3},\d", text) and text.count(",") == 1:
            return True
    return False


def _decimal(text: str, comma_is_decimal: bool) -> Decimal:
    if "," in text and "." in text:
        comma_is_decimal = text.rindex(",") > text.rindex(".")
    elif text.count(".") > 1:
        comma_is_decimal = True
    elif text.count(",") > 1:
        comma_is_decimal = False
    elif "," in text and len(text) - text.rindex(",") != len(",000"):
        comma_is_decimal = True
    plain = text.replace(".", "").replace(",", ".") if comma_is_decimal else text.replace(",", "")
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise NotANumber(text[:60]) from None


def _multiple(found: re.Match[str] | None) -> Decimal:
    if not found:
        return Decimal(1)
    return Decimal(1_000) if found.group(2).casefold() in {"thousand", "k"} else Decimal(1_000_000)


def disclosed_sum(numbers: Iterable[Decimal | None]) -> Decimal | None:
    """The sum; not disclosed, which is None, when a part is not."""
    total = Decimal(0)
    for number in numbers:
        if number is None:
            return None
        total += number
    return total

"""References that a person can say over a bad line, and follow-up codes that nobody can guess.

A reference is eight characters, `K7MQ-3XPT`: seven drawn, the last one a check character by the
Luhn mod N algorithm (ISO/IEC 7812-1 generalised), so that one wrong or two swapped are noticed.
"""

import hashlib
import hmac
import secrets
from uuid import UUID

from impact.sealing import Key, fingerprints, keys

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_DRAWN = 7
_CODE_CHARACTERS = 24  # of 30 letters each: 117 bits, past guessing without a slow hash


def new_reference() -> str:
    """A fresh reference, with the hyphen that it is shown with."""
    drawn = _spelt(secrets.randbelow(len(ALPHABET) ** _DRAWN), _DRAWN)
    return _hyphenate(drawn + _check_character(drawn), 4)


def is_reference(text: str) -> bool:
    """Whether a text is a reference with the right check character; case, spaces and hyphens don't count."""
    plain = _plain(text)
    return (
        len(plain) == _DRAWN + 1
        and all(character in ALPHABET for character in plain)
        and _check_character(plain[:-1]) == plain[-1]
    )


def follow_up_code(report_id: UUID) -> str:
    """The code that opens one report: derived from the key, so that it is stored nowhere.

    Six groups of four characters. A repeated submission is answered with the same code.
    """
    return follow_up_codes(report_id)[-1]


def follow_up_codes(report_id: UUID) -> tuple[str, ...]:
    """The codes of one report by every key; which of them was given out, its stored digest tells."""
    return tuple(_follow_up_code(key, report_id) for key in keys())


def _follow_up_code(key: Key, report_id: UUID) -> str:
    number = int.from_bytes(hmac.digest(key.derive("follow-up"), report_id.bytes, hashlib.sha256), "big")
    return _hyphenate(_spelt(number, _CODE_CHARACTERS), 4)


def follow_up_digest(code: str) -> str:
    """What is stored of a follow-up code, to find its report by."""
    return follow_up_digests(code)[0]


def follow_up_digests(code: str) -> tuple[str, ...]:
    """What may be stored of a follow-up code, by every key: find by any of them."""
    return fingerprints(_plain(code), "follow-up code")


def _spelt(number: int, length: int) -> str:
    """The last digits of a number in the alphabet, the last one first."""
    characters = []
    for _ in range(length):
        number, index = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[index])
    return "".join(characters)


def _plain(text: str) -> str:
    return "".join(text.upper().replace("-", " ").split())


def _hyphenate(plain: str, group: int) -> str:
    return "-".join(plain[start : start + group] for start in range(0, len(plain), group))


def _check_character(drawn: str) -> str:
    base = len(ALPHABET)
    total = 0
    for position, character in enumerate(reversed(drawn)):
        addend = ALPHABET.index(character) * (2 if position % 2 == 0 else 1)
        total += addend // base + addend % base
    return ALPHABET[-total % base]

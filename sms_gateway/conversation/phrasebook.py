"""What we write to reporters, in their languages and not in the page's: phrases/<language>.toml."""

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "fr", "pt", "sw", "ln", "sg", "kri", "sn")
_PHRASES = Path(__file__).parent / "phrases"
_BY_COUNTRY = {
    **dict.fromkeys(
        ("BI", "BJ", "BF", "CD", "CF", "CG", "CI", "CM", "GA", "GN", "ML", "NE", "SN", "TD", "TG"), "fr"
    ),
    **dict.fromkeys(("AO", "BR", "GW", "MZ", "PT", "ST"), "pt"),
    **dict.fromkeys(("KE", "TZ"), "sw"),
}


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """The phrases of one language. A question goes behind `received`, and both are one GSM-7 segment."""

    language: str
    checked_by: str
    acknowledgement: str
    help: str
    received: str
    added: str
    which: str
    where: str
    what: str
    when: str
    people: str
    who: str
    guide: str
    nothing: str
    status_waiting: str
    status_reading: str
    status_closed: str
    unknown_reference: str
    status_how: str
    language_set: str
    language_menu: str
    call: str


PHRASES = tuple(one.name for one in fields(Phrasebook) if one.name not in {"language", "checked_by"})


@cache
def phrasebook(language: str) -> Phrasebook:
    """The phrases of one of LANGUAGES."""
    written = tomllib.loads((_PHRASES / f"{language}.toml").read_text(encoding="utf-8"))
    return Phrasebook(language=language, checked_by=written["checked_by"], **written["phrases"])


def answer_language(*candidates: str, country: str) -> str:
    """The first of the candidates that we have phrases in; else the country's; else English."""
    spoken = (candidate for candidate in candidates if candidate in LANGUAGES)
    return next(spoken, _BY_COUNTRY.get(country, "en"))

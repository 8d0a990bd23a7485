"""What we write to reporters, in their languages and not in the page's: phrases/<language>.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "fr", "pt", "sw")
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
    """The phrases of one language, each of one GSM-7 segment."""

    language: str
    checked_by: str
    acknowledgement: str
    help: str


@cache
def phrasebook(language: str) -> Phrasebook:
    """The phrases of one of LANGUAGES."""
    written = tomllib.loads((_PHRASES / f"{language}.toml").read_text(encoding="utf-8"))
    return Phrasebook(
        language=language,
        checked_by=written["checked_by"],
        acknowledgement=written["phrases"]["acknowledgement"],
        help=written["phrases"]["help"],
    )


def answer_language(*candidates: str, country: str) -> str:
    """The first of the candidates that we have phrases in; else the country's; else English."""
    spoken = (candidate for candidate in candidates if candidate in LANGUAGES)
    return next(spoken, _BY_COUNTRY.get(country, "en"))

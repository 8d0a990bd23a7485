"""Coded messages: "VIOL#Koidu#14/11#3 wounded#soldiers", as monitors are trained to send them.

The fields stand in any order and any may be missing; what parts them is # * , ; / | or a new line. The code
word names a harm, or a theme whose harm the other fields tell.
"""

import re
from dataclasses import dataclass

from impact.places.names import fold_letters
from impact.understanding.facts import HarmFound, Span
from impact.understanding.lexicon import code_words
from impact.vocabulary import HARMS_BY_THEME, Harm, Theme, theme_of

_FIELD = re.compile(r"[^#*;,/|\n]+")
_SEPARATORS = "#*;,/|\n"
# These part fields and nothing else; a comma or a slash stands in plain sentences too.
_PLAIN_SEPARATORS = "#*;|"
_DATE = re.compile(r"(?<!\d)\d{1,2}[/,]\d{1,2}(?:[/,](?:\d{4}|\d{2}))?(?!\d)|(?<!\d)\d{1,3},\d+")
_LONGEST_CODE = 12
_HARM_CONFIDENCE, _THEME_CONFIDENCE = 0.9, 0.5
# What a theme alone is taken for, until a moderator says more.
_LIKELIEST: dict[Theme, Harm] = {
    Theme.VIOLENCE: Harm.INJURY,
    Theme.LABOUR: Harm.UNSAFE_WORK,
    Theme.ENVIRONMENT: Harm.WATER_POLLUTION,
    Theme.CONFLICT_FINANCE: Harm.ARMED_PRESENCE,
    Theme.OTHER: Harm.OTHER,
}


@dataclass(frozen=True, slots=True)
class CodedText:
    """A coded message: its code, where that stands, and the text with the code and the separators blanked.

    `plain` is as long as the text, so that offsets into it are offsets into the text.
    """

    code: str
    span: Span
    plain: str


def coded_text(text: str, language: str = "") -> CodedText | None:
    """The message as fields, or None where it is not coded. `language` settles a word with two meanings."""
    fields = list(_FIELD.finditer(text))
    if len(fields) < 2:
        return None
    for number, field in enumerate(fields):
        word = fold_letters(field.group().strip())
        meanings = code_words().get(word) if len(word) <= _LONGEST_CODE else None
        if not meanings:
            continue
        separators = {text[field.start() - 1 : field.start()], text[field.end() : field.end() + 1]} - {""}
        is_plain = any(mark in _PLAIN_SEPARATORS for mark in separators)
        # Before a comma or a slash a code stands first and in capitals: "kill, they said" is a sentence.
        if not is_plain and (number or not field.group().strip().isupper()):
            continue
        code = meanings.get(language) or next(iter(meanings.values()))
        start = field.start() + len(field.group()) - len(field.group().lstrip())
        return CodedText(code, Span(start, start + len(field.group().strip())), _blanked(text, field))
    return None


def harms_of_code(coded: CodedText, told: tuple[HarmFound, ...]) -> tuple[HarmFound, ...]:
    """The harms of a coded message: the code's own, or those told in its theme; then the others told."""
    spans = (coded.span,)
    if coded.code in Harm.values:
        harm = Harm(coded.code)
        return (HarmFound(harm, _HARM_CONFIDENCE, spans), *(found for found in told if found.harm != harm))
    theme = Theme(coded.code)
    within = [found for found in told if theme_of(found.harm) == theme]
    if within:
        return (*within, *(found for found in told if found not in within))
    likeliest = _LIKELIEST[theme]
    if likeliest not in HARMS_BY_THEME[theme]:
        raise ValueError(f"{likeliest} is no harm of {theme}")
    return (HarmFound(likeliest, _THEME_CONFIDENCE, spans), *told)


def _blanked(text: str, code: re.Match[str]) -> str:
    """The text with the code blanked and every separator a new line, except within a date or a decimal."""
    kept = {index for match in _DATE.finditer(text) for index in range(*match.span())}
    letters = [
        "\n" if letter in _SEPARATORS and index not in kept else letter for index, letter in enumerate(text)
    ]
    letters[code.start() : code.end()] = "\n" * (code.end() - code.start())
    return "".join(letters)

"""Telephones, identity numbers and licence plates: every one, in whatever notation."""

import re
from collections.abc import Iterator

from impact.understanding.facts import Span
from impact.understanding.redaction.findings import Kind

_DATE = re.compile(
    r"(?<![\d.\-/+])(?:\d{1,2}([/.\-])\d{1,2}\1(?:19|20)\d\d|(?:19|20)\d\d([/.\-])\d{1,2}\2\d{1,2}"
    r"|(?:19|20)\d\d\s?[-/]\s?(?:19|20)\d\d)(?![\d]|[.\-/]\d)"
)
_HOUR = re.compile(r"(?<!\d)(?:[01]?\d|2[0-3])[:hH][0-5]\d(?!\d)")
_PHONE = re.compile(r"(?<![\w])(?:\(?\+\s?)?\(?\d(?:[\s().\-/_*·]{0,3}\d){4,}")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[ .]\d{3})+")
_UNITS = (
    "fcfa cfa fc francs franc usd dollars dollar dollares eur euros kwanzas kwanza kz mt meticais metical "
    "shilingi shillings tsh tzs leones leone le cedis cedi rand zar pula kwacha gnf cdf aoa mzn naira "
    "carats carat quilates kilates kilos kilo kg tonnes tons tons toneladas tani grammes grams gramas "
    "ha people persons personnes pessoas watu habitants inhabitants habitantes households families "
    "hectares familles "
    "familias kaya menages miners creuseurs garimpeiros wachimbaji km metres meters metros ans years anos"
).split()
_UNIT_AFTER = re.compile(rf"\s?(?:{'|'.join(_UNITS)})\b")
_UNIT_BEFORE = re.compile(rf"(?:[$€£]|\b(?:{'|'.join(_UNITS)}))\s?$")
_CALL = re.compile(
    r"(?:\b(?:tel|phone|telephone|telefone|simu|nimero|numero|number|num|call|ring|text|whatsapp|watsapp|appel\w*"
    r"|liga\w*|ligue|piga|benga|fonai|kol|kɔl|contact\w*|contacto|mobile|cell)\b[^\d+]{0,14})$"
)
_LEAST, _LEAST_AFTER_CALL, _MOST_OF_AMOUNT = 7, 5, 9

_FIGURE_WORDS = (
    "zero oh one two three four five six seven eight nine double triple "
    "un deux trois quatre cinq sept huit neuf dix onze douze treize quatorze quinze seize vingt vingts "
    "trente quarante cinquante soixante um dois tres quatro cinco meia seis sete oito nove "
    "sifuri moja mbili tatu nne tano sita saba nane tisa"
).split()
_FIGURE_WORD = rf"(?:\d{{1,4}}|{'|'.join(sorted(_FIGURE_WORDS, key=len, reverse=True))})"
_SPOKEN = re.compile(rf"(?<!\w){_FIGURE_WORD}(?:[\s,\-.]{{1,2}}{_FIGURE_WORD}){{5,}}(?!\w)")

_DOCUMENT = (
    r"id|nid|identity|identification|identite|identidade|passport|passeport|passaporte|pasipoti|nin|nida|nuit|nif|bi|nrc"
    r"|bilhete|cartao|carte|card|voter|eleitor|electeur|registration|registo|matricule|kitambulisho|leseni"
    r"|licence|license|permis|permit|certidao|chitupa|seri|kad"
)
_DOCUMENT_NUMBER = re.compile(
    rf"\b(?:{_DOCUMENT})\b[^\d.!?;@]{{0,24}}?(?P<value>\b(?:[a-z]{{1,4}}[\s\-]?)?\d[\da-z/.\-]*(?:\s\d[\da-z/.\-]*)*\b)"
)
_IDENTITY_SHAPES = re.compile(
    r"(?<!\w)(?:\d{8}-\d{5}-\d{5}-\d{2}|\d{9}[a-z]{2}\d{3}|\d{12}[a-z]|\d{2}-?\d{6,7}\s?[a-z]\s?\d{2}"
    r"|\d{6}/\d{2}/\d|[a-z]{1,3}\d{6,9}[a-z]?|\d{16,22})(?!\w)"
)
_LEAST_OF_DOCUMENT = 4

_PLATE_WORDS = re.compile(
    r"\b(?:plates?|plaque|immatricule\w*|matricula|registration|reg|vehicle|vehicule|veiculo|gari|namba|lori|camion"
    r"|carro|carrinha|moto\w*|jeep|pickup|truck|bus)\b[^\d]{0,16}?(?P<value>\b(?=[\w\s\-/]{0,12}\d)(?:[a-z]{1,4}"
    r"[\s\-]?)?\d{2,5}[\s\-/]?[a-z]{0,3}(?:[\s\-/]?\d{2}(?!\d))?\b)"
)
_PLATE_SHAPES = re.compile(
    r"(?<![\w-])(?:[A-Z]{2}-\d{2}-\d{2}-[A-Z]{2}|\d{4}\s?[A-Z]{2}\s?/\s?\d{2}|T\s?\d{3}\s?[A-Z]{3}"
    r"|(?!USD|CDF|XAF|AOA|MZN|TZS|SLE|SLL|GNF|ZAR|EUR|GPS|UTM|MON|TEL|RN)[A-Z]{3}[\s-]\d{3,4}(?:[\s-]?[A-Z]{2}(?:[\s-]\d{2})?)?"
    r"|[A-Z]{2}[\s-]\d{3}[\s-][A-Z]{2})(?![\w-])"
)

Found = tuple[Span, Kind, str]


def find_numbers(plain: str, folded: str) -> Iterator[Found]:
    """Numbers that identify, in the order of their kinds. `folded` are the same letters made small."""
    for match in _DOCUMENT_NUMBER.finditer(folded):
        value = match["value"]
        if sum(letter.isdigit() for letter in value) >= _LEAST_OF_DOCUMENT and not _is_date(value):
            yield Span(*match.span("value")), Kind.IDENTITY, "after_document"
    for match in _IDENTITY_SHAPES.finditer(folded):
        yield Span(*match.span()), Kind.IDENTITY, "shape"
    for match in _PLATE_SHAPES.finditer(plain):
        yield Span(*match.span()), Kind.PLATE, "shape"
    for match in _PLATE_WORDS.finditer(folded):
        value = match["value"]
        if any(letter.isalpha() for letter in value) and not _UNIT_AFTER.match(folded, match.end("value")):
            yield Span(*match.span("value")), Kind.PLATE, "after_vehicle"
    yield from _phones(folded)
    for match in _SPOKEN.finditer(folded):
        yield Span(*match.span()), Kind.PHONE, "in_words"


def _phones(folded: str) -> Iterator[Found]:
    undated = _HOUR.sub(_blank, _DATE.sub(_blank, folded))
    for match in _PHONE.finditer(undated):
        digits = sum(letter.isdigit() for letter in match.group())
        is_called = bool(_CALL.search(undated, 0, match.start()))
        if digits < (_LEAST_AFTER_CALL if is_called else _LEAST):
            continue
        if digits <= _MOST_OF_AMOUNT and not is_called and _is_amount(undated, match):
            continue
        yield Span(*match.span()), Kind.PHONE, "after_call" if is_called else "figures"


def _is_amount(text: str, match: re.Match[str]) -> bool:
    """Figures that count money, people or weight; a telephone begins with a zero or a plus."""
    written = match.group()
    if written.startswith(("0", "+", "(")) or not (written.isdigit() or _THOUSANDS.fullmatch(written)):
        return False
    before = text[max(0, match.start() - 14) : match.start()]
    return bool(_UNIT_AFTER.match(text, match.end()) or _UNIT_BEFORE.search(before))


def _is_date(value: str) -> bool:
    return bool(_DATE.fullmatch(value.strip()))


def _blank(match: re.Match[str]) -> str:
    return "x" * len(match.group())

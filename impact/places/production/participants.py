"""Country codes from the names that production statistics use, "Congo, Democratic Republic of" above all."""

import re

from impact.places.importing.countries import country_code
from impact.places.names import fold_letters

_WORD = re.compile(r"[a-z]+")
_DEMOCRATIC = frozenset(
    "democratic democratique democratica dem dr drc rd rdc kinshasa zaire kidemokrasia cod".split()
)
# ISO 3166-1 by the words of a name that lists of names in use do not have.
_ALSO = {
    frozenset({"russian", "federation"}): "RU",
    frozenset({"federation", "russie"}): "RU",
    frozenset({"kyrgyz"}): "KG",
    frozenset({"korea"}): "KR",
    frozenset({"coree"}): "KR",
    frozenset({"united", "states", "america"}): "US",
    frozenset({"usa"}): "US",
    frozenset({"uk"}): "GB",
    frozenset({"chinese", "taipei"}): "TW",
    frozenset({"viet", "nam"}): "VN",
    frozenset({"turkiye"}): "TR",
    frozenset({"lao"}): "LA",
    frozenset({"european", "union"}): "EU",
    frozenset({"union", "europeenne"}): "EU",
    frozenset({"uniao", "europeia"}): "EU",
    frozenset({"eu"}): "EU",
    frozenset({"ue"}): "EU",
}
_FILLERS = frozenset(
    "the of and la le les l du de des da do d republic republique republica rep people peoples s united "
    "bolivarian plurinational state states kingdom federal".split()
)
_TOTALS = frozenset("total totals world global sum somme mondial monde mundo jumla grand overall all".split())


def participant_code(text: str) -> str:
    """ISO 3166-1 alpha-2 ("EU" for the European Union, one participant); "" for what is no country."""
    words = _WORD.findall(fold_letters(text))
    if "congo" in words:
        return "CD" if _DEMOCRATIC & set(words) else "CG"
    if code := country_code(text):
        return code
    if "democratic" in words:
        return ""
    for name in (set(words), set(words) - {"of", "the"}, set(words) - _FILLERS):
        if code := _ALSO.get(frozenset(name), ""):
            return code
    # "China, People's Republic of", "Venezuela (Bolivarian Republic of)": the name stands first.
    if "(" in text:
        return participant_code(text.partition("(")[0])
    head = text.partition(",")[0]
    is_same_country = set(words) - set(_WORD.findall(fold_letters(head))) <= _FILLERS
    return country_code(head) if head != text and is_same_country else ""


def is_total(text: str) -> bool:
    """Whether a cell in the column of countries names the sum of them all."""
    words = _WORD.findall(fold_letters(text))
    return (
        bool(words)
        and set(words) <= _TOTALS | {"production", "kp", "participants"}
        and bool(_TOTALS & set(words))
    )

"""Minerals, kinds and facilities by the words that tables have for them, in four languages."""

import re
from collections.abc import Iterable

from impact.places.names import fold_letters
from impact.vocabulary import AreaKind, Mineral

_MINERAL_WORDS: dict[Mineral, str] = {
    Mineral.DIAMOND: "diamond diamonds diamant diamants diamante diamantes almasi kimberlite",
    Mineral.GOLD: "gold or ouro oro dhahabu au",
    Mineral.TIN: "tin etain estanho cassiterite cassiterita bati sn",
    Mineral.TANTALUM: "tantalum tantale tantalo tantalite coltan columbite ta",
    Mineral.TUNGSTEN: "tungsten tungstene tungstenio wolfram wolframite volframite scheelite w",
    Mineral.COBALT: "cobalt cobalto heterogenite co",
    Mineral.COPPER: "copper cuivre cobre shaba cu",
    Mineral.COLOURED_GEMSTONES: (
        "gemstone gemstones gem gems gemmes sapphire sapphires saphir ruby rubies rubis emerald emeralds "
        "emeraude tanzanite tourmaline amethyst topaz garnet beryl aquamarine alexandrite corundum"
    ),
}
_BY_WORD = {word: mineral for mineral, words in _MINERAL_WORDS.items() for word in words.split()}
_SYMBOLS = frozenset({"au", "sn", "ta", "w", "co", "cu", "or"})  # words only when they stand alone
_SEPARATORS = re.compile(r"[;,/|+&_-]|\b(?:and|et|e|na)\b")
_WORD = re.compile(r"[a-z]+")

_KIND_WORDS: tuple[tuple[AreaKind, tuple[str, ...]], ...] = (
    (AreaKind.MIXED, ("mixed", "mixte", "misto", "both")),
    (AreaKind.ARTISANAL, tuple("artisan artesan asm small petite galamsey garimp creuseur informal".split())),
    (AreaKind.INDUSTRIAL, tuple("industr lsm large commercial".split())),
)
_PROCESSING = frozenset(
    "smelter refinery plant steel mill concentrator port terminal office laboratory fonderie raffinerie "
    "usine processing treatment metallurgical cement power storage depot".split()
)
_EXTRACTION = frozenset(
    "mine mines mining pit pits quarry field site deposit placer alluvial prospect carriere gisement "
    "chantier mina lavra garimpo mgodi underground surface opencast".split()
)


def minerals_of(cells: Iterable[str]) -> list[str]:
    """Mineral codes in the order in which the cells name them; what we have no code for is "other"."""
    found: dict[str, None] = {}
    for cell in cells:
        for part in _SEPARATORS.split(fold_letters(cell)):
            words = _WORD.findall(part)
            if words:
                found.update(dict.fromkeys(map(str, _minerals_in(words))))
    return list(found)


def kind_of(cell: str) -> AreaKind | None:
    """Artisanal, industrial or mixed by a word for it; None when the cell says neither."""
    text = _spaced(cell)
    for kind, words in _KIND_WORDS:
        if any(word in text for word in words):
            return kind
    return None


def is_processing_only(cell: str) -> bool:
    """Whether a type of facility is one where nothing is dug: a smelter, a refinery, a plant."""
    words = set(_WORD.findall(_spaced(cell)))
    return bool(words & _PROCESSING) and not words & _EXTRACTION and kind_of(cell) is None


def _minerals_in(words: list[str]) -> list[Mineral]:
    if len(words) == 1:
        return [_BY_WORD.get(words[0], Mineral.OTHER)]
    named = [_BY_WORD[word] for word in words if word in _BY_WORD and word not in _SYMBOLS]
    return named or [Mineral.OTHER]


def _spaced(cell: str) -> str:
    return fold_letters(cell).replace("_", " ").replace("-", " ")

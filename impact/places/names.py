"""Names as keys: how two spellings of one place come to be the same, or to sound the same."""

import re
import unicodedata

# Words that say what a place is, not which: dropped at the edges of a name, never inside it.
_GENERIC = (
    "village villages carriere carrieres chantier chantiers mine mines mina minas site sites localite "
    "groupement quartier pit pits puits kijiji bairro aldeia mgodi machimbo migodi garimpo garimpos lavra "
    "field fields concession project deposit quarry area"
)
GENERIC_WORDS = frozenset(_GENERIC.split())
# These end the name of many mines ("Geita Gold Mine") but begin that of many towns ("Gold Coast").
_TRAILING_WORDS = GENERIC_WORDS | {"gold", "diamond", "diamonds", "ltd", "limited"}
_LINKS = "de du des d da do dos das of the la le les ya wa cha"
_LEADING_WORDS = GENERIC_WORDS | frozenset(_LINKS.split())
_PLAIN = ("ɛe", "ɔo", "ŋn", "øo", "łl", "đd", "ðd", "ɓb", "ɗd", "ƙk", "ıi")
_RUN = re.compile(r"[^\W_]+")
_SHORTEST_WITHOUT_GENERICS = 4


class _PlainLetters(dict[int, str]):
    """A table for `str.translate` of decomposed text: marks above and below letters go."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        self[code] = plain = "" if unicodedata.combining(letter) else letter
        return plain


_LETTERS = _PlainLetters(str.maketrans({"æ": "ae", "œ": "oe", **{pair[0]: pair[1] for pair in _PLAIN}}))


def fold_letters(text: str) -> str:
    """Lower case without accents, spaces and marks kept: the form in which words are compared."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)


def fold_name(text: str) -> str:
    """One name as a key: accents, case, spaces, hyphens and apostrophes gone, generic words dropped.

    "Carrière de Mbuji-Mayi" and "mbujimayi" give the same key. A name made of generic words alone, or
    with too little left ("New Site"), keeps them.
    """
    return name_keys(text)[0]


def name_keys(text: str) -> tuple[str, str]:
    """The keys of a name, without its generic words and with them."""
    core = words = _RUN.findall(fold_letters(text))
    while core and core[-1] in _TRAILING_WORDS:
        core = core[:-1]
    if core and core[0] in GENERIC_WORDS:
        while core and core[0] in _LEADING_WORDS:
            core = core[1:]
    whole = "".join(words)
    key = whole if core is words else "".join(core)
    return (key if len(key) >= _SHORTEST_WITHOUT_GENERICS else whole), whole


def sound_of(key: str) -> str:
    """How a folded name sounds to a francophone, lusophone or anglophone ear; equal sounds are one name.

    The variants are those met in the field: ch/tsh/c, dj/j, ou/u/w, ny/gn, l/r, k/c/q, s/z, double letters.
    Names that stand on lines of their own are heard one by one.
    """
    for pattern, sound in _SOUNDS:
        key = pattern.sub(sound, key)
    return key


_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"t?sh|t?ch|ts", "x"),
        (r"ph", "f"),
        (r"gn|ny|ni(?=[aeou])", "n"),
        (r"dj", "j"),
        (r"gu(?=[ei])", "g"),
        (r"ou|oo|w", "u"),
        (r"[cq]", "k"),
        (r"z", "s"),
        (r"y|ee", "i"),
        (r"r", "l"),
        (r"h", ""),
        (r"(.)\1+", r"\1"),
    )
)

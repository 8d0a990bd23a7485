"""How the words before a name introduce it: "at", "near", "the mine of", "fled to", "Colonel"."""

from impact.places.names import GENERIC_WORDS
from impact.understanding.phrases import Match
from impact.understanding.scanning import MarkedText

AT, NEAR, MINE_OF, FROM, AWAY, TITLE, NONE = "at", "near", "mine_of", "from", "away", "titles", ""
ROAD = "road"  # of a name that a road leads to: no word by itself
KEPT = "kept"  # of a name with a hospital or a prison behind it, where people are brought
STRONG_CUES = (AT, NEAR, MINE_OF)

LONGEST_NAME = 5
_SKIPPED_WORDS = 4
_SHORT_TITLE = 4
_ARTICLES = {"la", "le", "les", "l", "the", "o", "a", "os", "as", "lo"}
_LINKS = {"of", "de", "d", "du", "da", "do", "ya", "wa", "cha"}
_NOUNS_BEFORE = {"village", "kijiji", "aldeia", "bairro", "town", "ville", "cite", "cidade", "mji"}
_SKIPPED = _ARTICLES | _LINKS | _NOUNS_BEFORE | GENERIC_WORDS


def cues_of(marked: MarkedText) -> dict[int, str]:
    """By the token after it: the strongest cue that ends there; articles and generic words are skipped."""
    ranks = {AWAY: 6, TITLE: 5, NEAR: 4, MINE_OF: 3, AT: 2, FROM: 1}
    cues: dict[int, str] = {}
    for match in marked.marks("places", *ranks):
        position, name = match.last + 1, match.label.name
        if name == MINE_OF and marked.covering("perpetrators", match.first):
            # "La police des mines à ..." tells of no mine there.
            name = AT
        if _is_cut_off(match, marked):
            continue
        for _ in range(_SKIPPED_WORDS):
            if ranks[name] > ranks.get(cues.get(position, ""), 0):
                cues[position] = name
            word = marked.tokens[position].word if position < len(marked.tokens) else ""
            if word not in _SKIPPED or match.label.name == TITLE:
                break
            if match.label.name == AWAY and word in GENERIC_WORDS:
                # "Vendent la nourriture au site de ..." is where it was, not where it went.
                break
            position += 1
    for match in marked.marks("places", "between"):
        # "Between Bo and Kenema": two names, however short.
        cues.setdefault(match.last + 1, AT)
        for joint in marked.marks("places", "and"):
            if 1 < joint.first - match.last <= LONGEST_NAME:
                cues.setdefault(joint.last + 1, AT)
                break
    return cues


def _is_cut_off(cue: Match, marked: MarkedText) -> bool:
    """Whether a sentence ends behind a cue, or a pause behind a title: "pay the commander. Walikale", "they
    took my father, Kaya"; but not "Col. Mugisha"."""
    here, following = marked.tokens[cue.last], marked.tokens[cue.last + 1 : cue.last + 2]
    if not following or following[0].clause == here.clause:
        return False
    if cue.label.name != TITLE:
        return following[0].sentence != here.sentence
    return following[0].sentence == here.sentence or len(here.word) > _SHORT_TITLE

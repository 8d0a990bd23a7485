"""Reading a text: what happened, where and when, from its words alone.

Each question has a file of its own; this one asks them in turn. Pure: the same text, hints, gazetteer
and model always give the same Understanding.
"""

from dataclasses import replace

from impact.places.gazetteer import Gazetteer
from impact.understanding.codes import coded_text, harms_of_code
from impact.understanding.coordinates import find_verbatim_places
from impact.understanding.dates import find_date
from impact.understanding.facts import READER_VERSION, HarmFound, Hints, PlaceFound, Understanding
from impact.understanding.harm_model import HarmModel
from impact.understanding.harms import find_harms
from impact.understanding.language import find_language
from impact.understanding.leanings import lean_harm
from impact.understanding.people import find_people
from impact.understanding.perpetrators import find_perpetrator
from impact.understanding.places import find_places
from impact.understanding.relevance import is_report
from impact.understanding.scanning import scan_text
from impact.understanding.tokens import tokens_of
from impact.vocabulary import Harm

# A text that says who or how many, but no harm that is known, tells of something.
_SOMETHING_ELSE = 0.3


def read_text(text: str, hints: Hints, gazetteer: Gazetteer, model: HarmModel | None = None) -> Understanding:
    """What a text says, with the letters behind every conclusion and how sure each is.

    Never raises on any str; what cannot be read is a report without conclusions. What is not a report
    has no harms, place, date or people. Where the installation has learnt a `model`, it ranks the harms
    of what is a report anew.
    """
    tokens = tokens_of(text)
    language = find_language(tokens, hints.sender_country, hints.language)
    sent, coded = text, coded_text(text, language.language)
    if coded:
        text, tokens = coded.plain, tokens_of(coded.plain)
    marked = scan_text(text, tokens, language.read_with)
    perpetrator = find_perpetrator(marked)
    harms = find_harms(marked, perpetrator)
    if coded:
        harms = harms_of_code(coded, harms)
    people = find_people(marked)
    places = find_places(
        marked,
        hints,
        gazetteer,
        is_foreign=language.is_foreign,
        is_coded=coded is not None,
        is_of_mines=bool(harms and harms[0].harm != Harm.OTHER) or bool(marked.marks("places", "mine_of")),
    )
    verbatim_places = find_verbatim_places(sent)
    has_point = bool(verbatim_places) or any(found.method == "coordinates" for found in places)
    if not coded and not is_report(marked, harms, has_facts=bool(people) or has_point):
        return Understanding(language.language, language.confidence, is_report=False)
    if model and not coded:
        harms = model.reranked(marked, harms)
    if (not harms or harms[0].harm == Harm.OTHER) and (leaning := lean_harm(marked)):
        harms = (leaning,)
    spans = people[0].spans if people else perpetrator.spans if perpetrator else ()
    if not harms and spans:
        harms = (HarmFound(Harm.OTHER, _SOMETHING_ELSE, spans),)
    is_only_threat = bool(harms) and all(found.harm == Harm.THREATS for found in harms)
    return Understanding(
        language=language.language,
        language_confidence=language.confidence,
        is_report=True,
        harms=harms,
        place=places[0] if places else None,
        candidates=places,
        occurred=find_date(marked, hints, is_only_threat=is_only_threat),
        people=people,
        perpetrator=perpetrator,
        verbatim_places=verbatim_places,
        reader=f"{READER_VERSION}, learnt {model.training.trained_on}" if model else READER_VERSION,
    )


def read_place(words: str, hints: Hints, gazetteer: Gazetteer) -> tuple[PlaceFound, ...]:
    """The answer to "where?", best first: words that are known to name a place. Without spans.

    Never raises on any str.
    """
    text = f"@ {words}"
    tokens = tokens_of(text)
    language = find_language(tokens, hints.sender_country, hints.language)
    marked = scan_text(text, tokens, language.read_with)
    found = find_places(marked, hints, gazetteer, is_foreign=False, is_of_mines=True)
    return tuple(replace(place, spans=()) for place in found)

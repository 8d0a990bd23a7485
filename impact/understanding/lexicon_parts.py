"""The parts that a lexicon may have: sections with their lists, tables, and what may stand before a verb."""

from impact.vocabulary import PeopleKind, Perpetrator

HARM_STRENGTHS = ("sure", "unless_accident", "unless_killing", "only_alone")

LISTS: dict[str, tuple[str, ...]] = {
    "perpetrators": tuple(Perpetrator.values),
    "people": (*PeopleKind.values, "at_work"),
    "counting": ("persons", "units", "described", "including", "portions", "labels", "survivors"),
    "number_links": ("and", "range", "between", "times", "half", "about"),
    "negation": ("no", "after", "breaks"),
    "future": ("marks",),
    "places": (
        *("at", "near", "from", "mine_of", "away", "titles"),
        *("between", "and", "of", "kilometres", "miles"),
        *("road", "road_to", "kept"),
    ),
    "directions": (
        *("north", "south", "east", "west"),
        *("northeast", "northwest", "southeast", "southwest"),
    ),
    "dates": (
        *(
            "today",
            "now",
            "yesterday",
            "day_before",
            "future",
            "every",
            "since",
            "for",
            "last",
            "this",
            "until",
        ),
        *("eve", "ago", "ago_before", "day", "week", "weekend", "month", "year", "day_number", "of"),
    ),
    "hours": ("at", "unit", "am", "pm", "noon", "midnight"),
    "relevance": ("keyword", "greeting", "asking", "advert", "sport", "social", "distress", "filler"),
    "ignore": ("phrases",),
}
TABLES = {"numbers": 1_000_000, "weekdays": 7, "months": 12}
TEXTS = ("language", "checked_by")
VERB_PARTS = ("negatives", "subjects", "tenses", "futures", "relatives", "objects", "bare")

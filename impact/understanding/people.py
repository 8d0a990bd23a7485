"""How many people: the numbers of a text, each with the kind of harm that it counts."""

import re
from collections.abc import Sequence

from msgspec import structs

from impact.understanding.counts import Count, counts_in
from impact.understanding.day_numbers import is_of_date, number_of_weekday
from impact.understanding.denials import is_negated
from impact.understanding.facts import PeopleFound
from impact.understanding.pairing import PERSONS, paired_counts
from impact.understanding.phrase_notation import FUTURE, Label
from impact.understanding.phrases import Match
from impact.understanding.portions import are_shared, counts_included, without_portions
from impact.understanding.scanning import MarkedText
from impact.understanding.tokens import span_of
from impact.understanding.victims import (
    ENGLISH_ARTICLES,
    are_victims,
    counts_survivors,
    ends_deed,
    is_actor,
    is_four,
    is_of_actors,
    is_source,
    is_word,
    past_age,
)
from impact.vocabulary import Harm, PeopleKind

_TEXTED_FOR = 4
_MOST_PEOPLE = 100_000
_UNIT_REACH = 1
_OLDEST_CHILD = 17
# "21e régiment", "3rd pit": written together with their number.
_ORDINAL_ENDINGS = {"e", "er", "ere", "eme", "ieme", "o", "a", "st", "nd", "rd", "th"}
_DECIMAL_BEFORE = re.compile(r"\d[.,]$")
_DECIMAL_AFTER = re.compile(r"[.,]\d")
_WRITTEN_DAY = re.compile(r"(?<!\d)\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?!\d)")
_ALL_OF_THEM = {"them", "dem", "den"}
_AT_WORK, _AFFECTED = "at_work", Label("people", PeopleKind.AFFECTED.value)


def find_people(marked: MarkedText) -> tuple[PeopleFound, ...]:
    """The people whom a text counts, by kind. A count without a kind, or of things, says nothing."""
    numbers = counts_in(marked) if marked.marks("people") else ()
    if not numbers:
        return ()
    kinds = [m for m in _kinds(marked) if not is_negated(m, marked) and m.form != FUTURE]
    written_days = [match.span() for match in _WRITTEN_DAY.finditer(marked.text)]
    day_numbers = {number_of_weekday(match, marked) for match in marked.marks("weekdays")}
    counts = [
        count
        for count in numbers
        if count.first not in day_numbers
        and _counts_people(count, marked, kinds)
        and not any(start <= marked.tokens[count.first].start < end for start, end in written_days)
    ]
    if not (kinds and counts):
        return ()
    included = counts_included(counts, kinds, marked) | are_shared(counts, marked)
    counts = [
        count
        for count in counts
        if count.first not in included and not _counts_actors(count, counts, kinds, marked)
    ]
    # Who was rescued is one of others who are counted; alone it is they who suffered ("14 slaves rescued").
    harmed = [count for count in counts if not counts_survivors(count, marked, kinds)]
    counts = harmed or counts
    totals: dict[str, list[tuple[int, Count, Match]]] = {}
    paired = without_portions(paired_counts(counts, kinds, marked), marked)
    for stretch, count, kind in _outlived(paired, kinds, marked):
        totals.setdefault(kind.label.name, []).append((stretch, count, kind))
    return tuple(
        _summed(kind, totals[kind], marked)
        for kind in sorted(totals, key=lambda name: PeopleKind.values.index(name))
    )


def _kinds(marked: MarkedText) -> list[Match]:
    """What may be counted; who only works is affected where a harm of labour is told, and not otherwise."""
    kinds = marked.marks("people")
    if not marked.marks("people", _AT_WORK):
        return kinds
    if not marked.marks("harms", Harm.FORCED_LABOUR, Harm.CHILD_LABOUR):
        return [kind for kind in kinds if kind.label.name != _AT_WORK]
    return [structs.replace(kind, label=_AFFECTED) if kind.label.name == _AT_WORK else kind for kind in kinds]


def _counts_people(count: Count, marked: MarkedText, kinds: Sequence[Match]) -> bool:
    tokens = marked.tokens
    if not 0 < count.low <= _MOST_PEOPLE:
        return False
    suffix = tokens[count.last + 1 : count.last + 2]
    if suffix and suffix[0].word in _ORDINAL_ENDINGS and suffix[0].start == tokens[count.last].end:
        return False
    if count.low <= _OLDEST_CHILD and _is_bare_age(count, marked):
        return False
    beside = range(count.last + 1, count.last + 1 + _UNIT_REACH)
    if years := {m.first for m in marked.marks("dates", "year")}:
        # "13 ans", "13, 14 et 15 ans".
        listed = {m.first for m in marked.marks("number_links", "and")}
        at = count.last + 1
        while count.low > 1 and at < len(tokens) and (tokens[at].number is not None or at in listed):
            at += 1
        if at in years:
            return False
    if any(m.first in beside for m in marked.marks("counting", "units")) and not are_victims(
        count, count.last + 1, marked, kinds
    ):
        return False
    follows = ("labels", "units") if marked.lexicons and marked.lexicons[0].noun_first else ("labels",)
    is_led = count.first > 0 and tokens[count.first - 1].clause == tokens[count.first].clause
    # "Zaidi ya 10" is more than ten, "shimo la 3" the third pit.
    is_led &= not any(m.last == count.first - 1 for m in marked.marks("number_links", "about"))
    if is_led and any(m.last == count.first - 1 for m in marked.marks("counting", *follows)):
        return are_victims(count, count.first - 1, marked, kinds)
    is_counted = any(m.first == count.last + 1 for m in marked.marks("counting", "persons"))
    if count.low == _TEXTED_FOR and not is_counted and is_word(count, marked):
        return False
    # "10 hadi 12": the word between the ends of a range is no date.
    dates = {
        m.label.name
        for m in marked.marks("dates")
        for end in (count.first, count.last)
        if m.first <= end <= m.last
    }
    if dates and not (is_counted and dates == {"for"} and is_four(count, marked, kinds)):
        return False
    if (
        is_led
        and not is_counted
        and any(m.last == count.first - 1 for m in marked.marks("dates", "day_number"))
    ):
        return False
    if is_of_date(count, marked):
        return False
    # "3R" is the name of a group.
    if marked.covering("perpetrators", count.first):
        return False
    text, start, end = marked.text, tokens[count.first].start, tokens[count.last].end
    if _DECIMAL_BEFORE.search(text, max(0, start - 2), start) or _DECIMAL_AFTER.match(text, end):
        return False
    if text[max(0, start - 1) : start] in {"/", ":", "#", "+", "$"} or text[end : end + 1] in {
        "/",
        "%",
        "°",
        "$",
        "€",
    }:
        return False
    if count.low == 1 and tokens[count.first].number is None:
        # "a", "un", "um" are articles as well: they count when a person follows at once, who did not do it.
        after = past_age(count.last + 1, marked)
        near = (count.first - 1, after, after + 1)
        if is_source(count, marked) or any(is_actor(index, marked, kinds) for index in near[1:]):
            return False
        persons = [m for m in marked.marks("counting", *PERSONS) if tokens[m.first].word != "of"]
        if any(m.first in near for m in persons):
            return True
        if ends_deed(count, marked, kinds):
            return True
        # "Un mort"; but "took a cut".
        return tokens[count.first].word not in ENGLISH_ARTICLES and any(
            m.first == count.last + 1 for m in kinds
        )
    return True


def _is_bare_age(count: Count, marked: MarkedText) -> bool:
    """ "Menina de 13", "une fille de 14": the age of one who is named before it, with no word for years."""
    if count.first < 2 or marked.tokens[count.first - 1].word not in {"de", "of"}:
        return False
    persons = marked.marks("counting", *PERSONS)
    return any(
        m.first <= count.first - 2 <= m.last and not marked.tokens[m.last].word.startswith("famil")
        for m in persons
    ) and not any(m.first == count.last + 1 for m in persons)


def _counts_actors(count: Count, counts: list[Count], kinds: Sequence[Match], marked: MarkedText) -> bool:
    """Whether it counts those who did it: "two guards beat three men", not "two guards were killed"."""
    if is_of_actors(count, marked, kinds):
        return True
    if not any(actor.first == count.last + 1 for actor in marked.covering("perpetrators", count.last + 1)):
        return False
    clause = marked.tokens[count.first].clause
    deed = next((kind for kind in kinds if kind.first > count.last), None)
    return (
        deed is not None
        and marked.tokens[deed.first].clause == clause
        and any(other.first > deed.first and marked.tokens[other.first].clause == clause for other in counts)
    )


def _outlived(
    paired: list[tuple[int, Count, Match]], kinds: list[Match], marked: MarkedText
) -> list[tuple[int, Count, Match]]:
    """One who was hurt and then died is dead: "shot a herder and dumped his body"; of several only those who
    are counted are."""
    deaths = [kind for kind in kinds if kind.label.name == PeopleKind.KILLED]
    if not deaths or any(kind.label.name == PeopleKind.KILLED for _, _, kind in paired):
        return paired
    return [
        (stretch, count, next((death for death in deaths if _ends(death, kind, count, marked)), kind))
        for stretch, count, kind in paired
    ]


def _ends(death: Match, kind: Match, count: Count, marked: MarkedText) -> bool:
    sentence_of = [token.sentence for token in marked.tokens]
    following = {token.word for token in marked.tokens[death.last + 1 : death.last + 2]}
    return (
        kind.label.name in {PeopleKind.INJURED, PeopleKind.AFFECTED}
        # "Shot three boys and killed them".
        and (count.high == 1 or bool(following & _ALL_OF_THEM))
        and death.first > kind.first
        and sentence_of[death.first] == sentence_of[kind.first]
    )


def _summed(kind: str, rows: list[tuple[int, Count, Match]], marked: MarkedText) -> PeopleFound:
    """Counts of one kind in the same stretch add up ("2 men and 3 women"); elsewhere they repeat."""
    lows: dict[int, int] = {}
    highs: dict[int, int] = {}
    for stretch, count, _ in rows:
        lows[stretch] = lows.get(stretch, 0) + count.low
        highs[stretch] = highs.get(stretch, 0) + count.high
    best = max(lows, key=lambda stretch: (lows[stretch], -stretch))
    spans = [
        span
        for stretch, count, match in rows
        if stretch == best
        for span in (span_of(marked.tokens, count.first, count.last), match.span)
    ]
    return PeopleFound(kind, lows[best], highs[best], tuple(dict.fromkeys(spans)))

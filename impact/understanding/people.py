"""How many people: the numbers of a text, each with the kind of harm that it counts."""

import re
from collections import Counter
from collections.abc import Sequence

from impact.understanding.counts import Count, counts_in
from impact.understanding.day_numbers import is_of_date, number_of_weekday
from impact.understanding.facts import PeopleFound
from impact.understanding.harms import is_negated
from impact.understanding.phrase_notation import FUTURE
from impact.understanding.phrases import Match
from impact.understanding.portions import counts_included, without_portions
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
)
from impact.vocabulary import PeopleKind

_MOST_PEOPLE = 100_000
_REACH, _LONE_REACH = 7, 16
_UNIT_REACH = 1
_PERSON_REACH = 4
_NEXT_KIND_REACH = 5
_LISTED_WORDS = 2
_DECIMAL_BEFORE = re.compile(r"\d[.,]$")
_DECIMAL_AFTER = re.compile(r"[.,]\d")
_WRITTEN_DAY = re.compile(r"(?<!\d)\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?!\d)")
# Who is counted; "a girl of 14" begins with one of them.
_PERSONS = ("persons", "including")


def find_people(marked: MarkedText) -> tuple[PeopleFound, ...]:
    """The people whom a text counts, by kind. A count without a kind, or of things, says nothing."""
    kinds = [m for m in marked.marks("people") if not is_negated(m, marked) and m.form != FUTURE]
    if not kinds:
        return ()
    written_days = [match.span() for match in _WRITTEN_DAY.finditer(marked.text)]
    day_numbers = {number_of_weekday(match, marked) for match in marked.marks("weekdays")}
    counts = [
        count
        for count in counts_in(marked)
        if count.first not in day_numbers
        and _counts_people(count, marked, kinds)
        and not any(start <= marked.tokens[count.first].start < end for start, end in written_days)
    ]
    included = counts_included(counts, kinds, marked)
    counts = [
        count
        for count in counts
        if count.first not in included and not _counts_actors(count, counts, kinds, marked)
    ]
    # Who was rescued is one of others who are counted; alone it is they who suffered ("14 slaves rescued").
    harmed = [count for count in counts if not counts_survivors(count, marked, kinds)]
    counts = harmed or counts
    totals: dict[str, list[tuple[int, Count, Match]]] = {}
    paired = without_portions(_paired(counts, kinds, marked), marked)
    for stretch, count, kind in _outlived(paired, kinds, marked):
        totals.setdefault(kind.label.name, []).append((stretch, count, kind))
    return tuple(
        _summed(kind, totals[kind], marked)
        for kind in sorted(totals, key=lambda name: PeopleKind.values.index(name))
    )


def _counts_people(count: Count, marked: MarkedText, kinds: Sequence[Match]) -> bool:
    tokens = marked.tokens
    if not 0 < count.low <= _MOST_PEOPLE:
        return False
    beside = range(count.last + 1, count.last + 1 + _UNIT_REACH)
    if any(m.first in beside for m in marked.marks("dates", "year")):
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
    if text[max(0, start - 1) : start] in {"/", ":", "#", "+", "$"} or text[end : end + 1] in {"/", "%", "°"}:
        return False
    if count.low == 1 and tokens[count.first].number is None:
        # "a", "un", "um" are articles as well: they count when a person follows at once, who did not do it.
        after = _past_age(count.last + 1, marked)
        near = (count.first - 1, after, after + 1)
        if is_source(count, marked) or any(is_actor(index, marked, kinds) for index in near[1:]):
            return False
        persons = [m for m in marked.marks("counting", *_PERSONS) if tokens[m.first].word != "of"]
        if any(m.first in near for m in persons):
            return True
        if ends_deed(count, marked, kinds):
            return True
        # "Un mort"; but "took a cut".
        return tokens[count.first].word not in ENGLISH_ARTICLES and any(
            m.first == count.last + 1 for m in kinds
        )
    return True


def _past_age(at: int, marked: MarkedText) -> int:
    """The token behind the age or the like of somebody: "a 34 year old digger", "a young pregnant woman"."""
    described = {m.first: m.last for m in marked.marks("counting", "described")}
    while at in described or (at < len(marked.tokens) and marked.tokens[at].number and at + 1 in described):
        at = described.get(at, at) + 1
    return at


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


def _paired(counts: list[Count], kinds: list[Match], marked: MarkedText) -> list[tuple[int, Count, Match]]:
    """Each count with the kind that it counts: the nearest in its stretch of the sentence, order kept."""
    tokens = marked.tokens
    persons = {index for m in marked.marks("counting", *_PERSONS) for index in range(m.first, m.last + 1)}
    pairs = []
    for stretch, (some_counts, some_kinds) in enumerate(_stretches(counts, kinds, marked)):
        if not some_kinds:
            continue
        leads_with_count = bool(some_counts) and (
            some_counts[0].first < some_kinds[0].first
            or all(any(kind.first == count.last + 1 for kind in some_kinds) for count in some_counts)
        )
        for count in some_counts:
            kind = _kind_of(count, some_counts, some_kinds, leads_with_count)
            if kind is None:
                continue
            near = range(count.last + 1, _past_age(count.last + 1, marked) + _PERSON_REACH)
            around = kind.first < count.first <= kind.last
            adjoins = around or 0 <= kind.first - count.last - 1 <= 4 or 0 <= count.first - kind.last - 1 <= 4
            before = any(count.first - back in persons for back in (1, 2, 3))
            if adjoins or before or any(index in persons for index in near):
                pairs.append((tokens[count.first].sentence * 1000 + stretch, count, kind))
    return pairs


def _outlived(
    paired: list[tuple[int, Count, Match]], kinds: list[Match], marked: MarkedText
) -> list[tuple[int, Count, Match]]:
    """One who was hurt and then died is dead: "shot a herder and dumped his body"; of several only those who
    are counted are."""
    deaths = [kind for kind in kinds if kind.label.name == PeopleKind.KILLED]
    if not deaths or any(kind.label.name == PeopleKind.KILLED for _, _, kind in paired):
        return paired
    sentence_of = [token.sentence for token in marked.tokens]
    return [
        (stretch, count, next((death for death in deaths if _ends(death, kind, count, sentence_of)), kind))
        for stretch, count, kind in paired
    ]


def _ends(death: Match, kind: Match, count: Count, sentence_of: list[int]) -> bool:
    return (
        kind.label.name == PeopleKind.INJURED
        and count.high == 1
        and death.first > kind.first
        and sentence_of[death.first] == sentence_of[kind.first]
    )


def _stretches(
    counts: list[Count], kinds: list[Match], marked: MarkedText
) -> list[tuple[list[Count], list[Match]]]:
    """Counts and kinds clause by clause; one that lacks the one joins one that lacks the other."""
    clauses: dict[int, tuple[list[Count], list[Match]]] = {}
    for count in counts:
        clauses.setdefault(marked.tokens[count.first].clause, ([], []))[0].append(count)
    for kind in kinds:
        clauses.setdefault(marked.tokens[kind.first].clause, ([], []))[1].append(kind)
    sentence_of = {token.clause: token.sentence for token in marked.tokens}
    words_in = Counter(token.clause for token in marked.tokens)
    parts: list[tuple[list[Count], list[Match]]] = []
    last_sentence = clause_before = -2
    for clause in sorted(clauses):
        some_counts, some_kinds = clauses[clause]
        is_next = sentence_of[clause] - last_sentence <= 1
        is_same = sentence_of[clause] == last_sentence
        last_sentence = sentence_of[clause]
        is_listed = is_same and words_in[clause_before] <= _LISTED_WORDS
        clause_before = clause
        if parts and _belong_together(
            parts[-1], (some_counts, some_kinds), is_same=is_same, is_next=is_next, is_listed=is_listed
        ):
            parts[-1] = (parts[-1][0] + some_counts, parts[-1][1] + some_kinds)
        else:
            parts.append((some_counts, some_kinds))
    return parts


def _belong_together(
    before: tuple[list[Count], list[Match]],
    after: tuple[list[Count], list[Match]],
    *,
    is_same: bool,
    is_next: bool,
    is_listed: bool,
) -> bool:
    """Whether a clause completes the one before: numbers with no kind, and kinds with no number.

    "3 men, 2 women were killed" is a list; "they were 8, 3 died" is none.
    """
    lacks_kind, lacks_count = not before[1], not before[0]
    if is_same and not after[1]:
        return True
    return is_next and (
        (lacks_kind and not after[0]) or (lacks_count and not after[1]) or (is_listed and lacks_kind)
    )


def _kind_of(count: Count, counts: list[Count], kinds: list[Match], leads_with_count: bool) -> Match | None:
    """The nearest kind on the side that the stretch uses ("2 killed and 3 hurt", "killed 2 and hurt 3")."""
    around = next((kind for kind in kinds if kind.first < count.first <= kind.last), None)
    if around:
        return around
    # "... at the mine, 7 wounded": what follows at once, unless the numbers come after their kinds.
    following = next((kind for kind in kinds if kind.first == count.last + 1), None)
    if following and not any(kind.last == count.first - 1 for kind in kinds):
        return following
    # "Two girls who sell food at the quarry were forced ...": nothing else that it could count.
    reach = _LONE_REACH if len(counts) == 1 and len(kinds) == 1 else _REACH
    after = [kind for kind in kinds if 0 < kind.first - count.last <= reach]
    before = [kind for kind in kinds if 0 < count.first - kind.last <= _REACH]
    if leads_with_count:
        other = next((c for c in counts if c.first > count.last), None)
        own = [kind for kind in after if other is None or kind.first < other.first]
        return own[0] if own else after[0] if after else before[-1] if before else None
    earlier = [c for c in counts if c.last < count.first]
    own = [kind for kind in before if not earlier or kind.first > earlier[-1].last]
    if own:
        return own[-1]
    if after and after[0].first - count.last <= _NEXT_KIND_REACH:
        return after[0]
    return before[-1] if before else after[0] if after else None


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

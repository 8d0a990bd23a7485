"""Each number of a text with the kind of harm that it counts: the nearest in its stretch of the sentence."""

from collections import Counter
from collections.abc import Sequence

from impact.understanding.counts import Count
from impact.understanding.phrases import Match
from impact.understanding.scanning import MarkedText
from impact.understanding.tokens import Token
from impact.understanding.victims import ENGLISH_ARTICLES, past_age, past_copulas

_REACH, _LONE_REACH = 7, 16
_PERSON_REACH = 4
_NEXT_KIND_REACH = 5
_LISTED_WORDS = 2
_AT_LEAST = {"least", "moins", "menos", "environ"}
# Who is counted; "a girl of 14" begins with one of them.
PERSONS = ("persons", "including")


def paired_counts(
    counts: list[Count], kinds: list[Match], marked: MarkedText
) -> list[tuple[int, Count, Match]]:
    """Each count with the kind that it counts: the nearest in its stretch of the sentence, order kept."""
    tokens = marked.tokens
    persons = {index for m in marked.marks("counting", *PERSONS) for index in range(m.first, m.last + 1)}
    pairs = []
    for stretch, (some_counts, some_kinds) in enumerate(_stretches(counts, kinds, marked)):
        if not some_kinds:
            continue
        leads_with_count = bool(some_counts) and (
            some_counts[0].first < some_kinds[0].first
            or all(any(kind.first == count.last + 1 for kind in some_kinds) for count in some_counts)
        )
        for count in some_counts:
            kind = _kind_of(count, some_counts, some_kinds, tokens, leads_with_count=leads_with_count)
            if kind is None and len(some_counts) == 1:
                kind = _distant_kind(count, some_kinds, persons, tokens)
                if kind:
                    pairs.append((tokens[count.first].sentence * 1000 + stretch, count, kind))
                continue
            if kind is None:
                continue
            near = range(count.last + 1, past_age(count.last + 1, marked) + _PERSON_REACH)
            around = kind.first < count.first <= kind.last
            adjoins = around or 0 <= kind.first - count.last - 1 <= 4 or 0 <= count.first - kind.last - 1 <= 4
            before = any(count.first - back in persons for back in (1, 2, 3))
            if adjoins or before or any(index in persons for index in near):
                pairs.append((tokens[count.first].sentence * 1000 + stretch, count, kind))
    return pairs


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
    told_in = {marked.tokens[kind.first].sentence for kind in kinds}
    words_in = Counter(token.clause for token in marked.tokens)
    parts: list[tuple[list[Count], list[Match]]] = []
    last_sentence = clause_before = -2
    for clause in sorted(clauses):
        some_counts, some_kinds = clauses[clause]
        is_next = sentence_of[clause] - last_sentence <= 1
        # "They attacked the camp. At least 29 people, among them children, were killed."
        is_next &= (
            bool(some_kinds) or sentence_of[clause] == last_sentence or sentence_of[clause] not in told_in
        )
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


def _distant_kind(
    count: Count, kinds: list[Match], persons: set[int], tokens: Sequence[Token]
) -> Match | None:
    """The kind of the only count of a stretch, however far off, where only one is told there.

    "Un enfant de 9 ans est tombé dans un trou, le corps ..."; "lavent le gravier ..., on en a compté 23".
    """
    if len({kind.label.name for kind in kinds}) > 1 or tokens[count.first].word in ENGLISH_ARTICLES:
        return None
    if count.last + 1 in persons and kinds[0].first > count.last:
        return kinds[0]
    is_led = count.first - 1 in persons or tokens[count.first - 1].word in _AT_LEAST
    return kinds[-1] if is_led and kinds[-1].last < count.first else None


def _kind_of(
    count: Count, counts: list[Count], kinds: list[Match], tokens: Sequence[Token], *, leads_with_count: bool
) -> Match | None:
    """The nearest kind on the side that the stretch uses ("2 killed and 3 hurt", "killed 2 and hurt 3")."""
    around = next((kind for kind in kinds if kind.first < count.first <= kind.last), None)
    if around:
        return around
    # "... at the mine, 7 wounded": what follows at once, unless the numbers come after their kinds.
    at = past_copulas(count.last + 1, tokens)
    following = next((kind for kind in kinds if kind.first == at), None)
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

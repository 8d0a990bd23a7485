"""Stretches of time in a text: "3 days ago", "il y a 3 jours", "last week", "for two months"."""

from datetime import date, timedelta

from impact.understanding.calendar_days import OLDEST_YEARS, DayCandidate, month_end, month_start
from impact.understanding.counts import Count, counts_in
from impact.understanding.phrases import Match
from impact.understanding.scanning import MarkedText
from impact.vocabulary import Harm

_UNITS = ("day", "week", "month", "year")
_AGE_REACH = 2
_LASTING = {"que", "qu"}
_DENIAL_REACH = 3
_PAST_ENDINGS = ("aram", "eram", "iram")  # of Portuguese verbs
_DEEDS = (Harm.KILLING, Harm.INJURY, Harm.ARREST, Harm.DISAPPEARANCE, Harm.EVICTION)
SATURDAY = 5  # date.weekday()


def time_stretches(marked: MarkedText, today: date) -> list[DayCandidate]:
    """Every stretch that ends on the day of receipt or before it."""
    units = marked.marks("dates", *_UNITS)
    counts = {count.last: count for count in counts_in(marked)} if units else {}
    found = []
    for unit in units:
        count = counts.get(unit.first - 1) or counts.get(unit.last + 1)
        name = unit.label.name
        if count and not _belongs_elsewhere(count, unit, marked):
            first, last = min(count.first, unit.first), max(count.last, unit.last)
            found += _counted(count.low, name, first, last, marked, today)
            continue
        if name == "day":
            # "Days ago" tells of no day; and Krio "de pas" is "passes".
            continue
        if is_beside(unit, marked, "last", before=1, after=1) or is_beside(unit, marked, "ago", after=1):
            found.append(_whole(name, 1, unit, today))
        elif is_beside(unit, marked, "this", before=1, after=1) and name != "day":
            found.append(_whole(name, 0, unit, today))
    return found + [_weekend(match, marked, today) for match in _weekends(marked)]


def _weekends(marked: MarkedText) -> list[Match]:
    return [
        match
        for match in marked.marks("dates", "weekend")
        if not is_beside(match, marked, "every", before=2)
        and not is_beside(match, marked, "future", before=1, after=1)
        and not is_beside(match, marked, "until", before=2)
    ]


def _weekend(match: Match, marked: MarkedText, today: date) -> DayCandidate:
    """Saturday and Sunday, those of today where it is one of them and nobody says "last"."""
    back = (today.weekday() - SATURDAY) % 7
    if back < 2 and is_beside(match, marked, "last", before=1, after=1):
        back += 7
    saturday = today - timedelta(days=back)
    return DayCandidate(saturday, saturday + timedelta(days=1), 3.5, 0.9, match.first, match.last)


def _belongs_elsewhere(count: Count, unit: Match, marked: MarkedText) -> bool:
    """A number after the unit counts it where numbers follow their nouns ("siku 3", "sanza mibale").

    There a number before "wiki iliyopita", the past week, counts what stands before it ("watu sita").
    """
    if count.first > unit.last:
        return not any(book.noun_first for book in marked.lexicons)
    is_noun_first = bool(marked.lexicons) and marked.lexicons[0].noun_first
    return is_noun_first and is_beside(unit, marked, "last", after=1)


def _counted(
    count: int, unit: str, first: int, last: int, marked: MarkedText, today: date
) -> list[DayCandidate]:
    marks = marked.marks("dates", "ago", "ago_before", "for", "since", "last")
    before = {m.label.name for m in marks if 0 < first - m.last <= 1}
    after = {m.label.name for m in marks if 0 < m.first - last <= 1}
    if not 0 < count <= OLDEST_YEARS * 12 or (
        unit == "year" and "ago" not in after and _is_age(first, marked)
    ):
        return []
    sentence = marked.tokens[first].sentence
    # "não paga há dois meses" has lasted for two months; "prenderam-no há dois meses" was then.
    is_lasting = "ago_before" in before and any(
        m.last < first and marked.tokens[m.first].sentence == sentence for m in marked.marks("negation", "no")
    )
    following = marked.tokens[last + 1].word if last + 1 < len(marked.tokens) else ""
    # "Faz quatro dias que levaram ..." was then.
    is_deed = not any(0 < m.first - last <= _DENIAL_REACH for m in marked.marks("negation", "no")) and (
        any(
            m.first > last and marked.tokens[m.first].sentence == sentence and m.label.strength == "sure"
            for m in marked.marks("harms", *_DEEDS)
        )
        or any(t.sentence == sentence and t.word.endswith(_PAST_ENDINGS) for t in marked.tokens[last + 2 :])
    )
    # "Há dois meses que não recebemos", "il y a deux mois qu'on attend": until now.
    opens = first == 0 or marked.tokens[first - 1].sentence != sentence
    is_lasting |= ("ago_before" in before or opens) and following in _LASTING and not is_deed
    is_unpaid = any(
        marked.tokens[m.first].sentence == sentence for m in marked.marks("harms", Harm.UNPAID_WAGES)
    )
    # Sango "asara" is both "it was" and "for": what is unpaid has lasted.
    is_lasting |= is_unpaid and "for" in before
    is_ago = "ago" in after or ("ago_before" in before and not is_lasting)
    if is_ago and "since" not in before:
        if unit == "day":
            day = today - timedelta(days=count)
            return [DayCandidate(day, day, 4.0, 0.95, first, last)]
        start, end = _span_back(unit, count, today)
        return [DayCandidate(start, end, 3.0, 0.85, first, last)]
    # "Three months without pay" has lasted until now, whatever stands beside it.
    if is_lasting or is_unpaid or before & {"since", "for", "last"} or after & {"last"}:
        return [DayCandidate(_back(unit, count, today), today, 2.5, 0.85, first, last)]
    return []


def _is_age(first: int, marked: MarkedText) -> bool:
    """Whether years that begin at a token are those of somebody: "mwana ya mbula 12", a child of 12."""
    return any(0 < first - m.last <= _AGE_REACH for m in marked.marks("counting", "persons"))


def _whole(unit: str, back: int, match: Match, today: date) -> DayCandidate:
    start, end = _span_back(unit, back, today)
    weight = {"day": 4.0, "week": 3.0, "month": 2.0, "year": 1.0}[unit]
    return DayCandidate(start, end, weight, 0.9, match.first, match.last)


def _span_back(unit: str, count: int, today: date) -> tuple[date, date]:
    """The whole day, week, month or year that lies so many back."""
    if unit == "day":
        return today - timedelta(days=count), today - timedelta(days=count)
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + 7 * count)
        return monday, monday + timedelta(days=6)
    if unit == "month":
        start = month_start(today, count)
        return start, month_end(start)
    return date(today.year - count, 1, 1), date(today.year - count, 12, 31)


def _back(unit: str, count: int, today: date) -> date:
    """The day that lies so many days, weeks, months or years before."""
    if unit in {"day", "week"}:
        return today - timedelta(days=count * (7 if unit == "week" else 1))
    start = month_start(today, count * (12 if unit == "year" else 1))
    return start.replace(day=min(today.day, month_end(start).day))


def is_beside(match: Match, marked: MarkedText, name: str, *, before: int = 0, after: int = 0) -> bool:
    """Whether a phrase of the list `dates.<name>` stands so many words before or after."""
    return any(
        0 < match.first - other.last <= before or 0 < other.first - match.last <= after
        for other in marked.marks("dates", name)
    )

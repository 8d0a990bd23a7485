"""When it happened: words, weekdays, figures and stretches of time, counted back from the day of receipt.

Never in the future. A week runs from Monday; a week or a month is its whole span, "since" runs to the day
of receipt.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from impact.understanding.facts import DateFound, Hints, Span
from impact.understanding.lexicon import countries
from impact.understanding.people import Count, counts_in
from impact.understanding.phrases import Match
from impact.understanding.scanning import MarkedText
from impact.understanding.tokens import span_of
from impact.vocabulary import DatePrecision

_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/])")
_DAY_MONTH = re.compile(r"(?<![\d/.,-])(\d{1,2})/(\d{1,2})(?![\d/]|[.,]\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ORDINALS = {"st", "nd", "rd", "th", "er", "eme", "de", "of", "wa", "mwezi"}
_MONTH_CUES = {
    *("in", "since", "last", "of", "en", "depuis", "mois", "debut", "fin", "courant", "em", "desde", "de"),
    *("mes", "mwezi", "wa", "tangu", "during", "late", "early", "mid", "este", "this", "d", "au"),
}
_YEAR_CUES = {"in", "since", "en", "depuis", "em", "desde", "mwaka", "tangu", "of", "l", "an", "annee", "ano"}
_OLDEST_YEARS = 40
_SINCE_REACH = 2
_UNITS = ("day", "week", "month", "year")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A stretch of days with the words it came from; the higher weight is chosen, then the earlier words."""

    from_on: date
    to_on: date
    weight: float
    confidence: float
    first: int
    last: int


def find_date(marked: MarkedText, hints: Hints, *, is_only_threat: bool) -> DateFound | None:
    """When it happened, or None when the text does not say or speaks of the future alone."""
    today = received_on(hints)
    candidates = [
        *_written(marked, today),
        *_spoken(marked, today, is_only_threat=is_only_threat),
        *_weekdays(marked, today),
        *_months(marked, today),
        *_stretches(marked, today),
    ]
    candidates = [_since(candidate, marked, today) for candidate in candidates if candidate.from_on <= today]
    if not candidates:
        return None
    best = max(candidates, key=lambda c: (c.weight, -c.first, c.last))
    to_on = min(best.to_on, today)
    return DateFound(
        from_on=best.from_on,
        to_on=to_on,
        precision=_precision(best.from_on, to_on),
        confidence=best.confidence,
        spans=(span_of(marked.tokens, best.first, best.last),),
    )


def received_on(hints: Hints) -> date:
    """The day of receipt on the calendar of the sender's country, as far as that is known."""
    zone = countries().zones.get(hints.sender_country)
    return (hints.received_at.astimezone(zone) if zone else hints.received_at).date()


def _written(marked: MarkedText, today: date) -> list[_Candidate]:
    found = []
    for pattern in (_ISO, _DAY_FIRST, _DAY_MONTH):
        for match in pattern.finditer(marked.text):
            day = _date_of(match, today)
            tokens = _tokens_within(marked, Span(*match.span()))
            if day and tokens:
                found.append(_Candidate(day, day, 5.0, 0.95, *tokens))
    return found


def _date_of(match: re.Match[str], today: date) -> date | None:
    if match.re is _ISO:
        return _past(int(match[1]), int(match[2]), int(match[3]), today)
    if match.re is _DAY_FIRST:
        year = int(match[4]) + (2000 if len(match[4]) == 2 else 0)
        return _past(year, int(match[3]), int(match[1]), today) or _past(
            year, int(match[1]), int(match[3]), today
        )
    return _latest(int(match[2]), int(match[1]), today) or _latest(int(match[1]), int(match[2]), today)


def _past(year: int, month: int, day: int, today: date) -> date | None:
    try:
        written = date(year, month, day)
    except ValueError:
        return None
    return written if written <= today and today.year - written.year <= _OLDEST_YEARS else None


def _latest(month: int, day: int, today: date) -> date | None:
    return next((found for back in range(5) if (found := _past(today.year - back, month, day, today))), None)


def _tokens_within(marked: MarkedText, span: Span) -> tuple[int, int] | None:
    within = [i for i, t in enumerate(marked.tokens) if span.start <= t.start and t.end <= span.end]
    return (within[0], within[-1]) if within else None


def _spoken(marked: MarkedText, today: date, *, is_only_threat: bool) -> list[_Candidate]:
    found = []
    announcements = marked.marks("future")
    for name, back, weight in (
        ("today", 0, 4.0),
        ("now", 0, 1.0),
        ("yesterday", 1, 4.0),
        ("day_before", 2, 4.2),
    ):
        for match in marked.marks("dates", name):
            if back == 0 and is_only_threat and any(a.first < match.first for a in announcements):
                continue
            if name == "yesterday" and any(
                m.first <= match.first <= m.last
                for m in marked.marks("dates", "day_before", "last")
                if m.last > m.first or _follows_unit(m, marked)
            ):
                continue
            day = today - timedelta(days=back)
            confidence = 1.0 if weight > 1 else 0.6
            found.append(_Candidate(day, day, weight, confidence, match.first, match.last))
    return found


def _follows_unit(match: Match, marked: MarkedText) -> bool:
    """Swahili "mwaka jana" is last year, not yesterday."""
    return any(m.last == match.first - 1 for m in marked.marks("dates", "week", "month", "year"))


def _weekdays(marked: MarkedText, today: date) -> list[_Candidate]:
    found = []
    for match in marked.marks("weekdays"):
        if _beside(match, marked, "every", before=2) or _beside(match, marked, "future", before=1, after=2):
            continue
        back = (today.isoweekday() - int(match.label.name)) % 7 or 7
        day = today - timedelta(days=back)
        last_week = today - timedelta(days=today.weekday() + 7)
        week = next((m for m in marked.marks("dates", "week") if 0 < m.first - match.last <= 4), None)
        if week and _beside(week, marked, "last", before=1, after=1):
            day = last_week + timedelta(days=int(match.label.name) - 1)
        found.append(_Candidate(day, day, 3.9, 0.95, match.first, match.last))
    return found


def _beside(match: Match, marked: MarkedText, name: str, *, before: int = 0, after: int = 0) -> bool:
    return any(
        0 < match.first - other.last <= before or 0 < other.first - match.last <= after
        for other in marked.marks("dates", name)
    )


def _months(marked: MarkedText, today: date) -> list[_Candidate]:
    """A day of a month, or a whole month: "14 November", "November 14, 2026", "in October"."""
    found = []
    tokens = marked.tokens
    for match in marked.marks("months"):
        month = int(match.label.name)
        year, last = None, match.last
        if last + 1 < len(tokens) and _YEAR.fullmatch(tokens[last + 1].text):
            year, last = int(tokens[last + 1].text), last + 1
        at = match.first - 1
        while at > 0 and tokens[at].word in _ORDINALS:
            at -= 1
        day_number = tokens[at].number if at >= 0 and match.first - at <= 3 else None
        first = at
        if not (day_number and day_number <= 31) and match.last + 1 < len(tokens):
            day_number, first = tokens[match.last + 1].number, match.first
            last = max(last, match.last + 1) if day_number and day_number <= 31 else last
            if day_number and day_number <= 31 and year is None:
                after = next((t for t in tokens[last + 1 : last + 3] if _YEAR.fullmatch(t.text)), None)
                year = int(after.text) if after else None
        if day_number and day_number <= 31:
            day = _past(year, month, day_number, today) if year else _latest(month, day_number, today)
            if day:
                found.append(_Candidate(day, day, 5.0, 0.95, first, last))
            continue
        before = tokens[match.first - 1].word if match.first else ""
        if year is None and (before not in _MONTH_CUES or not _is_name(match, marked)):
            continue
        start = date(year, month, 1) if year else _latest(month, 1, today)
        if start:
            found.append(_Candidate(start, _month_end(start), 2.2, 0.85, match.first, last))
    found += _days_of_month(marked, today)
    found += _years(marked, today)
    return found


def _is_name(match: Match, marked: MarkedText) -> bool:
    token = marked.tokens[match.first]
    return (
        token.is_capital or token.word not in {"may", "mars", "mar", "set", "march"} or token.text.islower()
    )


def _days_of_month(marked: MarkedText, today: date) -> list[_Candidate]:
    """ "le 14", "dia 14", "tarehe 14", "the 14th": the latest such day."""
    tokens, found = marked.tokens, []
    cues = {m.last for m in marked.marks("dates", "day_number")}
    nouns = {m.first for m in marked.marks("counting")} | {m.first for m in marked.marks("months")}
    for index, token in enumerate(tokens):
        number = token.number
        if not number or number > 31 or index == 0:
            continue
        follower = tokens[index + 1].word if index + 1 < len(tokens) else ""
        is_ordinal = follower in {"st", "nd", "rd", "th"} and tokens[index - 1].word in {"the", "on"}
        if not is_ordinal and (index - 1 not in cues or index + 1 in nouns):
            continue
        if marked.text[token.end : token.end + 1] in {"/", "-", ".", ":"} and index + 1 < len(tokens):
            continue
        for back in range(2):
            start = _month_start(today, back)
            day = _past(start.year, start.month, number, today)
            if day:
                found.append(_Candidate(day, day, 4.5, 0.8, index - 1, index))
                break
    return found


def _years(marked: MarkedText, today: date) -> list[_Candidate]:
    return [
        _Candidate(date(int(t.text), 1, 1), date(int(t.text), 12, 31), 1.5, 0.8, index, index)
        for index, t in enumerate(marked.tokens)
        if index
        and _YEAR.fullmatch(t.text)
        and int(t.text) <= today.year
        and marked.tokens[index - 1].word in _YEAR_CUES
    ]


def _stretches(marked: MarkedText, today: date) -> list[_Candidate]:
    """ "3 days ago", "il y a 3 jours", "last week", "for two months"."""
    counts = {count.last: count for count in counts_in(marked)}
    found = []
    for unit in marked.marks("dates", *_UNITS):
        count = counts.get(unit.first - 1) or counts.get(unit.last + 1)
        name = unit.label.name
        if count and not _belongs_elsewhere(count, unit, marked):
            first, last = min(count.first, unit.first), max(count.last, unit.last)
            found += _counted(count.low, name, first, last, marked, today)
            continue
        if _beside(unit, marked, "last", before=1, after=1) or _beside(unit, marked, "ago", after=1):
            found.append(_whole(name, 1, unit, today))
        elif _beside(unit, marked, "this", before=1, after=1) and name != "day":
            found.append(_whole(name, 0, unit, today))
    return found


def _belongs_elsewhere(count: Count, unit: Match, marked: MarkedText) -> bool:
    """A number after the unit counts it in Swahili alone ("siku 3")."""
    return count.first > unit.last and not any(book.language == "sw" for book in marked.lexicons)


def _counted(
    count: int, unit: str, first: int, last: int, marked: MarkedText, today: date
) -> list[_Candidate]:
    marks = marked.marks("dates", "ago", "ago_before", "for", "since", "last")
    before = {m.label.name for m in marks if 0 < first - m.last <= 1}
    after = {m.label.name for m in marks if 0 < m.first - last <= 1}
    if not 0 < count <= _OLDEST_YEARS * 12:
        return []
    sentence = marked.tokens[first].sentence
    # "não paga há dois meses" has lasted for two months; "prenderam-no há dois meses" was then.
    is_lasting = "ago_before" in before and any(
        m.last < first and marked.tokens[m.first].sentence == sentence for m in marked.marks("negation", "no")
    )
    is_ago = "ago" in after or ("ago_before" in before and not is_lasting)
    if is_ago and "since" not in before:
        if unit == "day":
            day = today - timedelta(days=count)
            return [_Candidate(day, day, 4.0, 0.95, first, last)]
        start, end = _span_back(unit, count, today)
        return [_Candidate(start, end, 3.0, 0.85, first, last)]
    if is_lasting or before & {"since", "for", "last"} or after & {"last"}:
        return [_Candidate(_back(unit, count, today), today, 2.5, 0.85, first, last)]
    return []


def _whole(unit: str, back: int, match: Match, today: date) -> _Candidate:
    start, end = _span_back(unit, back, today)
    weight = {"day": 4.0, "week": 3.0, "month": 2.0, "year": 1.0}[unit]
    return _Candidate(start, end, weight, 0.9, match.first, match.last)


def _span_back(unit: str, count: int, today: date) -> tuple[date, date]:
    """The whole day, week, month or year that lies so many back."""
    if unit == "day":
        return today - timedelta(days=count), today - timedelta(days=count)
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + 7 * count)
        return monday, monday + timedelta(days=6)
    if unit == "month":
        start = _month_start(today, count)
        return start, _month_end(start)
    return date(today.year - count, 1, 1), date(today.year - count, 12, 31)


def _back(unit: str, count: int, today: date) -> date:
    """The day that lies so many days, weeks, months or years before."""
    if unit in {"day", "week"}:
        return today - timedelta(days=count * (7 if unit == "week" else 1))
    start = _month_start(today, count * (12 if unit == "year" else 1))
    return start.replace(day=min(today.day, _month_end(start).day))


def _month_start(today: date, back: int) -> date:
    months = today.year * 12 + today.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def _month_end(start: date) -> date:
    return (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _since(candidate: _Candidate, marked: MarkedText, today: date) -> _Candidate:
    """The same from its start to today when "since" stands before it."""
    for match in marked.marks("dates", "since"):
        if 0 < candidate.first - match.last <= _SINCE_REACH and candidate.to_on < today:
            return _Candidate(
                *(candidate.from_on, today, candidate.weight, candidate.confidence),
                *(match.first, candidate.last),
            )
    return candidate


def _precision(from_on: date, to_on: date) -> str:
    days = (to_on - from_on).days
    for precision, longest in ((DatePrecision.DAY, 0), (DatePrecision.WEEK, 7), (DatePrecision.MONTH, 31)):
        if days <= longest:
            return precision.value
    return DatePrecision.YEAR.value

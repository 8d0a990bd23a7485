"""Days of the calendar in a text: "14/11", "2026-11-14", "14 November", "in October", "tarehe 14"."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from impact.understanding.day_numbers import (
    ARTICLES,
    ORDINALS,
    YEAR,
    YEAR_CUES,
    counts_people,
    number_of_weekday,
)
from impact.understanding.facts import Span
from impact.understanding.phrases import Match
from impact.understanding.scanning import MarkedText

_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/])")
_DAY_MONTH = re.compile(r"(?<![\d/.,-])(\d{1,2})/(\d{1,2})(?![\d/]|[.,]\d)")
# "Part 1/2:", "(2/2)", or at the very beginning of a text: one of several messages.
_PART = re.compile(r"(?:^|[(\[]|\b(?:part|partie|parte|sehemu|sms|msg|page|pg)\.?\s*)([1-9])/[1-9]$", re.I)
_MONTH_CUES = {
    *("in", "since", "last", "of", "en", "depuis", "mois", "debut", "fin", "courant", "em", "desde", "de"),
    *("mes", "mwezi", "wa", "tangu", "during", "late", "early", "mid", "este", "this", "d", "au"),
}
_DAY_CUES = ARTICLES | {"on", "les", "os", "dias", "dates", "tarehe", "nights", "nuits"}
_OF = {"of", "du", "de", "do", "ya", "wa", "beginning", "starting"}
# Weights of a day written out, and of one in figures alone; a stretch between two days weighs more.
WRITTEN_OUT, _OF_MONTH = 5.0, 4.5
_LONGEST_STRETCH_DAYS = 92
_YEAR_REACH = 4
OLDEST_YEARS = 40


@dataclass(frozen=True, slots=True)
class DayCandidate:
    """A stretch of days with the words it came from; the higher weight is chosen, then the earlier words."""

    from_on: date
    to_on: date
    weight: float
    confidence: float
    first: int
    last: int


def calendar_days(marked: MarkedText, today: date) -> list[DayCandidate]:
    """Every day, month or year that a text writes out, none of them in the future."""
    if not marked.has_figures:
        return _months(marked, today)
    return [
        *_written(marked, today),
        *_months(marked, today),
        *_days_of_month(marked, today),
        *_years(marked, today),
    ]


def joined_days(candidates: list[DayCandidate], marked: MarkedText, today: date) -> list[DayCandidate]:
    """Stretches from one day to another: "from 10 to 12 November", "entre le 10/11 et le 12/11", "10-12 Nov".

    `candidates` are the days found so far; a bare number before one takes its month from it.
    """
    days = {one.last: one for one in candidates if one.from_on == one.to_on and one.weight >= _OF_MONTH}
    if not days:
        return []
    ties = {m.first for m in marked.marks("number_links", "range")}
    ands = {m.first for m in marked.marks("number_links", "and")}
    openings = {m.last for m in marked.marks("number_links", "between")}
    found = []
    for until in days.values():
        at = _before_articles(until.first - 1, marked)
        is_dash = at == until.first - 1 >= 0 and _dash_after(at, marked)
        link, first = (at + 1, at) if is_dash else (at, _before_articles(at - 1, marked, ordinals=True))
        if first < 0 or not (is_dash or link in ties or link in ands):
            continue
        since = days.get(first)
        start, opening = (since.from_on, since.first) if since else (None, first)
        if since is None and (number := marked.tokens[first].number):
            start = _day_before(number, until.from_on)
        if start is None or not start < until.from_on or (until.from_on - start).days > _LONGEST_STRETCH_DAYS:
            continue
        is_next_day = (until.from_on - start).days == 1 and _is_day_number(opening, marked)
        if link in ands and not (is_dash or is_next_day or _before_articles(opening - 1, marked) in openings):
            continue
        found.append(DayCandidate(start, until.to_on, WRITTEN_OUT + 0.5, 0.9, opening, until.last))
    return found


def _is_day_number(at: int, marked: MarkedText) -> bool:
    """Whether a number is introduced as a day: "on 3 and 4 November", "the 3rd and 4th"."""
    return any(token.word in _DAY_CUES for token in marked.tokens[max(0, at - 1) : at + 1])


def _before_articles(at: int, marked: MarkedText, *, ordinals: bool = False) -> int:
    """The token at or before `at` that is no article ("le 12", "the 12th")."""
    skipped = ARTICLES | ORDINALS if ordinals else ARTICLES
    while at >= 0 and marked.tokens[at].word in skipped:
        at -= 1
    return at


def _dash_after(at: int, marked: MarkedText) -> bool:
    tokens = marked.tokens
    return (
        tokens[at].number is not None
        and at + 1 < len(tokens)
        and marked.text[tokens[at].end : tokens[at + 1].start].strip() in {"-", "–"}
    )


def _day_before(number: int, until: date) -> date | None:
    """The day of this number in the month of `until`, or in the month before where it would be later."""
    for back in range(2):
        start = month_start(until, back)
        if 1 <= number <= month_end(start).day and (day := start.replace(day=number)) < until:
            return day
    return None


def _written(marked: MarkedText, today: date) -> list[DayCandidate]:
    found = []
    for pattern in (_ISO, _DAY_FIRST, _DAY_MONTH):
        for match in pattern.finditer(marked.text):
            if pattern is _DAY_MONTH and _PART.search(marked.text, 0, match.end()):
                continue
            day = _date_of(match, today)
            tokens = _tokens_within(marked, Span(*match.span()))
            if day and tokens:
                found.append(DayCandidate(day, day, WRITTEN_OUT, 0.95, *tokens))
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
    return written if written <= today and today.year - written.year <= OLDEST_YEARS else None


def _latest(month: int, day: int, today: date) -> date | None:
    return next((found for back in range(5) if (found := _past(today.year - back, month, day, today))), None)


def _tokens_within(marked: MarkedText, span: Span) -> tuple[int, int] | None:
    within = [i for i, t in enumerate(marked.tokens) if span.start <= t.start and t.end <= span.end]
    return (within[0], within[-1]) if within else None


def _months(marked: MarkedText, today: date) -> list[DayCandidate]:
    """A day of a month, or a whole month: "14 November", "November 14, 2026", "in October"."""
    found = []
    tokens = marked.tokens
    for match in marked.marks("months"):
        month = int(match.label.name)
        year, last = None, match.last
        if last + 1 < len(tokens) and YEAR.fullmatch(tokens[last + 1].text):
            year, last = int(tokens[last + 1].text), last + 1
        at = match.first - 1
        while at > 0 and tokens[at].word in ORDINALS:
            at -= 1
        day_number = tokens[at].number if at >= 0 and match.first - at <= 3 else None
        first = at
        if (
            not (day_number and day_number <= 31)
            and match.last + 1 < len(tokens)
            # "Depuis le mois de mai, 3 chèvres ...".
            and tokens[match.last + 1].clause == tokens[match.last].clause
            and not counts_people(last + 1, marked)
        ):
            day_number, first = tokens[match.last + 1].number, match.first
            last = max(last, match.last + 1) if day_number and day_number <= 31 else last
            if day_number and day_number <= 31 and year is None:
                after = next((t for t in tokens[last + 1 : last + 3] if YEAR.fullmatch(t.text)), None)
                year = int(after.text) if after else None
        if day_number and day_number <= 31:
            day = _past(year, month, day_number, today) if year else _latest(month, day_number, today)
            if day:
                found.append(DayCandidate(day, day, WRITTEN_OUT, 0.95, first, last))
            continue
        before = tokens[match.first - 1].word if match.first else ""
        if year is None and _is_of_last_year(last, marked):
            year = today.year - 1
        if year is None and (before not in _MONTH_CUES or not _is_name(match, marked)):
            continue
        start = date(year, month, 1) if year else _latest(month, 1, today)
        if start:
            found.append(DayCandidate(start, month_end(start), 2.2, 0.85, match.first, last))
    return found


def _is_of_last_year(last: int, marked: MarkedText) -> bool:
    """ "In October last year", "en octobre de l'année passée"."""
    years = [m for m in marked.marks("dates", "year") if 0 < m.first - last <= _YEAR_REACH]
    said = {index for m in marked.marks("dates", "last") for index in (m.first, m.last)}
    return any(year.first - 1 in said or year.last + 1 in said for year in years)


def _is_name(match: Match, marked: MarkedText) -> bool:
    token = marked.tokens[match.first]
    return (
        token.is_capital or token.word not in {"may", "mars", "mar", "set", "march"} or token.text.islower()
    )


def _days_of_month(marked: MarkedText, today: date) -> list[DayCandidate]:
    """ "le 14", "dia 14", "tarehe 14", "the 14th": the latest such day."""
    tokens, found = marked.tokens, []
    cues = {m.last for m in marked.marks("dates", "day_number")}
    nouns = {m.first for m in marked.marks("counting")} | {m.first for m in marked.marks("months")}
    if marked.lexicons and marked.lexicons[0].noun_first:
        # "Tarehe 17 polisi ...": what is counted stands before its number.
        nouns -= {m.first for m in marked.marks("counting")}
    # "Tarehe 14 mwezi huu": the 14th of this month.
    nouns -= {m.first for m in marked.marks("dates", "month")}
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
            start = month_start(today, back)
            day = _past(start.year, start.month, number, today)
            if day:
                found.append(DayCandidate(day, day, _OF_MONTH, 0.8, index - 1, index))
                break
    return found


def _years(marked: MarkedText, today: date) -> list[DayCandidate]:
    return [
        DayCandidate(date(int(t.text), 1, 1), date(int(t.text), 12, 31), 1.5, 0.8, index, index)
        for index, t in enumerate(marked.tokens)
        if index
        and marked.tokens[index - 1].word in YEAR_CUES
        and YEAR.fullmatch(t.text)
        and int(t.text) <= today.year
    ]


def numbered_weekday(match: Match, marked: MarkedText, today: date) -> DayCandidate | None:
    """ "Mardi 17", "Tuesday the 17th": the latest such day, where it is one and the number counts nothing."""
    at = number_of_weekday(match, marked)
    number = marked.tokens[at].number if at is not None else None
    if at is None or not number:
        return None
    for back in range(3):
        start = month_start(today, back)
        day = _past(start.year, start.month, number, today)
        if day and day.isoweekday() == int(match.label.name):
            return DayCandidate(day, day, WRITTEN_OUT, 0.95, match.first, at)
    return None


def week_of(day: DayCandidate, marked: MarkedText) -> DayCandidate:
    """The whole week of a day that is named for it: "la semaine du 9 novembre", "the week of 9/11"."""
    at = _before_articles(day.first - 1, marked)
    while at >= 0 and marked.tokens[at].word in _OF:
        at -= 1
    if day.from_on != day.to_on or not any(m.last == at for m in marked.marks("dates", "week")):
        return day
    monday = day.from_on - timedelta(days=day.from_on.weekday())
    return DayCandidate(monday, monday + timedelta(days=6), day.weight + 0.1, day.confidence, at, day.last)


def month_start(today: date, back: int) -> date:
    """The first day of the month that lies so many months back."""
    months = today.year * 12 + today.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def month_end(start: date) -> date:
    """The last day of the month that begins on `start`."""
    return (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)

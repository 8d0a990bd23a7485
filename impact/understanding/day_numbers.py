"""Which numbers of a text are of days and years, not of people: "3 to 4 November", "Jan 5 2026"."""

import re

from impact.understanding.counts import Count
from impact.understanding.phrases import Match
from impact.understanding.scanning import MarkedText

ARTICLES = {"the", "le", "o", "dia", "tarehe", "jour"}
ORDINALS = {"st", "nd", "rd", "th", "er", "eme", "de", "of", "wa", "mwezi"}
YEAR = re.compile(r"(?:19|20)\d\d")
YEAR_CUES = {"in", "since", "en", "depuis", "em", "desde", "mwaka", "tangu", "of", "l", "an", "annee", "ano"}
LONGEST_MONTH_DAYS = 31
_BETWEEN_DAYS = ORDINALS | ARTICLES
_RANGE_REACH = 6


def is_of_date(number: Count, marked: MarkedText) -> bool:
    """Whether it is a day of a month or a year: "3 to 4 November", "Jan 5 2026", not "in June 5 died"."""
    tokens, first, at = marked.tokens, number.first, number.last + 1
    months = {m.first: m.last for m in marked.marks("months")}
    if YEAR.fullmatch(tokens[first].text) and first and tokens[first - 1].word in YEAR_CUES:
        return True
    if not months:
        return False
    ends = months.values()
    if (first - 1 in ends and not counts_people(first, marked)) or (
        first - 2 in ends and YEAR.fullmatch(tokens[first].text)
    ):
        return True
    ties = {m.first for m in marked.marks("number_links", "range", "and")}
    for index in range(at, min(at + _RANGE_REACH, len(tokens))):
        if index in months:
            return True
        is_day = (tokens[index].number or LONGEST_MONTH_DAYS + 1) <= LONGEST_MONTH_DAYS
        if not (index in ties or is_day or tokens[index].word in _BETWEEN_DAYS):
            return False
    return False


def counts_people(number: int, marked: MarkedText) -> bool:
    """Whether people follow a number: "In June 5 kids died"."""
    nouns = {m.first for m in marked.marks("counting", "persons")}
    return number + 1 in nouns and marked.tokens[number].clause == marked.tokens[number + 1].clause


def number_of_weekday(match: Match, marked: MarkedText) -> int | None:
    """Where the day's number stands behind a weekday, and is not that of people: "Tuesday 17 were hurt"."""
    tokens, at = marked.tokens, match.last + 1
    while at < len(tokens) and tokens[at].word in ARTICLES and at <= match.last + 2:
        at += 1
    if at >= len(tokens) or not 0 < (tokens[at].number or 0) <= LONGEST_MONTH_DAYS:
        return None
    clause = tokens[match.last].clause
    counts = any(m.first == at + 1 for m in marked.marks("counting"))
    counts |= bool(marked.covering("perpetrators", at + 1))
    counts |= any(m.first > at and tokens[m.first].clause == clause for m in marked.marks("people"))
    return None if counts or tokens[at].clause != clause else at

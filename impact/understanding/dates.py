"""When it happened: words, weekdays, figures and stretches of time, counted back from the day of receipt.

Never in the future. A week runs from Monday; a week or a month is its whole span, "since" runs to the day
of receipt.
"""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from impact.understanding.calendar_days import (
    WRITTEN_OUT,
    DayCandidate,
    calendar_days,
    joined_days,
    numbered_weekday,
    week_of,
)
from impact.understanding.facts import HOUR, DateFound, Hints
from impact.understanding.hours import find_hour
from impact.understanding.lexicon import countries
from impact.understanding.phrases import Match
from impact.understanding.scanning import MarkedText
from impact.understanding.time_stretches import is_beside, time_stretches
from impact.understanding.tokens import span_of
from impact.vocabulary import DatePrecision

_SINCE_REACH, _CLAUSE_REACH = 4, 8
# "Since 1 July they tax us, on 2 August they beat two": the day of the deed is the second.
_SINCE_COST = 0.3
_UNABLE = {"cant", "cannot", "unable"}
_FIRST_YEAR, _LAST_YEAR = 1900, 9000


def find_date(marked: MarkedText, hints: Hints, *, is_only_threat: bool) -> DateFound | None:
    """When it happened, or None when the text does not say or speaks of the future alone."""
    if not _FIRST_YEAR <= hints.received_at.year <= _LAST_YEAR:
        # A clock that was never set: nothing can be counted back from it.
        return None
    today = received_on(hints)
    candidates = [
        *calendar_days(marked, today),
        *_spoken(marked, today, is_only_threat=is_only_threat),
        *_weekdays(marked, today, is_only_threat=is_only_threat),
        *time_stretches(marked, today),
    ]
    candidates += joined_days(candidates, marked, today)
    candidates += [week_of(candidate, marked) for candidate in candidates if candidate.weight >= WRITTEN_OUT]
    if marked.marks("dates", "eve"):
        candidates = [_from_eve(candidate, marked) for candidate in candidates]
    candidates = [_since(candidate, marked, today) for candidate in candidates if candidate.from_on <= today]
    if not candidates:
        return None
    best = max(candidates, key=lambda c: (c.weight, -c.first, c.last))
    to_on = min(best.to_on, today)
    spans = (span_of(marked.tokens, best.first, best.last),)
    hour = find_hour(marked) if best.from_on == to_on else None
    if hour is None:
        return DateFound(best.from_on, to_on, _precision(best.from_on, to_on), best.confidence, spans)
    told = span_of(marked.tokens, hour.first, hour.last)
    return DateFound(best.from_on, to_on, HOUR, best.confidence, (*spans, told), hour.hour)


def received_on(hints: Hints) -> date:
    """The day of receipt on the calendar of the sender's country, as far as that is known."""
    zone = countries().zones.get(hints.sender_country)
    return (hints.received_at.astimezone(zone) if zone else hints.received_at).date()


def _spoken(marked: MarkedText, today: date, *, is_only_threat: bool) -> list[DayCandidate]:
    found = []
    announcements = marked.marks("future")
    for name, back, weight in (
        ("today", 0, 4.0),
        ("now", 0, 1.0),
        ("yesterday", 1, 4.0),
        ("day_before", 2, 4.2),
    ):
        for match in marked.marks("dates", name):
            if back == 1 and _is_tomorrow(match, marked):
                continue
            if back == 0 and is_only_threat and any(a.first < match.first for a in announcements):
                continue
            if back == 0 and is_beside(match, marked, "until", before=1):
                # "Until today nothing": it tells when it had not ended.
                continue
            if name == "now" and (not _ends_clause(match, marked) or _tells_state(match, marked)):
                # "The gangs now control the shafts", "he cannot walk now" tell of no day.
                continue
            if name == "yesterday" and any(
                m.first <= match.first <= m.last
                for m in marked.marks("dates", "day_before", "last")
                if m.last > m.first or _follows_unit(m, marked)
            ):
                continue
            day = today - timedelta(days=back)
            confidence = 1.0 if weight > 1 else 0.6
            found.append(DayCandidate(day, day, weight, confidence, match.first, match.last))
    return found


def _is_tomorrow(match: Match, marked: MarkedText) -> bool:
    """Lingala has one word for yesterday and tomorrow: "lobi bakoya", the verb behind it is to come."""
    at = match.last + 1
    if any(m.first == at for m in marked.marks("counting", "persons")):
        at += 1
    if at >= len(marked.tokens) or marked.tokens[at].clause != marked.tokens[match.last].clause:
        return False
    return marked.lexicons[0].phrases.is_future(marked.tokens[at].word)


def _ends_clause(match: Match, marked: MarkedText) -> bool:
    following = match.last + 1
    if following == len(marked.tokens) or marked.tokens[following].clause != marked.tokens[match.last].clause:
        return True
    return match.last > match.first


def _tells_state(match: Match, marked: MarkedText) -> bool:
    """Whether the clause says what no longer is, and nothing that was done to anybody."""
    clause = marked.tokens[match.first].clause
    denied = {m.last for m in marked.marks("negation", "no")}
    return any(
        token.clause == clause and (index in denied or token.word in _UNABLE)
        for index, token in enumerate(marked.tokens[: match.first])
    ) and not any(marked.tokens[m.first].clause == clause for m in marked.marks("people"))


def _follows_unit(match: Match, marked: MarkedText) -> bool:
    """Swahili "mwaka jana" is last year, not yesterday."""
    return any(m.last == match.first - 1 for m in marked.marks("dates", "week", "month", "year"))


def _weekdays(marked: MarkedText, today: date, *, is_only_threat: bool) -> list[DayCandidate]:
    found = []
    announcements = marked.marks("future")
    for match in marked.marks("weekdays"):
        if (
            is_beside(match, marked, "every", before=2)
            or is_beside(match, marked, "future", before=1, after=2)
            or is_beside(match, marked, "until", before=2)
        ):
            continue
        if is_only_threat and any(a.first < match.first for a in announcements):
            continue
        if _is_week(match, marked):
            continue
        if numbered := numbered_weekday(match, marked, today):
            found.append(numbered)
            continue
        back = (today.isoweekday() - int(match.label.name)) % 7
        if not is_beside(match, marked, "this", before=1):
            # "Ce jeudi" may be today; a bare weekday is before it.
            back = back or 7
        day = today - timedelta(days=back)
        last_week = today - timedelta(days=today.weekday() + 7)
        # "Tuesday last week", "last week Tuesday".
        week = next((m for m in marked.marks("dates", "week") if -2 <= m.first - match.last <= 4), None)
        if week and is_beside(week, marked, "last", before=1, after=1):
            day = last_week + timedelta(days=int(match.label.name) - 1)
        found.append(DayCandidate(day, day, 3.9, 0.95, match.first, match.last))
    return found + _joined_weekdays(found, marked, today) if len(found) > 1 else found


def _joined_weekdays(days: list[DayCandidate], marked: MarkedText, today: date) -> list[DayCandidate]:
    """ "Dans la nuit de dimanche à lundi", "from Friday to Sunday": the latest such days, today the last."""
    if len(days) < 2:
        return []
    ties = {m.first for m in marked.marks("number_links", "range")}
    found = []
    for since, until in pairwise(days):
        if until.first - since.last != 2 or since.last + 1 not in ties:
            continue
        length = timedelta(days=(until.from_on - since.from_on).days % 7)
        start = since.from_on if since.from_on + length <= today else since.from_on - timedelta(days=7)
        found.append(DayCandidate(start, start + length, until.weight + 0.2, 0.9, since.first, until.last))
    return found


def _is_week(match: Match, marked: MarkedText) -> bool:
    """Whether a day's name is that of the week here: Shona "svondo rapfuura", "svondo rino"."""
    weeks = [week for week in marked.marks("dates", "week") if week.first <= match.first <= week.last]
    return any(
        is_beside(week, marked, name, before=1, after=1)
        for week in weeks
        for name in ("last", "this", "ago", "every")
    )


def _from_eve(candidate: DayCandidate, marked: MarkedText) -> DayCandidate:
    """The night that ends on a day: Swahili "usiku wa kuamkia jumamosi", Friday and Saturday."""
    if not any(match.last == candidate.first - 1 for match in marked.marks("dates", "eve")):
        return candidate
    return replace(candidate, from_on=candidate.from_on - timedelta(days=1))


def _since(candidate: DayCandidate, marked: MarkedText, today: date) -> DayCandidate:
    """The same from its start to today when "since" stands before it, with a few words between them."""
    if candidate.to_on >= today or candidate.weight > WRITTEN_OUT:
        return candidate
    for match in marked.marks("dates", "since"):
        if (
            0 < candidate.first - match.last <= _CLAUSE_REACH
            # "From Marange three days ago", "des femmes, samedi" are no beginnings.
            and marked.tokens[match.last].clause == marked.tokens[candidate.first].clause
            and _begins(match, candidate, marked)
        ):
            return DayCandidate(
                *(candidate.from_on, today, candidate.weight - _SINCE_COST, candidate.confidence),
                *(match.first, candidate.last),
            )
    return candidate


def _begins(since: Match, candidate: DayCandidate, marked: MarkedText) -> bool:
    """Whether the words between tell of no more than what began: "since the excavators came in August".

    A word that is "from" as well allows everyday words alone; and "since they beat us on Monday" is a reason.
    """
    between = range(since.last + 1, candidate.first)
    if len(between) < _SINCE_REACH and all(marked.is_common(marked.tokens[i].word) for i in between):
        return True
    return not marked.covering("places", since.first) and not any(
        match.last < candidate.first and match.label.strength != "only_alone"
        for index in between
        for section in ("harms", "people")
        for match in marked.covering(section, index)
    )


def _precision(from_on: date, to_on: date) -> str:
    days = (to_on - from_on).days
    for precision, longest in ((DatePrecision.DAY, 0), (DatePrecision.WEEK, 7), (DatePrecision.MONTH, 31)):
        if days <= longest:
            return precision.value
    return DatePrecision.YEAR.value

"""How many independent sources a case has: the same reporter, or nearly the same words, is one source."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from rapidfuzz import fuzz

from impact.incidents.models import Incident, Report
from impact.places.names import fold_letters

SAME_WORDS = 88  # of 100, by the share of letters in sorted words: a forwarded message with a greeting
SAME_WORD_SET = 96  # where one text holds the other
_MOSTLY = 0.6  # and is not much longer
_SHORTEST = 12  # letters: "help us" from two people is not one source


@dataclass(frozen=True, slots=True)
class Source:
    """Reports that count once, in the order in which they came."""

    report_ids: tuple[UUID, ...]


def independent_sources(incident: Incident) -> list[Source]:
    """The sources of a case: its reports, parted by who sent them and by their words."""
    return parted_sources(list(incident.reports.order_by("received_at")))


def parted_sources(reports: Sequence[Report]) -> list[Source]:
    """Part reports into sources. Joined are those of one reporter, and those of (nearly) the same text."""
    texts = [" ".join(fold_letters(report.text).split()) for report in reports]
    group = list(range(len(reports)))
    for later in range(len(reports)):
        for earlier in range(later):
            if group[later] != group[earlier] and (
                _is_same_reporter(reports[earlier], reports[later])
                or is_same_text(texts[earlier], texts[later])
            ):
                joined, into = group[later], group[earlier]
                group = [into if number == joined else number for number in group]
    return [
        Source(tuple(report.pk for report, at in zip(reports, group, strict=True) if at == number))
        for number in dict.fromkeys(group)
    ]


def is_same_text(one: str, other: str) -> bool:
    """Whether two folded texts are one text, sent on with small changes or a greeting around it."""
    if one == other:
        return True
    shorter, longer = sorted((len(one), len(other)))
    if shorter < _SHORTEST:
        return False
    if fuzz.token_sort_ratio(one, other) >= SAME_WORDS:
        return True
    return shorter >= _MOSTLY * longer and fuzz.token_set_ratio(one, other) >= SAME_WORD_SET


def _is_same_reporter(one: Report, other: Report) -> bool:
    return one.reporter_id is not None and one.reporter_id == other.reporter_id

"""The words as sent, cut where something was understood, so that a page can mark it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from impact.understanding.facts import Span, Understanding
from impact.understanding.redaction import Finding, Kind
from impact.vocabulary import Harm, PeopleKind, Perpetrator
from impact.web.desk.redaction_words import kind_words as naming
from impact.web.desk.wording import days_words


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of the text. `kinds` (harm, place, date, people, who) is empty where nothing was understood.

    `label` says what was concluded, once a conclusion: where its first run of letters ends.
    """

    text: str
    kinds: tuple[str, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class _Conclusion:
    start: int
    end: int
    kind: str
    label: str


def highlighted(
    text: str,
    understanding: Understanding | None,
    identifying: Sequence[Finding] = (),
    *,
    marks_places: bool = False,
) -> list[Segment]:
    """The whole text in segments: joined, they are the text again, letter by letter.

    `identifying` is what could point to somebody; an exact place counts with `marks_places`: in a
    report it is marked as a place already.
    """
    told = [
        *(_conclusions(text, understanding) if understanding else ()),
        *(
            _Conclusion(one.span.start, one.span.end, "identifies", naming(one.kind))
            for one in identifying
            if marks_places or one.kind != Kind.PLACE
        ),
    ]
    found = [conclusion for conclusion in told if 0 <= conclusion.start < conclusion.end <= len(text)]
    edges = sorted({0, len(text), *(c.start for c in found), *(c.end for c in found)})
    segments = []
    for start, end in pairwise(edges):
        here = [c for c in found if c.start <= start and end <= c.end]
        segments.append(
            Segment(
                text=text[start:end],
                kinds=tuple(dict.fromkeys(c.kind for c in here)),
                label=", ".join(dict.fromkeys(c.label for c in here if c.end == end and c.label)),
            )
        )
    return segments


def kind_words() -> dict[str, str]:
    """The kinds of conclusion with their names, for the legend."""
    return {
        "harm": _("harm"),
        "who": _("alleged perpetrator"),
        "people": _("people"),
        "place": _("place"),
        "date": _("when"),
        "identifies": _("could point to somebody"),
    }


def _conclusions(text: str, understanding: Understanding) -> Iterator[_Conclusion]:
    for harm in understanding.harms:
        yield from _marks(harm.spans, "harm", str(Harm(harm.harm).label))
    if understanding.perpetrator:
        kind = Perpetrator(understanding.perpetrator.kind)
        yield from _marks(understanding.perpetrator.spans, "who", str(kind.label))
    for people in understanding.people:
        number = str(people.low) if people.low == people.high else f"{people.low}–{people.high}"
        yield from _marks(people.spans, "people", f"{number} {PeopleKind(people.kind).label.lower()}")
    if understanding.place:
        place = understanding.place
        for position, span in enumerate(place.spans):
            is_said = text[span.start : span.end].casefold() == place.name.casefold()
            label = "" if position or is_said else place.name
            yield _Conclusion(span.start, span.end, "place", label)
    for verbatim in understanding.verbatim_places:
        yield _Conclusion(verbatim.span.start, verbatim.span.end, "place", _("kept as it was written"))
    if understanding.occurred:
        days = days_words(understanding.occurred.from_on, understanding.occurred.to_on)
        if understanding.occurred.hour is not None:
            days = _("%(days)s, about %(hour)d:00") % {"days": days, "hour": understanding.occurred.hour}
        yield from _marks(understanding.occurred.spans, "date", days)


def _marks(spans: tuple[Span, ...], kind: str, label: str) -> Iterator[_Conclusion]:
    for number, span in enumerate(spans):
        yield _Conclusion(span.start, span.end, kind, label if number == 0 else "")

"""One case in one row, and all that a page of rows needs in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from impact.accounts.models import User
from impact.formats.ages import age_words
from impact.incidents.models import Incident
from impact.moderation.echoing import Chorus
from impact.moderation.models import Likeness, Proposal
from impact.moderation.queue import urgency_words
from impact.moderation.working_together import others_here
from impact.places.basemap import country_name
from impact.vocabulary import Channel, theme_of
from impact.web.desk.wording import days_words, harms_words, people_words

_FIRST_LINE = 180


@dataclass(frozen=True, slots=True)
class Row:
    """One case as the queue shows it."""

    pk: str
    version: int
    reference: str
    received_at: datetime
    age: str
    words: str
    language: str
    theme: str
    harms: str
    people: str
    place: str
    country: str
    days: str
    channel: str
    reports: int
    urgency: str
    point: tuple[float, float] | None = None
    assigned_to: str = ""
    here: str = ""
    is_proposed: bool = False
    is_like_another: bool = False
    chorus: Chorus | None = None


def rows_of(
    incidents: Sequence[Incident], user: User, choruses: Mapping[UUID, Chorus] | None = None
) -> list[Row]:
    """The rows of a page of `moderation_queue`: three queries, however many there are."""
    keys = [incident.pk for incident in incidents]
    likely = Likeness.objects.filter(Q(first__in=keys) | Q(second__in=keys), dismissed_by=None)
    like = {pk for pair in likely.values_list("first_id", "second_id") for pk in pair}
    proposals = Proposal.objects.filter(incident__in=keys, proposed_by__is_active=True)
    proposed = set(proposals.values_list("incident_id", flat=True))
    here = others_here(keys, user)
    return [
        row_of(incident, like=like, proposed=proposed, here=here, chorus=(choruses or {}).get(incident.pk))
        for incident in incidents
    ]


def row_of(
    incident: Incident,
    *,
    like: set[UUID] | None = None,
    proposed: set[UUID] | None = None,
    here: dict[UUID, list[str]] | None = None,
    chorus: Chorus | None = None,
) -> Row:
    """A case of `moderation_queue` as a row: no further query."""
    reports = list(incident.reports.all())
    first = reports[0] if reports else None
    harms = incident.harm_codes
    return Row(
        pk=str(incident.pk),
        version=incident.version,
        reference=incident.reference,
        received_at=incident.received_at,
        age=age_words(incident.received_at),
        words=_first_line(first.text) if first else "",
        language=first.language if first and first.language != "und" else "",
        theme=str(theme_of(harms[0])) if harms else "",
        harms=harms_words(harms),
        people=people_words(incident.people),
        place=incident.place_name or incident.place_words,
        country=country_name(incident.country) if incident.country else "",
        days=days_words(incident.occurred_from, incident.occurred_to),
        channel=str(Channel(first.channel).label) if first else "",
        reports=len(reports),
        urgency=urgency_words(incident),
        point=(incident.point.x, incident.point.y) if incident.point else None,
        assigned_to=str(incident.assigned_to) if incident.assigned_to else "",
        here=", ".join((here or {}).get(incident.pk, ())),
        is_proposed=incident.pk in (proposed or ()),
        is_like_another=incident.pk in (like or ()),
        chorus=chorus,
    )


def on_map(rows: list[Row]) -> list[dict[str, Any]]:
    """The placed rows, for the map beside the list, in JSON types."""
    return [
        {"id": row.pk, "point": row.point, "name": row.words[:80] or row.reference, "theme": row.theme,
         "urgent": bool(row.urgency)}
        for row in rows
        if row.point
    ]  # fmt: skip


def _first_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _FIRST_LINE else line[: _FIRST_LINE - 1].rstrip() + "…"

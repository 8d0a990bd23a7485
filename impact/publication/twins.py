"""What is public already and may be the same event: before an event is counted twice.

Two organisations can be told of one event, and neither sees the other's cases. Compared is the version that
would be public with those that are: nobody learns more of another's case than its public page says. Of what
waits for its day, only that of the same organisation counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import h3

from impact.incidents.models import Incident
from impact.publication.masking import wider_cell
from impact.publication.models import DuePublication, PublishedIncident
from impact.publication.versions import PublicVersion, public_version
from impact.vocabulary import DatePrecision, PublicationStatus

_MOST = 5
_LONGEST = timedelta(days=62)  # what is published as months spans two of them at most


@dataclass(frozen=True, slots=True)
class Twin:
    """A public incident by its id, or a case that waits for its day by its reference."""

    public_id: UUID | None
    reference: str


def public_twins(incident: Incident) -> list[Twin]:
    """What shares a harm, the period and the hexagon (or lies within it, or around it); at most five."""
    version = public_version(incident, "")
    if version.is_counted_only or not version.cell or not _is_dated(version):
        return []
    return [*_public(incident, version), *_waiting(incident, version)][:_MOST]


def _public(incident: Incident, version: PublicVersion) -> Iterator[Twin]:
    alike = (
        PublishedIncident.objects.filter(
            retracted_on=None,
            country=version.country,
            harms__harm__in=version.harms,
            occurred_from__range=(_longest_before(version), version.occurred_to),
            occurred_to__gte=version.occurred_from,
        )
        .exclude(cell="")
        .exclude(occurred_precision=DatePrecision.YEAR)
        .exclude(incident_key=incident.pk)
    )
    rows = alike.order_by("id").values_list("id", "cell").distinct()
    for key, cell in rows.iterator(chunk_size=1000):
        if _is_same_place(cell, version.cell, version.country):
            yield Twin(key, "")


def _waiting(incident: Incident, version: PublicVersion) -> Iterator[Twin]:
    waiting = {
        row.incident_key: PublicVersion.from_json(row.version)
        for row in DuePublication.objects.exclude(incident_key=incident.pk)
    }
    alike = [
        key
        for key, other in waiting.items()
        if other.country == version.country
        and other.cell
        and _is_dated(other)
        and set(other.harms) & set(version.harms)
        and other.occurred_from <= version.occurred_to
        and version.occurred_from <= other.occurred_to
        and _is_same_place(other.cell, version.cell, version.country)
    ]
    cases = Incident.objects.filter(
        pk__in=alike, organisation=incident.organisation_id, publication=PublicationStatus.PUBLIC
    )
    for reference in cases.order_by("reference").values_list("reference", flat=True):
        yield Twin(None, reference)


def _longest_before(version: PublicVersion) -> date:
    return date.fromisoformat(version.occurred_from) - _LONGEST


def _is_dated(version: PublicVersion) -> bool:
    return bool(version.occurred_from) and version.occurred_precision != DatePrecision.YEAR


def _is_same_place(one: str, other: str, country: str) -> bool:
    coarser = min(h3.get_resolution(one), h3.get_resolution(other))
    return wider_cell(one, country, coarser) == wider_cell(other, country, coarser)

"""The public version of an incident: worked out once, from the incident; written and erased as a whole."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from impact.incidents.models import Incident
from impact.publication.coarsening import CoarseDate, coarsen_dates
from impact.publication.masking import mask_point
from impact.publication.models import (
    CountedIncident,
    KeptMask,
    PublishedHarm,
    PublishedIncident,
    PublishedLink,
    new_salt,
)
from impact.publication.relinking import public_distance_m, told_areas
from impact.vocabulary import DatePrecision, PeopleKind, is_counted_only, theme_of


@dataclass(frozen=True, slots=True)
class PublicVersion:
    """All that the world may know of an incident, in JSON types; days as ISO 8601.

    `is_counted_only`: no page and no row, only a unit in a rounded count.
    """

    harms: tuple[str, ...]
    perpetrator: str
    verification: str
    reliability: str
    credibility: str
    people: dict[str, int]
    minerals: tuple[str, ...]
    country: str
    longitude: float | None
    latitude: float | None
    cell: str
    uncertainty_m: float | None
    occurred_from: str
    occurred_to: str
    occurred_precision: str
    text: str
    is_fictional: bool
    is_counted_only: bool

    @property
    def period(self) -> CoarseDate | None:
        if not self.occurred_from:
            return None
        return CoarseDate(
            date.fromisoformat(self.occurred_from),
            date.fromisoformat(self.occurred_to),
            DatePrecision(self.occurred_precision),
        )

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "PublicVersion":
        return cls(**{**stored, "harms": tuple(stored["harms"]), "minerals": tuple(stored["minerals"])})

    def fields(self) -> dict[str, Any]:
        """As columns of PublishedIncident."""
        period = self.period
        return {
            "theme": theme_of(self.harms[0]) if self.harms else "",
            "perpetrator": self.perpetrator,
            "verification": self.verification,
            "reliability": self.reliability,
            "credibility": self.credibility,
            **{kind: self.people.get(kind) for kind in PeopleKind.values},
            "minerals": list(self.minerals),
            "country": self.country,
            "longitude": self.longitude,
            "latitude": self.latitude,
            "cell": self.cell,
            "uncertainty_m": self.uncertainty_m,
            "occurred_from": period.from_on if period else None,
            "occurred_to": period.to_on if period else None,
            "occurred_precision": period.precision if period else "",
            "text": self.text,
            "is_fictional": self.is_fictional,
        }


def public_version(incident: Incident, text: str) -> PublicVersion:
    """What would be published of an incident now, beside what was published of it before."""
    harms = tuple(incident.harms.values_list("harm", flat=True))
    kept = KeptMask.objects.filter(incident_key=incident.pk).first()
    people = incident.people_counted
    point = (
        mask_point(
            incident.point.x,
            incident.point.y,
            incident.uncertainty_m or 0.0,
            harms,
            incident.country,
            kept.cell if kept is not None and kept.country == incident.country else "",
        )
        if incident.point
        else None
    )
    period = _period(incident, harms, people, kept)
    is_counted = incident.has_identifiable_children or is_counted_only(harms, people)
    return PublicVersion(
        harms=harms,
        perpetrator=str(incident.perpetrator),
        verification=str(incident.verification),
        reliability=str(incident.reliability),
        credibility=str(incident.credibility),
        people=people,
        minerals=tuple(incident.minerals),
        country=incident.country,
        longitude=point.longitude if point else None,
        latitude=point.latitude if point else None,
        cell=point.cell if point else "",
        uncertainty_m=point.uncertainty_m if point else None,
        occurred_from=period.from_on.isoformat() if period else "",
        occurred_to=period.to_on.isoformat() if period else "",
        occurred_precision=str(period.precision) if period else "",
        text="" if is_counted else text,
        is_fictional=incident.is_fictional,
        is_counted_only=is_counted,
    )


def write_version(incident_key: Any, version: PublicVersion, published_on: date) -> PublishedIncident | None:
    """Make a version public; None for one that may be told in counts only."""
    KeptMask.objects.update_or_create(
        incident_key=incident_key,
        defaults={
            "cell": version.cell,
            "country": version.country,
            "occurred_from": version.occurred_from or None,
            "occurred_to": version.occurred_to or None,
            "occurred_precision": version.occurred_precision,
        },
    )
    CountedIncident.objects.filter(incident_key=incident_key).delete()
    if version.is_counted_only:
        _count_only(incident_key, version)
        return None
    published, _created = PublishedIncident.objects.update_or_create(
        incident_key=incident_key,
        defaults={
            **version.fields(),
            "published_on": published_on,
            "retracted_on": None,
            "salt": new_salt(),
        },
    )
    published.harms.all().delete()
    PublishedHarm.objects.bulk_create(
        PublishedHarm(published=published, harm=harm, rank=rank) for rank, harm in enumerate(version.harms)
    )
    published.area_links.all().delete()
    if version.longitude is not None and version.latitude is not None:
        # By the cell alone: distances from where it happened, or a moderator's own link, would narrow the
        # cell.
        near = told_areas(version.longitude, version.latitude, version.cell)
        PublishedLink.objects.bulk_create(
            PublishedLink(
                published=published,
                area=found.area,
                distance_m=public_distance_m(found.distance_m),
                rank=rank,
            )
            for rank, found in enumerate(near)
        )
    return published


def erase_version(incident_key: Any, retracted_on: date) -> PublishedIncident | None:
    """Turn what is public of an incident into a stone; None where nothing was."""
    published = PublishedIncident.objects.filter(incident_key=incident_key).first()
    if published is None:
        return None
    published.harms.all().delete()
    published.area_links.all().delete()
    for name, value in _nothing().items():
        setattr(published, name, value)
    published.retracted_on = retracted_on
    published.save()
    return published


def _count_only(incident_key: Any, version: PublicVersion) -> None:
    period = version.period
    # Where no harm of its own keeps it out of the tables, children do who could be told apart: all its harms.
    restricted = [harm for harm in version.harms if is_counted_only((harm,), version.people)] or list(
        version.harms
    )
    CountedIncident.objects.bulk_create(
        CountedIncident(
            incident_key=incident_key,
            harm=harm,
            country=version.country,
            year=period.from_on.year if period else None,
            is_fictional=version.is_fictional,
        )
        for harm in restricted
    )


def _period(
    incident: Incident, harms: Sequence[str], people: dict[str, int], kept: KeptMask | None
) -> CoarseDate | None:
    if incident.occurred_from is None:
        return None
    before = None
    if kept is not None and kept.occurred_from and kept.occurred_to:
        before = CoarseDate(kept.occurred_from, kept.occurred_to, DatePrecision(kept.occurred_precision))
    return coarsen_dates(
        incident.occurred_from,
        incident.occurred_to or incident.occurred_from,
        harms,
        has_people=bool(people),
        kept=before,
    )


def _nothing() -> dict[str, Any]:
    return {
        **dict.fromkeys(("theme", "perpetrator", "verification", "reliability", "credibility"), ""),
        **dict.fromkeys(PeopleKind.values),
        "minerals": [],
        "country": "",
        "longitude": None,
        "latitude": None,
        "cell": "",
        "uncertainty_m": None,
        "occurred_from": None,
        "occurred_to": None,
        "occurred_precision": "",
        "text": "",
        "salt": new_salt(),
    }

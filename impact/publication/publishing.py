"""From a verified incident to its public version, and back: safe words, a masked point, a coarse date."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.moderation.deciding import DecisionRefused, decide
from impact.moderation.models import Action
from impact.places.nearness import nearby_areas
from impact.publication.masking import WORDLESS_HARMS, coarsen_dates, mask_point
from impact.publication.models import PublishedHarm, PublishedIncident, PublishedLink
from impact.vocabulary import PeopleKind, PublicationStatus, Triage, Verification, theme_of

PUBLISHABLE = (Verification.VERIFIED, Verification.PARTIALLY_CORROBORATED)


def publish_incident(
    *,
    incident: Incident,
    moderator: User,
    text: str,
    reason: str,
    expected_version: int,
    now: datetime | None = None,
) -> PublishedIncident:
    """Publish an incident with the words that a moderator wrote for the public, or publish it anew.

    The reporter's own words are never taken over. Raises DecisionRefused when the incident is not
    verified, was sorted out, or the text is the reporter's. Whether a reporter agreed is the
    moderator's to weigh: a text message cannot ask, and the desk asks before an explicit no is passed over.
    """
    now = now or timezone.now()
    text = text.strip()

    def change(locked: Incident) -> list[str]:
        _refuse_unpublishable(locked, text)
        locked.publication = PublicationStatus.PUBLIC
        locked.public_text = text
        return ["publication", "public_text"]

    with transaction.atomic():
        published_case = decide(incident, moderator, Action.PUBLISH, reason, expected_version, change, now)
        return _write_public_version(published_case, now)


def retract_incident(
    *, incident: Incident, moderator: User, reason: str, expected_version: int, now: datetime | None = None
) -> Incident:
    """Take an incident back from the public. The stone that stays says only that it was retracted."""
    now = now or timezone.now()

    def change(locked: Incident) -> list[str]:
        if locked.publication != PublicationStatus.PUBLIC:
            raise DecisionRefused(_("It is not public."))
        locked.publication = PublicationStatus.RETRACTED
        return ["publication"]

    with transaction.atomic():
        retracted = decide(incident, moderator, Action.RETRACT, reason, expected_version, change, now)
        published = PublishedIncident.objects.get(incident_key=retracted.pk)
        published.harms.all().delete()
        published.area_links.all().delete()
        for name, value in _nothing().items():
            setattr(published, name, value)
        published.retracted_on = now.date()
        published.save()
    return retracted


def preview_incident(incident: Incident, text: str) -> PublishedIncident:
    """The public version as it would be, unsaved: what the desk shows before anything is published."""
    return PublishedIncident(**_public_fields(incident, text.strip()))


def _refuse_unpublishable(incident: Incident, text: str) -> None:
    if incident.verification not in PUBLISHABLE:
        raise DecisionRefused(_("Verify it first: only what is verified is published."))
    if incident.triage in {Triage.SPAM, Triage.OUT_OF_SCOPE, Triage.DUPLICATE}:
        raise DecisionRefused(_("It was sorted out: bring it back first."))
    if not incident.harms.exists():
        raise DecisionRefused(_("Say first which harm it is."))
    if text and any(text in report.text for report in incident.reports.all() if len(text) > 20):
        raise DecisionRefused(_("This copies the reporter's own words. Write it in yours."))


def _write_public_version(incident: Incident, now: datetime) -> PublishedIncident:
    fields = _public_fields(incident, incident.public_text)
    published, _created = PublishedIncident.objects.update_or_create(
        incident_key=incident.pk, defaults={**fields, "published_on": now.date(), "retracted_on": None}
    )
    published.harms.all().delete()
    PublishedHarm.objects.bulk_create(
        PublishedHarm(published=published, harm=harm, rank=rank)
        for rank, harm in enumerate(incident.harms.values_list("harm", flat=True))
    )
    published.area_links.all().delete()
    if published.longitude is not None and published.latitude is not None:
        PublishedLink.objects.bulk_create(
            PublishedLink(
                published=published,
                area=near.area,
                distance_m=round(near.distance_m / 1000) * 1000.0,
                rank=rank,
            )
            for rank, near in enumerate(nearby_areas(published.longitude, published.latitude))
        )
    return published


def _public_fields(incident: Incident, text: str) -> dict[str, Any]:
    harms = list(incident.harms.values_list("harm", flat=True))
    point = (
        mask_point(incident.point.x, incident.point.y, incident.uncertainty_m or 0.0, harms)
        if incident.point
        else None
    )
    day = (
        coarsen_dates(incident.occurred_from, incident.occurred_to or incident.occurred_from, harms)
        if incident.occurred_from
        else None
    )
    return {
        "theme": theme_of(harms[0]) if harms else "",
        "perpetrator": incident.perpetrator,
        "verification": incident.verification,
        "reliability": incident.reliability,
        "credibility": incident.credibility,
        **{kind: incident.people.get(kind, {}).get("low") for kind in PeopleKind.values},
        "minerals": list(incident.minerals),
        "country": incident.country,
        "longitude": point.longitude if point else None,
        "latitude": point.latitude if point else None,
        "cell": point.cell if point else "",
        "uncertainty_m": point.uncertainty_m if point else None,
        "occurred_from": day.from_on if day else None,
        "occurred_to": day.to_on if day else None,
        "occurred_precision": day.precision if day else "",
        "text": "" if WORDLESS_HARMS.intersection(harms) else text,
        "is_fictional": incident.is_fictional,
    }


def _nothing() -> dict[str, Any]:
    return {
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
    }

"""What may be public already, by its public version alone."""

from datetime import date, timedelta

import pytest
from django.contrib.gis.geos import Point

from impact.incidents.models import Incident
from impact.publication.models import DuePublication, PublishedIncident
from impact.publication.twins import Twin, public_twins
from impact.publication.versions import erase_version, public_version, write_version
from tests.builders import NOW, make_incident, make_organisation

pytestmark = pytest.mark.django_db


def publish(incident: Incident) -> Incident:
    write_version(incident.pk, public_version(incident, "Two men were shot."), NOW.date())
    Incident.objects.filter(pk=incident.pk).update(publication="public")
    return incident


def test_another_organisations_public_incident_is_seen_before_the_event_counts_twice() -> None:
    publish(make_incident(organisation=make_organisation()))
    public = PublishedIncident.objects.get()
    assert public_twins(make_incident(text="They shot two")) == [Twin(public.pk, "")]
    assert public_twins(make_incident(harms=("killing", "threats"))) == [Twin(public.pk, "")]  # a wider cell
    erase_version(public.incident_key, NOW.date())
    assert public_twins(make_incident()) == []


@pytest.mark.parametrize(
    "other",
    [
        {"harms": ("injury",)},
        {"occurred_from": date(2026, 11, 2), "occurred_to": date(2026, 11, 2)},
        {"occurred_from": date(2026, 1, 2), "occurred_to": date(2026, 11, 20)},
        {"occurred_from": None, "occurred_to": None},
        {"longitude": 23.0},
        {"longitude": None, "latitude": None},
        {"harms": ("killing", "sexual_violence")},
    ],
)
def test_what_is_another_event_or_too_vague_is_none(other: dict[str, object]) -> None:
    publish(make_incident())
    assert public_twins(make_incident(**other)) == []  # type: ignore[arg-type]


def test_it_is_not_its_own_twin() -> None:
    assert public_twins(publish(make_incident())) == []


def test_two_places_of_one_hexagon_are_told_alike_and_no_finer() -> None:
    public = publish(make_incident())
    asking = make_incident()
    latitude, longitude = PublishedIncident.objects.values_list("latitude", "longitude").get()
    assert longitude is not None
    for moved in (0.0, 0.001):
        Incident.objects.filter(pk=public.pk).update(point=Point(longitude + moved, latitude, srid=4326))
        assert len(public_twins(asking)) == 1


def test_of_what_waits_for_its_day_only_the_same_organisations_is_told() -> None:
    partner = make_organisation()
    for organisation in (None, partner):
        waiting = make_incident(organisation=organisation, publication="public")
        DuePublication.objects.create(
            incident_key=waiting.pk,
            due_on=NOW.date() + timedelta(days=9),
            version=public_version(waiting, "Two men were shot.").as_json(),
        )
    [ours, theirs] = Incident.objects.order_by("organisation__name")
    ours, theirs = (ours, theirs) if ours.organisation_id is None else (theirs, ours)
    assert public_twins(make_incident()) == [Twin(None, ours.reference)]
    assert public_twins(make_incident(organisation=partner)) == [Twin(None, theirs.reference)]

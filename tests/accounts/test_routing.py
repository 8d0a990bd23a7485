import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from impact.accounts.models import IntakeRoute, default_organisation
from impact.accounts.routing import organisation_for, routes_read_once
from impact.incidents.models import Incident
from impact.vocabulary import Channel
from tests.builders import make_organisation, make_place, take_in

pytestmark = pytest.mark.django_db


def test_the_most_exact_route_wins() -> None:
    names = ("everything", "by country", "by channel", "by both")
    anything, country, channel, both = (make_organisation(name) for name in names)
    IntakeRoute.objects.create(organisation=anything)
    IntakeRoute.objects.create(organisation=country, country="CD")
    IntakeRoute.objects.create(organisation=channel, channel=Channel.SMS)
    IntakeRoute.objects.create(organisation=both, country="CD", channel=Channel.SMS)
    assert organisation_for(country="CD", channel=Channel.SMS) == both.pk
    assert organisation_for(country="CD", channel=Channel.WEB) == country.pk
    assert organisation_for(country="AO", channel=Channel.SMS) == channel.pk
    assert organisation_for(country="", channel=Channel.WEB) == anything.pk


def test_without_a_route_it_is_the_default_organisation_made_where_missing() -> None:
    found = organisation_for(country="CD", channel=Channel.SMS)
    assert found == default_organisation().pk


def test_a_report_belongs_to_the_organisation_of_the_country_where_it_happened() -> None:
    congo = make_organisation()
    IntakeRoute.objects.create(organisation=congo, country="CD")
    make_place()
    take_in("Soldiers shot two men at Tshikapa yesterday")
    assert Incident.objects.get().organisation == congo


def test_a_report_without_a_place_goes_by_the_country_of_the_telephone() -> None:
    angola = make_organisation()
    IntakeRoute.objects.create(organisation=angola, country="AO")
    take_in("Soldiers shot two men", sender_country="AO")
    assert Incident.objects.get().organisation == angola


def test_routes_can_be_read_once_for_several_reports() -> None:
    default_organisation()
    with CaptureQueriesContext(connection) as queries, routes_read_once():
        assert len({organisation_for(country=country, channel=Channel.SMS) for country in ("CD", "AO")}) == 1
    assert len(queries) == 1
    congo = make_organisation()
    IntakeRoute.objects.create(organisation=congo, country="CD")
    assert organisation_for(country="CD", channel=Channel.SMS) == congo.pk

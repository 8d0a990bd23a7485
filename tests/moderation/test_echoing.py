"""Many who say nearly the same are one line of the queue; whoever says something else is another."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from impact.accounts.models import User
from impact.incidents.models import Incident, Reporter
from impact.moderation.alerting import raise_alerts
from impact.moderation.duplicates import compare_uncompared
from impact.moderation.echoing import Chorus, chorus_of, choruses, without_echoes
from impact.moderation.models import AlertRule, Echo
from impact.moderation.queue import moderation_queue
from tests.builders import NOW, make_incident, make_organisation

pytestmark = pytest.mark.django_db

FALSE = "{when} guards of Kasai Gems beat {count} diggers at the Tshikapa pits, please help us"
TRUE = "Les gardes ont cassé la jambe de mon frère au puits, nous étions deux"


@pytest.fixture
def flood() -> Incident:
    """Twenty-four of one story by five telephones, and one of a witness."""
    people = [Reporter.objects.create(pseudonym=f"Heron {number}") for number in range(5)]
    for number in range(24):
        when = ("Yesterday", "Last night", "Today")[number % 3]
        tell(FALSE.format(when=when, count=3 + number % 3), number, urgency=100, reporter=people[number % 5])
    witness = tell(TRUE, 12, urgency=0)
    while compare_uncompared():
        pass
    return witness


def tell(text: str, minutes: int, *, reporter: Reporter | None = None, **fields: object) -> Incident:
    at = NOW + timedelta(minutes=minutes)
    incident = make_incident(harms=("injury",), people={}, text=text, received_at=at)
    incident.reports.update(received_at=at, reporter=reporter)
    Incident.objects.filter(pk=incident.pk).update(**fields)
    return incident


def queue() -> list[Incident]:
    return list(without_echoes(moderation_queue(Incident.objects.all())))


def test_a_flood_is_one_line_and_the_witness_another(flood: Incident) -> None:
    first, witness = queue()
    assert witness == flood
    waiting = moderation_queue(Incident.objects.all())
    assert choruses(waiting, [first, witness]) == {first.pk: Chorus(first.pk, 23, 5)}
    assert flood not in chorus_of(waiting, first.pk)
    assert chorus_of(waiting, first.pk).count() == 24


def test_who_is_left_comes_to_the_front_when_the_first_was_dealt_with(flood: Incident) -> None:
    first = queue()[0]
    Incident.objects.filter(pk=first.pk).update(triage="spam")
    second, witness = queue()
    assert (second != first, witness) == (True, flood)
    assert choruses(moderation_queue(Incident.objects.all()), [second])[second.pk].others == 22


def test_what_is_more_urgent_than_what_it_echoes_is_not_behind_it(flood: Incident) -> None:
    urgent = Echo.objects.order_by("pk").last().incident  # type: ignore[union-attr]
    Incident.objects.filter(pk=urgent.pk).update(urgency=130)
    assert queue()[0] == urgent


def test_nothing_stands_behind_a_case_that_its_reader_does_not_see(flood: Incident) -> None:
    first = queue()[0]
    Incident.objects.filter(pk=first.pk).update(organisation=make_organisation())
    seen = Incident.objects.filter(organisation=None)
    shown = list(without_echoes(moderation_queue(seen)))
    assert len(shown) == 2
    assert first not in shown
    assert choruses(moderation_queue(seen), shown)[shown[0].pk].others == 22


def test_another_organisations_case_is_echoed_by_none() -> None:
    tell(FALSE.format(when="Today", count=3), 0, organisation=make_organisation())
    tell(FALSE.format(when="Today", count=3), 1)
    while compare_uncompared():
        pass
    assert not Echo.objects.exists()


def test_the_desk_folds_them_and_opens_them_ticked(flood: Incident, client: Client, moderator: User) -> None:
    client.force_login(moderator)
    page = client.get(reverse("desk:queue")).content.decode()
    assert "23 more say nearly the same" in page
    assert "5 known senders in all" in page
    assert page.count('name="case"') == 2
    assert "25 cases, the most urgent first" in page  # as its tab says
    first = Echo.objects.values_list("of", flat=True)[0]
    opened = client.get(reverse("desk:queue"), {"echoes": str(first)}).content.decode()
    assert opened.count('name="case"') == opened.count(" checked aria-label") == 24
    assert str(flood.pk) not in opened
    assert client.get(reverse("desk:queue"), {"echoes": "x"}).content.decode().count('name="case"') == 2


def test_one_story_sent_often_raises_no_alarm_and_several_do(flood: Incident) -> None:
    rule = AlertRule.objects.create(least=3, radius_km=30, window_days=3650)
    assert raise_alerts(rule, NOW) == 0
    tell("Security men whipped a woman who carried gravel", 40)
    assert raise_alerts(rule, NOW) == 1

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from impact.accounts.models import User
from impact.incidents.correspondence import Letter, ask_reporter
from impact.incidents.linking import link_incident
from impact.incidents.models import Incident, Report
from impact.moderation.deciding import verify_incident
from impact.moderation.duplicates import compare_uncompared
from impact.moderation.models import Decision, Echo, SavedView
from impact.moderation.working_together import note_visit, record_follow_up
from impact.vocabulary import FollowUp
from impact.web.desk.queue import PAGE_SIZE
from tests.builders import NOW, make_area, make_incident, make_organisation

pytestmark = pytest.mark.django_db
QUEUE = reverse("desk:queue")


def page(desk: Client, **query: str) -> str:
    response = desk.get(QUEUE, query)
    assert response.status_code == 200
    return response.content.decode()


def test_strangers_are_asked_to_sign_in_and_advocates_are_refused(client: Client, advocate: User) -> None:
    answer = client.get(QUEUE)
    assert answer.status_code == 302
    assert reverse("accounts:sign_in") in answer.headers["Location"]
    client.force_login(advocate)
    assert client.get(QUEUE).status_code == 403


def test_a_row_tells_the_case(desk: Client) -> None:
    incident = make_incident(text="They shot\ntwo men  at the river", harms=("killing", "injury"))
    html = page(desk)
    for told in (
        incident.reference,
        "They shot two men at the river",
        "Killing, Injury or beating",
        "Tshikapa, Democratic Republic of the Congo",
        "2 killed",
        "Web form",
        f'href="{reverse("desk:case", args=[incident.pk])}"',
    ):
        assert told in html


def test_the_urgent_come_first_with_the_reason(desk: Client) -> None:
    make_incident(harms=("water_pollution",), people={}, text="The river is red", received_at=NOW)
    make_incident(harms=("killing",), text="They shot two men", received_at=NOW - timedelta(days=9))
    html = page(desk)
    assert html.index("They shot two men") < html.index("The river is red")
    assert html.count("Urgent:") == 1
    assert "Urgent: killing" in html


def test_each_state_has_its_count_and_its_cases(desk: Client) -> None:
    make_incident(text="a new one")
    make_incident(text="a verified one", verification="verified", triage="triaged")
    make_incident(text="an advertisement", triage="spam")
    assert "a new one" in page(desk)
    assert "a verified one" not in page(desk)
    assert "a verified one" in page(desk, state="verified")
    assert "an advertisement" in page(desk, state="sorted_out")
    assert len(re.findall(r'data-count="\w+">1<', page(desk))) == 3
    assert "a new one" in page(desk, state="nonsense")


def test_theme_country_and_language_narrow(desk: Client) -> None:
    make_incident(text="violence here", harms=("threats", "chemicals"))
    make_incident(text="labour there", harms=("unpaid_wages",), country="SL")
    assert "labour there" not in page(desk, theme="violence")
    assert "violence here" in page(desk, theme="environment")
    assert "violence here" not in page(desk, country="SL")
    assert "labour there" in page(desk, language="en", country="SL", theme="labour")
    assert "violence here" in page(desk, country="XX"), "what cannot be is ignored"


def test_an_empty_queue_says_so(desk: Client) -> None:
    assert "Nothing waits" in page(desk)
    make_incident(country="CD")
    make_incident(country="SL", triage="spam")
    assert "No case in this state passes this filter" in page(desk, country="SL")
    assert "No case here passes this filter" in page(desk, q="nobody said this")


def test_pages_hold_every_case_once_and_keep_the_filter(desk: Client) -> None:
    for number in range(PAGE_SIZE + 1):
        make_incident(text=f"case {number:03}")
    first, second = page(desk, country="CD"), page(desk, country="CD", page="2")
    assert first.count("desk-row-line") == PAGE_SIZE
    assert second.count("desk-row-line") == 1
    assert "country=CD&amp;page=2" in first
    assert page(desk, page="nonsense").count("desk-row-line") == PAGE_SIZE


def test_the_number_of_queries_does_not_grow(
    desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_incident()
    with django_assert_num_queries(18):
        page(desk)
    for _ in range(12):
        make_incident(harms=("killing", "threats"))
    with django_assert_num_queries(18):
        page(desk)
    first, *others = Incident.objects.order_by("received_at")
    for case in others[:6]:
        Echo.objects.create(incident=case, of=first)
    with django_assert_num_queries(19):
        page(desk)


def test_words_from_outside_are_only_words(desk: Client) -> None:
    make_incident(text="<script>alert(1)</script>", place_name='"><img src=x>')
    html = page(desk)
    assert "<script>alert" not in html
    assert "<img src=x>" not in html
    assert desk.get(QUEUE).headers["Cache-Control"] == "no-store"


def test_words_and_references_find_a_case_whatever_their_accents(desk: Client) -> None:
    found = make_incident(text="Des militaires ont tiré à l'église")
    make_incident(text="The river is red")
    for words in ("eglise", "TIRE milit", found.reference, found.reference.lower()):
        html = page(desk, q=words)
        assert "Des militaires" in html, words
        assert "river is red" not in html, words
    assert "No case here passes" in page(desk, q="nothing like it")


def test_flags_narrow_to_what_a_moderator_looks_for(
    desk: Client, moderator: User, second_moderator: User, settings: Settings
) -> None:
    settings.TWO_PERSON = True
    make_incident(text="the calm one", harms=("air_noise",), people={}, place_name="Far", longitude=3.0)
    make_incident(text="the urgent one", harms=("threats",), people={}, longitude=10.0)
    make_incident(
        text="the one of mine", harms=("air_noise",), people={}, assigned_to=moderator, longitude=15.0
    )
    asked = make_incident(text="the asked one", harms=("air_noise",), people={}, longitude=30.0)
    report = asked.reports.get()
    Report.objects.filter(pk=report.pk).update(may_follow_up=True)
    report.refresh_from_db()
    ask_reporter(report=report, moderator_id=moderator.pk, letter=Letter(f"{report.reference}: where?", "en"))
    proposed = make_incident(text="the proposed one", harms=("injury",), people={}, longitude=40.0)
    verify_incident(
        incident=proposed, moderator=second_moderator, reason="seen by two nurses", expected_version=1
    )

    def listed(**query: str) -> set[str]:
        return set(re.findall(r"the \w+ (?:one|of mine)|the one of mine", page(desk, **query)))

    assert listed(urgent="on") == {"the urgent one"}
    assert listed(mine="on") == {"the one of mine"}
    assert listed(waiting="on") == {"the asked one"}
    assert listed(confirm="on", state="under_verification") == {"the proposed one"}
    assert "waits for a second moderator" in page(desk, state="under_verification")
    # The word of somebody whose account was closed waits for nobody.
    User.objects.filter(proposals__isnull=False).update(is_active=False)
    assert listed(confirm="on", state="under_verification") == set()
    assert "waits for a second moderator" not in page(desk, state="under_verification")


def test_possible_duplicates_are_marked_and_found(desk: Client) -> None:
    make_incident(text="Soldiers shot two men at the pits")
    make_incident(text="Deux creuseurs tués par les militaires")
    make_incident(text="the river", harms=("river_damage",), people={}, longitude=30.0)
    compare_uncompared()
    html = page(desk, duplicate="on")
    assert "Deux creuseurs" in html
    assert "the river" not in html
    assert html.count("possible duplicate") == 2


def test_area_channel_and_age_narrow(desk: Client) -> None:
    make_area("Kamonia pits")
    near = make_incident(text="near the pits")
    link_incident(near)
    make_incident(text="long ago", received_at=NOW - timedelta(days=300), longitude=3.0)
    assert "long ago" not in page(desk, area="kamonia")
    assert "near the pits" in page(desk, area="kamonia")
    assert "near the pits" not in page(desk, channel="sms")
    assert "near the pits" in page(desk, channel="web")
    assert "long ago" in page(desk, age="older_month")
    assert "near the pits" in page(desk, age="nonsense")


def test_a_view_is_kept_opened_and_forgotten_by_its_owner_alone(
    desk: Client, second_moderator: User, client: Client
) -> None:
    kept = desk.post(reverse("desk:save_view"), {"name": "Urgent in Congo", "query": "state=new&urgent=on"})
    assert kept.headers["Location"].endswith("?state=new&urgent=on")
    assert '<a href="?state=new&amp;urgent=on">Urgent in Congo</a>' in page(desk)
    view = SavedView.objects.get()
    client.force_login(second_moderator)
    client.post(reverse("desk:save_view"), {"forget": view.pk})
    assert "Urgent in Congo" not in client.get(QUEUE).content.decode()
    assert SavedView.objects.exists()
    desk.post(reverse("desk:save_view"), {"forget": view.pk})
    assert not SavedView.objects.exists()


def test_spam_is_sorted_out_in_bulk_with_one_decision_each(desk: Client, moderator: User) -> None:
    spam = [make_incident(text=f"buy now {number}") for number in range(3)]
    public = make_incident(publication="public", verification="verified")
    elsewhere = make_incident(organisation=make_organisation())
    ticked = [f"{case.pk}:1" for case in (*spam, public, elsewhere)] + ["nonsense", "x:1"]
    fields = {"case": ticked, "act": "spam", "reason": "Advertising.", "query": "state=new"}
    html = desk.post(reverse("desk:decide_many"), fields, follow=True).content.decode()
    assert "3 cases sorted out." in html
    assert f"{public.reference}: It is public" in html
    assert set(Incident.objects.filter(triage="spam")) == set(spam)
    assert Decision.objects.filter(action="triage", reason="Advertising.").count() == 3
    desk.post(reverse("desk:decide_many"), {**fields, "reason": ""})
    desk.post(reverse("desk:decide_many"), {**fields, "case": []})
    assert Decision.objects.count() == 3


def test_a_case_that_changed_since_is_not_sorted_out(desk: Client) -> None:
    case = make_incident()
    Incident.objects.update(version=2)
    fields = {"case": [f"{case.pk}:1"], "act": "spam", "reason": "Advertising."}
    html = desk.post(reverse("desk:decide_many"), fields, follow=True).content.decode()
    assert "Somebody else changed" in html


def test_many_cases_are_taken_up_at_once(desk: Client, moderator: User) -> None:
    new, public = make_incident(), make_incident(publication="public", verification="verified")
    fields = {"case": [f"{new.pk}:1", f"{public.pk}:1"], "act": "take_up", "reason": "Ours to check."}
    html = desk.post(reverse("desk:decide_many"), fields, follow=True).content.decode()
    assert "1 case is being verified now." in html
    assert f"{public.reference}: Its verification has already begun." in html
    new.refresh_from_db()
    assert (new.triage, new.verification) == ("triaged", "under_verification")
    assert Decision.objects.get().reason == "Ours to check."


def test_many_cases_are_handed_over_at_the_end_of_a_shift(
    desk: Client, moderator: User, second_moderator: User
) -> None:
    mine = [make_incident(assigned_to=moderator) for _number in range(2)]
    elsewhere = make_incident(organisation=make_organisation())
    fields = {"case": [f"{case.pk}:1" for case in (*mine, elsewhere)], "act": "hand_over"}
    refused = desk.post(reverse("desk:decide_many"), fields, follow=True).content.decode()
    assert "Say to whom." in refused
    assert not Decision.objects.exists()
    to = {**fields, "assignee": second_moderator.pk, "reason": "The doctor calls back on Monday."}
    html = desk.post(reverse("desk:decide_many"), to, follow=True).content.decode()
    assert f"2 cases are with {second_moderator} now." in html
    assert set(Incident.objects.filter(assigned_to=second_moderator)) == set(mine)
    assert {row.reason for row in Decision.objects.all()} == {"The doctor calls back on Monday."}


def test_a_case_is_found_by_its_reference_whatever_became_of_it(desk: Client) -> None:
    public = make_incident(publication="public", verification="verified")
    make_incident()
    html = page(desk, q=public.reference)
    assert "No case in this state passes this filter; others do, see above." in html
    assert re.search(rf'state=published&amp;q={public.reference}">Published <span class="number">1<', html)


def test_a_case_is_found_by_the_day_on_which_it_happened_or_came(desk: Client) -> None:
    make_incident(text="the week of the flood", occurred_from=date(2026, 3, 2), occurred_to=date(2026, 3, 8))
    make_incident(text="another time")
    found = page(desk, day="2026-03-04")
    assert "the week of the flood" in found
    assert "another time" not in found
    assert "another time" in page(desk, day=NOW.date().isoformat())


def test_the_counts_are_those_of_what_one_may_see(desk: Client) -> None:
    make_incident()
    make_incident(harms=("sexual_violence",))
    assert desk.get(reverse("desk:counts")).json()["new"] == 1


def test_what_is_due_and_who_is_at_a_case_are_shown(
    desk: Client, moderator: User, second_moderator: User
) -> None:
    case = make_incident()
    record_follow_up(
        incident=case,
        moderator=moderator,
        follow_up=FollowUp.IN_FOLLOW_UP,
        contacted="the health post",
        contacted_on=date(2026, 11, 1),
        note="They will ask around.",
        due_on=date(2026, 11, 2),
        expected_version=1,
    )
    note_visit(case, second_moderator)
    html = page(desk)
    assert "due 2 Nov 2026" in html
    assert "second-moderator has it open" in html


def test_the_rules_of_alerts_are_found_also_when_none_waits(desk: Client) -> None:
    assert f'<a href="{reverse("desk:alerts")}">Alerts</a>' in page(desk)

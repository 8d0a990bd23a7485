from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from impact.accounts.models import User
from impact.web.desk.queue import PAGE_SIZE
from tests.builders import NOW, make_incident

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
    assert page(desk).count('<span class="desk-count">1</span>') == 3
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
    assert "No case here passes this filter" in page(desk, country="SL")


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
    with django_assert_num_queries(10):
        page(desk)
    for _ in range(12):
        make_incident(harms=("killing", "threats"))
    with django_assert_num_queries(10):
        page(desk)


def test_words_from_outside_are_only_words(desk: Client) -> None:
    make_incident(text="<script>alert(1)</script>", place_name='"><img src=x>')
    html = page(desk)
    assert "<script>alert" not in html
    assert "<img src=x>" not in html
    assert desk.get(QUEUE).headers["Cache-Control"] == "no-store"

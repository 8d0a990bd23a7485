"""The desk as a moderator has it: with keys and a map, and on a phone without any script."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.moderation.deciding import verify_incident
from impact.moderation.models import Decision
from tests.builders import make_area, make_incident, make_place, take_in

pytestmark = pytest.mark.django_db(transaction=True)


def sign_in(page: Page, desk: Client, live_server: LiveServer) -> None:
    cookie = desk.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )


def case_url(live_server: LiveServer, incident: Incident) -> str:
    return live_server.url + reverse("desk:case", args=[incident.pk])


def test_the_keys_walk_the_queue_and_open_a_case(page: Page, desk: Client, live_server: LiveServer) -> None:
    make_incident(text="the calmer one", harms=("air_noise",))
    make_incident(text="the urgent one", harms=("killing",))
    sign_in(page, desk, live_server)
    page.goto(live_server.url + reverse("desk:queue"))
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="the urgent one")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="the calmer one")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_label("Words or reference").focus()
    page.keyboard.press("j")
    expect(page.get_by_label("Words or reference")).to_be_focused()
    page.get_by_role("link", name="the urgent one").press("Enter")
    expect(page).to_have_url(re.compile("/moderate/cases/"))
    page.wait_for_load_state()
    page.keyboard.press("d")
    expect(page.get_by_role("radio", name="Take it up")).to_be_focused()


def test_one_key_corrects_each_conclusion_and_so_does_a_click_on_its_words(
    page: Page, desk: Client, live_server: LiveServer
) -> None:
    make_place("Tshikapa")
    take_in("Soldiers shot two men at Tshikapa yesterday")
    sign_in(page, desk, live_server)
    page.goto(case_url(live_server, Incident.objects.get()))
    facts = page.locator("#facts")
    for key, field in (
        ("h", "main_harm"),
        ("o", "perpetrator"),
        ("t", "occurred_from"),
        ("c", "killed_low"),
    ):
        page.locator("h1").click()
        page.keyboard.press(key)
        expect(facts.locator(f"[name={field}]")).to_be_focused()
    page.locator("mark.is-date", has_text="yesterday").click()
    expect(facts.locator("[name=occurred_from]")).to_be_focused()
    page.locator("mark.is-place", has_text="Tshikapa").click()
    expect(page.locator("#place input[type=radio]").first).to_be_focused()


def test_the_map_is_drawn_and_a_click_on_it_is_a_typed_point(
    page: Page, desk: Client, live_server: LiveServer
) -> None:
    make_place("Tshikapa")
    make_area("Tshikapa pits", 20.9, -6.4)
    take_in("Soldiers shot two men at Tshikapa yesterday")
    sign_in(page, desk, live_server)
    page.goto(case_url(live_server, Incident.objects.get()))
    expect(page.locator("#case-map .leaflet-tooltip", has_text="Tshikapa pits")).to_be_visible()
    expect(page.locator("#case-map .leaflet-overlay-pane path")).not_to_have_count(0)
    page.locator("#case-map").click(position={"x": 300, "y": 260})
    expect(page.get_by_role("radio", name="The point typed below")).to_be_checked()
    page.locator("#place").get_by_label("Reason").fill("the reporter said so")
    page.get_by_role("button", name="Put it there").click()
    expect(page.get_by_role("status")).to_contain_text("linked again")
    assert Incident.objects.get().place_method == "moderator"


def test_a_look_comes_back_to_what_was_looked_at(
    page: Page, desk: Client, moderator: User, live_server: LiveServer
) -> None:
    incident = verify_incident(
        incident=make_incident(),
        moderator=moderator,
        reason="two sources",
        expected_version=1,
        is_partial=True,
    )
    sign_in(page, desk, live_server)
    page.goto(case_url(live_server, incident))
    page.get_by_label("Public text").fill("A mine was looked at.")
    page.get_by_role("button", name="Look at it first").click()
    expect(page.locator(".desk-preview-text", has_text="A mine was looked at.")).to_be_in_viewport()
    page.get_by_text("Put it somewhere else").or_(page.get_by_text("Say where it happened")).click()
    page.get_by_label("Look up a name").fill("Nowhere")
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_text("No place with a name like this.")).to_be_in_viewport()


def test_a_case_is_decided_on_a_small_phone_without_script(
    phone: Page, desk: Client, live_server: LiveServer
) -> None:
    incident = make_incident(text="a-word-longer-than-any-phone-is-wide" * 3)
    sign_in(phone, desk, live_server)
    phone.goto(live_server.url + reverse("desk:queue"))
    phone.goto(case_url(live_server, incident))
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    phone.get_by_role("radio", name="Spam").check()
    phone.locator("#decide").get_by_label("Reason").fill("Advertising.")
    phone.get_by_role("button", name="Record the decision").click()
    expect(phone.get_by_text("Recorded: Spam.")).to_be_visible()
    assert Incident.objects.get().triage == "spam"


def test_all_are_ticked_counted_and_handed_over_with_the_keys(
    page: Page, desk: Client, live_server: LiveServer, second_moderator: User
) -> None:
    for number in range(3):
        make_incident(text=f"the case of number {number}")
    sign_in(page, desk, live_server)
    page.goto(live_server.url + reverse("desk:queue"))
    page.keyboard.press("a")
    expect(page.locator("[data-ticked]")).to_have_text("(3)")
    page.locator("input[name=case]").first.uncheck()
    expect(page.locator("[data-ticked]")).to_have_text("(2)")
    expect(page.locator("#tick_all")).not_to_be_checked()
    expect(page.locator("#many_assignee")).to_be_hidden()
    page.keyboard.press("Escape")
    page.locator("input[name=case]").first.press("s")
    expect(page.locator("#many_act")).to_be_focused()
    page.locator("#many_act").select_option("hand_over")
    page.locator("#many_assignee").select_option(str(second_moderator.pk))
    page.get_by_role("button", name="Do it").press("Enter")
    expect(page.get_by_text(f"2 cases are with {second_moderator} now.")).to_be_visible()
    assert Incident.objects.filter(assigned_to=second_moderator).count() == 2


def test_enter_in_a_reason_never_takes_the_draft_for_what_was_written(
    page: Page, desk: Client, live_server: LiveServer
) -> None:
    incident, words = make_incident(verification="verified", triage="triaged"), "Two people died at a mine."
    sign_in(page, desk, live_server)
    page.goto(case_url(live_server, incident))
    expect(page.get_by_role("button", name=re.compile("this draft"))).to_be_visible()
    page.locator("#publish textarea[name=text]").fill(words)
    page.locator("#publish input[name=reason]").fill("safe")
    page.locator("#publish input[name=reason]").press("Enter")
    expect(page.locator(".desk-preview .desk-preview-text")).to_have_text(words)
    expect(page.locator("#publish textarea[name=text]")).to_have_value(words)
    assert not Decision.objects.exists()


def test_enter_in_a_reason_puts_the_point_where_it_was_moved(
    page: Page, desk: Client, live_server: LiveServer
) -> None:
    incident = make_incident()
    sign_in(page, desk, live_server)
    page.goto(case_url(live_server, incident))
    page.locator(".case-point").press("ArrowUp")
    page.locator("#place input[name=reason]").fill("north of the river")
    page.locator("#place input[name=reason]").press("Enter")
    expect(page.get_by_text("Moved, and linked again")).to_be_visible()
    page.keyboard.press("w")
    page.locator("#place input[name=name]").fill("Nowhere at all")
    page.locator("#place input[name=name]").press("Enter")
    expect(page.get_by_text("No place with a name like this.")).to_be_visible()

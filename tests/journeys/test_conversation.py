"""The phone on the screen and the desk beside it: a text, a question, a choice, the case, an answer."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from impact.accounts.models import User
from impact.incidents.models import Incident, Report
from impact.operations.working import work_once
from tests.builders import make_place

SENDER = "+23276000017"


def text(phone: Page, words: str) -> None:
    phone.get_by_label("Message").fill(words)
    phone.get_by_role("button", name="Send").click()


@pytest.mark.django_db(transaction=True)
def test_a_conversation_between_a_phone_and_the_desk(
    phone: Page, page: Page, live_server: LiveServer, moderator: User
) -> None:
    make_place("Koidu", -10.971, 8.644, "SL", region="Kono", population=128_000)
    make_place("Koindu", -10.337, 8.461, "SL", region="Kailahun", population=15_000)

    # The phone tells, is asked which place it is, and chooses.
    phone.goto(live_server.url + reverse("web:simulator"))
    phone.get_by_label("Sent from").select_option(SENDER)
    text(phone, "Police beat two diggers at Koidoo yesterday")
    expect(phone.locator(".received").last).to_contain_text("1 Koidu, Kono 2 Koindu, Kailahun 0 other")
    text(phone, "2")
    reference = Report.objects.get().reference
    expect(phone.locator(".received").last).to_have_text(
        f"Headlamp: Thank you. This was added to {reference}."
    )
    expect(phone.locator(".sent small").last).to_have_text(f"answer to {reference}")

    # The desk sees the words as sent, the choice beside them, and the place that came of it.
    client = Client()
    client.force_login(moderator)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    incident = Incident.objects.get()
    page.goto(live_server.url + reverse("desk:case", args=[incident.pk]))
    talk = page.locator("#talk")
    expect(talk.locator(".is-theirs")).to_contain_text("2")
    expect(talk.locator(".is-theirs")).to_contain_text("entered in the case")
    expect(page.locator(".desk-facts").first).to_contain_text("Koindu")

    # A moderator asks; the phone gets it and answers.
    talk.locator("summary").click()
    talk.locator("select").select_option("questions.people")
    talk.get_by_role("button", name="Look first").click()
    expect(page.locator(".talk-look")).to_contain_text(f"{reference}: How many people")
    expect(page.locator(".talk-look")).to_contain_text("1 text message")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#talk")).to_contain_text("Waits to be sent")
    work_once()
    phone.get_by_role("button", name="Look for messages").click()
    expect(phone.locator(".received").last).to_contain_text("How many people were hurt")
    text(phone, "4 injured, one taken to the station")
    page.reload()
    expect(page.locator("#talk .is-theirs").last).to_contain_text("4 injured, one taken to the station")

    # The outcome arrives.
    page.locator("#talk summary").click()
    page.locator("#talk select").select_option("outcomes.verified")
    page.locator("#talk").get_by_role("button", name="Send").click()
    work_once()
    phone.get_by_role("button", name="Look for messages").click()
    expect(phone.locator(".received").last).to_contain_text("examined and confirmed")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    assert Report.objects.count() == 1

"""A whole case: a witness is asked, one moderator puts it right, another publishes, the witness hears."""

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from impact.accounts.models import User
from impact.incidents.models import Incident, Report
from impact.moderation.models import Decision
from impact.operations.working import work_once
from impact.publication.models import PublishedIncident
from tests.builders import make_area, make_place

SENDER = "+23276000017"


def desk_of(browser: Browser, live_server: LiveServer, user: User) -> Page:
    """The case of the only incident, in a browser in which somebody has signed in."""
    client = Client()
    client.force_login(user)
    name = django_settings.SESSION_COOKIE_NAME
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("desk:case", args=[Incident.objects.get().pk]))
    return page


def text(phone: Page, words: str) -> None:
    phone.get_by_label("Message").fill(words)
    phone.get_by_role("button", name="Send").click()


@pytest.mark.django_db(transaction=True)
def test_a_witness_two_moderators_and_the_outcome(
    browser: Browser,
    phone: Page,
    live_server: LiveServer,
    settings: Settings,
    moderator: User,
    second_moderator: User,
) -> None:
    settings.TWO_PERSON, settings.SOURCES_TO_VERIFY = True, 1
    make_place("Koidu", -10.971, 8.644, "SL", region="Kono", population=128_000)
    make_area("Tongo Fields", -11.05, 8.22, country="SL")

    phone.goto(live_server.url + reverse("web:simulator"))
    phone.get_by_label("Sent from").select_option(SENDER)
    text(phone, "Guards beat three diggers yesterday")
    expect(phone.locator(".received").last).to_contain_text("Where")
    text(phone, "Koidu")
    expect(phone.locator(".received").last).to_contain_text("Thank you")
    reference = Report.objects.get().reference

    first = desk_of(browser, live_server, moderator)
    place = first.locator("#place")
    place.locator("summary").click()
    place.get_by_role("radio").last.check()
    place.get_by_label("Latitude").fill("8.22")
    place.get_by_label("Longitude").fill("-11.05")
    place.get_by_label("Reason").fill("it was at Tongo: the reporter named the river")
    place.get_by_role("button", name="Put it there").click()
    expect(first.locator(".desk-areas").first).to_contain_text("Tongo Fields")
    first.get_by_role("radio", name="Verified", exact=True).click()
    first.get_by_role("button", name="A monitor whom we know was there.").click()
    first.get_by_role("button", name="Propose this draft").click()
    expect(first.get_by_text("another moderator publishes it")).to_be_visible()
    assert not PublishedIncident.objects.exists()

    second = desk_of(browser, live_server, second_moderator)
    second.get_by_role("button", name="Confirm: verified").click()
    second.get_by_role("button", name="Confirm: publish these words").click()
    expect(second.get_by_text("Publish anew")).to_be_visible()
    people = list(Decision.objects.values_list("action", "moderator__username"))
    assert ("correct", "moderator") in people
    assert ("publish", "second-moderator") in people
    assert ("publish", "moderator") not in people
    published = PublishedIncident.objects.get()
    assert (published.longitude, published.latitude) != (-11.05, 8.22)

    second.locator("#talk summary").click()
    second.locator("#talk select").select_option("outcomes.verified")
    second.locator("#talk").get_by_role("button", name="Send").click()
    work_once()
    phone.get_by_role("button", name="Look for messages").click()
    expect(phone.locator(".received").last).to_contain_text("examined and confirmed")
    expect(phone.locator(".received").last).to_contain_text(reference)
    for context in list(browser.contexts):
        if context not in {phone.context}:
            context.close()

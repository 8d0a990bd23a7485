"""The stop-watch: how many clicks a routine report and a duplicate take, counted by the browser itself."""

from typing import Any

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
from tests.builders import make_area, make_incident

pytestmark = pytest.mark.django_db(transaction=True)
_COUNT = """
addEventListener("click", (e) => e.isTrusted && e.detail > 0 && window.pressed());
addEventListener("keydown", (e) => e.isTrusted && window.pressed());
"""


class Stopwatch:
    """Counts every press of a key and every click in the pages that it opens."""

    def __init__(self, browser: Browser, live_server: LiveServer) -> None:
        self.presses = 0
        self._browser, self._url = browser, live_server.url

    def sit_down(self, user: User) -> Page:
        """A browser in which somebody has signed in and looks at the queue."""
        client = Client()
        client.force_login(user)
        context = self._browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
        name = django_settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self._url}])
        context.expose_function("pressed", self._press)
        context.add_init_script(_COUNT)
        page = context.new_page()
        page.goto(self._url + reverse("desk:queue"))
        return page

    def _press(self, *_: Any) -> None:
        self.presses += 1


def test_a_routine_report_is_verified_and_prepared_for_publication_in_eight(
    browser: Browser,
    live_server: LiveServer,
    settings: Settings,
    moderator: User,
    second_moderator: User,
) -> None:
    settings.TWO_PERSON, settings.SOURCES_TO_VERIFY = True, 2
    make_area("Tshikapa pits", 20.82, -6.4)
    make_incident(
        harms=("injury",), people={"injured": {"low": 3, "high": 3}}, text="Guards beat three diggers"
    )
    Report.objects.update(may_publish=True)
    watch = Stopwatch(browser, live_server)

    first = watch.sit_down(moderator)
    first.get_by_role("link", name="Guards beat three diggers").click()
    first.get_by_role("radio", name="Verified", exact=True).click()
    first.get_by_role("button", name="A monitor whom we know was there.").click()
    first.get_by_role("button", name="Propose this draft").click()
    expect(first.get_by_text("Proposed for the public: another moderator publishes it.")).to_be_visible()

    second = watch.sit_down(second_moderator)
    second.get_by_role("link", name="Being verified").click()
    second.get_by_role("link", name="Guards beat three diggers").click()
    second.get_by_role("button", name="Confirm: verified").click()
    expect(second.get_by_role("button", name="Confirm: publish these words")).to_be_visible()

    incident = Incident.objects.get()
    assert incident.verification == "verified"
    assert incident.proposals.get().step == "publish"
    assert watch.presses == 7, "at most 8"
    second.get_by_role("button", name="Confirm: publish these words").click()
    expect(second.get_by_text("Publish anew")).to_be_visible()
    assert Incident.objects.get().publication == "public"
    people = Decision.objects.values_list("action", "moderator__username")
    assert list(people) == [
        ("verify", "moderator"),
        ("propose", "moderator"),
        ("verify", "second-moderator"),
        ("publish", "second-moderator"),
    ]


def test_a_duplicate_is_merged_in_four(browser: Browser, live_server: LiveServer, moderator: User) -> None:
    make_incident(text="Soldiers shot two men at the pits")
    make_incident(text="Deux creuseurs tués par les militaires")
    watch = Stopwatch(browser, live_server)
    page = watch.sit_down(moderator)
    page.get_by_role("link", name="Soldiers shot two men").click()
    page.get_by_role("button", name="Merge").click()
    expect(page.get_by_text("every testimony of")).to_be_visible()
    expect(page.get_by_text("Deux creuseurs tués")).to_be_visible()
    assert watch.presses == 2, "at most 4"
    assert Incident.objects.filter(merged_into__isnull=False).count() == 1


def test_the_same_by_keys_alone(browser: Browser, live_server: LiveServer, moderator: User) -> None:
    make_incident(text="Soldiers shot two men at the pits")
    make_incident(text="Deux creuseurs tués par les militaires")
    watch = Stopwatch(browser, live_server)
    page = watch.sit_down(moderator)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/**")
    page.wait_for_load_state()
    page.keyboard.press("m")
    page.keyboard.press("Enter")
    expect(page.get_by_text("every testimony of")).to_be_visible()
    assert watch.presses == 4, "at most 4"

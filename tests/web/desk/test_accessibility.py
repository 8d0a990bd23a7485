"""Every page of the desk by axe-core (WCAG 2.2 A and AA), at 400 % zoom, and by the keyboard alone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.moderation.deciding import verify_incident
from impact.places.models import ProducingArea
from tests.builders import make_area, make_incident, make_place, take_in
from tests.web.desk.test_in_browser import case_url, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def addresses(moderator: User, second_moderator: User, settings: Settings) -> list[str]:
    settings.TWO_PERSON = True
    make_place("Tshikapa")
    area: ProducingArea = make_area("Tshikapa pits", 20.9, -6.4)
    take_in("Soldiers shot two men at Tshikapa yesterday, 3 injured")
    make_incident(text="Des militaires ont tué deux creuseurs", harms=("injury",), people={})
    proposed = make_incident(text="the proposed one", harms=("injury",), people={})
    verify_incident(
        incident=proposed, moderator=second_moderator, reason="two nurses say so", expected_version=1
    )
    cases = [reverse("desk:case", args=[case.pk]) for case in Incident.objects.all()]
    del area
    return [reverse("desk:queue"), f"{reverse('desk:queue')}?state=verified&urgent=on", *cases]


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=_RULES).response["violations"]
    return [f"{page.url} {rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def test_axe_finds_nothing_on_any_page(
    page: Page, desk: Client, live_server: LiveServer, addresses: list[str]
) -> None:
    # axe-core is run from the test itself, which the page's own policy would not allow.
    context = page.context.browser.new_context(  # type: ignore[union-attr]
        viewport={"width": 1280, "height": 900}, bypass_csp=True, locale="en-GB"
    )
    checked = context.new_page()
    sign_in(checked, desk, live_server)
    found = []
    for address in addresses:
        checked.goto(live_server.url + address)
        checked.wait_for_load_state("networkidle")
        checked.evaluate("document.querySelectorAll('details').forEach((e) => (e.open = true))")
        found += violations(checked)
    context.close()
    assert found == []


def test_everything_reflows_at_four_times_the_size(
    browser: Browser, desk: Client, live_server: LiveServer, addresses: list[str]
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 256}, locale="en-GB")
    page = context.new_page()
    sign_in(page, desk, live_server)
    for address in addresses:
        page.goto(live_server.url + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
    context.close()


def test_the_keyboard_alone_reaches_every_control_in_reading_order(
    page: Page, desk: Client, live_server: LiveServer
) -> None:
    incident = make_incident()
    sign_in(page, desk, live_server)
    page.goto(case_url(live_server, incident))
    seen: list[str] = []
    for _ in range(160):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "(e => e === document.body ? '' : (e.name || e.href || e.textContent).trim().slice(0, 60)"
            " + '|' + (getComputedStyle(e).outlineStyle !== 'none' || e.matches('.leaflet-container *')))"
            "(document.activeElement)"
        )
        if not here:
            break
        seen.append(here)
    names = [entry.rsplit("|", 1)[0] for entry in seen]
    assert all(entry.endswith("|true") for entry in seen), [e for e in seen if not e.endswith("|true")]
    for wanted in ("assignee", "outcome", "reliability", "credibility"):
        assert wanted in names
    assert names.index("outcome") < names.index("reliability") < names.index("credibility")


def test_the_point_is_moved_by_arrow_keys(page: Page, desk: Client, live_server: LiveServer) -> None:
    incident = make_incident()
    sign_in(page, desk, live_server)
    page.goto(case_url(live_server, incident))
    point = page.locator(".case-point")
    expect(point).to_be_visible()
    point.focus()
    page.keyboard.press("ArrowUp")
    latitude = float(page.locator("#place [name=latitude]").input_value())
    assert latitude > -6.4
    expect(page.locator("#place input[value=typed]")).to_be_checked()

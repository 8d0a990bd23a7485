"""The map in a real browser: every control by keyboard, and a phone without JavaScript."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.builders import make_area, make_published

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def incidents() -> None:
    pits = make_area("Pits", 20.9, -6.5)
    for month in (1, 2, 3):
        make_published(
            occurred_from=date(2026, month, 2), occurred_to=date(2026, month, 8), areas=((pits, 1000.0),)
        )
    make_published(
        harms=("chemicals",), occurred_from=date(2026, 3, 9), occurred_to=date(2026, 3, 15), killed=None
    )


@pytest.mark.usefixtures("incidents")
def test_every_control_works_by_keyboard(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    cluster = page.locator(".leaflet-marker-icon")
    expect(cluster).to_have_attribute("aria-label", "4 incidents: Violence 3, Environment 1")

    cluster.focus()
    page.keyboard.press("Enter")
    first = page.locator(".opened a").first
    expect(first).to_be_focused()
    expect(first).to_have_text("Violence3")
    page.keyboard.press("Escape")
    expect(page.locator(".opened")).to_have_count(0)
    expect(cluster).to_be_focused()

    page.locator("input[name=layer][value=incidents]").focus()
    page.keyboard.press("ArrowRight")
    hexagon = page.locator(".leaflet-hexagons-pane path")
    expect(hexagon).to_have_attribute("aria-label", "4 incidents, 6 people harmed")
    expect(page).to_have_url(re.compile("layer=hexagons"))
    page.keyboard.press("ArrowLeft")

    page.locator("#show-coverage").focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("show=areas"))

    page.locator("#t-from").focus()
    page.keyboard.press("End")
    expect(page.locator("#said h1")).to_contain_text(
        "2 verified incidents, 1 of them near 1 producing area, March 2026"
    )
    expect(page.locator("#listed h2")).to_have_text("2 incidents")
    expect(page.locator("#t-from")).to_have_attribute("aria-valuetext", "March 2026")
    expect(page).to_have_url(re.compile("from=2026-03&to=2026-03"))
    expect(page.locator("#links a", has_text="GeoJSON")).to_have_attribute(
        "href", "/api/v1/incidents/?from=2026-03-01&to=2026-03-31&format=geojson"
    )

    page.locator("#t-play").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#t-shown")).to_have_text("January 2026")
    expect(page.locator("#said h1")).to_contain_text("January 2026")
    page.keyboard.press("Enter")
    expect(page.locator("#t-play")).to_have_text("Play")

    page.locator("#find").fill("Pits")
    page.keyboard.press("Enter")
    found = page.locator("#found button")
    expect(found).to_have_count(1)
    found.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"[?&]view=20\.(899|9)"))


@pytest.mark.usefixtures("incidents")
def test_the_legend_names_areas_where_the_map_draws_them(page: Page, live_server: LiveServer) -> None:
    named, later = page.get_by_text("Artisanal area"), page.get_by_text("Zoom in to see producing areas")
    page.goto(f"{live_server.url}/?view=20.9,-6.5,3")
    expect(later).to_be_visible()
    expect(named).to_be_hidden()
    page.goto(f"{live_server.url}/?view=20.9,-6.5,7")
    expect(named).to_be_visible()
    expect(later).to_be_hidden()
    page.locator("#show-areas").uncheck()
    expect(named).to_be_hidden()
    expect(later).to_be_hidden()


@pytest.mark.usefixtures("incidents")
def test_panel_filters_shade_areas_and_link_by_keyboard(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    page.locator(".leaflet-marker-icon").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".opened a", has_text="Environment")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#listed h2")).to_have_text("1 incident")
    expect(page).to_have_url(re.compile(r"theme=environment.*bbox=|bbox=.*theme=environment"))

    page.goto(live_server.url)
    page.locator("#f-theme").focus()
    page.keyboard.press("V")
    for name in ("f-country", "f-kind", "f-mineral", "f-from"):
        page.keyboard.press("Tab")
        expect(page.locator(f"#{name}")).to_be_focused()
    page.locator("#filters button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#listed h2")).to_have_text("3 incidents")
    expect(page).to_have_url(re.compile("theme=violence"))

    page.locator("input[name=layer][value=incidents]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    expect(page.locator("select[name=shade]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile("shade=people"))
    expect(page.locator("#shades")).to_contain_text("People harmed in a hexagon, at least:")

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the link").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#copied")).to_have_text("Copied.")
    link = page.locator("#share-link").input_value()
    assert page.evaluate("navigator.clipboard.readText()") == link
    page.locator("summary", has_text="Put this view on a page of yours").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Copy the code").focus()
    page.keyboard.press("Enter")
    code = page.locator("#share-embed").input_value()
    expect(page.locator("#copied")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == code
    view = link.split("?")[1]
    assert "layer=hexagons&shade=people" in view
    assert f"/embed/?{view}" in code
    page.goto(link)
    expect(page.locator(".leaflet-hexagons-pane path")).to_have_attribute(
        "aria-label", "3 incidents, 6 people harmed"
    )

    page.goto(f"{live_server.url}/?view=20.9,-6.5,7")
    page.locator(".leaflet-areas-pane [role=link]").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/areas/\d+/$"))


def test_rings_that_would_cover_each_other_are_one_and_its_list_has_what_it_counts(
    page: Page, live_server: LiveServer
) -> None:
    """On both sides of an edge of the server's grid, at zoom 4: 5.625 degrees a cell."""
    for longitude in (5.4, 5.8, 16.0):
        for _time in range(3):
            make_published(longitude=longitude, latitude=1.0)
    page.goto(f"{live_server.url}/?view=8,1,4")
    labels = page.locator(".leaflet-marker-icon")
    expect(labels).to_have_count(2)
    words = sorted(labels.evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))"))
    assert words == ["3 incidents: Violence 3", "6 incidents: Violence 6"]
    page.locator(".leaflet-marker-icon[aria-label^='6']").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="List them").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#listed h2")).to_have_text("6 incidents")


@pytest.mark.usefixtures("incidents")
def test_a_phone_without_javascript_gets_everything_in_words(phone: Page, live_server: LiveServer) -> None:
    phone.set_viewport_size({"width": 360, "height": 740})
    phone.goto(live_server.url)
    expect(phone.locator("h1")).to_contain_text("4 verified incidents, 3 of them near 1 producing area")
    expect(phone.locator(".outline")).to_be_visible()
    expect(phone.locator("#layers")).to_be_hidden()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.locator("#f-theme").select_option("environment")
    phone.locator("#filters button").click()
    expect(phone.locator("#listed h2")).to_have_text("1 incident")
    phone.locator("#find").fill("Pits")
    phone.locator(".find button").click()
    expect(phone.locator("main")).to_contain_text("Pits")

"""Every public page by axe-core (WCAG 2.2 A and AA), with every layer of the map and everything opened."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from impact.places.models import ProductionFigure
from impact.publication.models import CoverageMonth, PublishedIncident
from impact.publication.snapshots.taking import take_snapshot
from tests.builders import NOW, make_area, make_published

pytestmark = pytest.mark.django_db(transaction=True)
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
_OPEN = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
_WIDTH = 360  # here tables go line by line
_SHOWN = "getComputedStyle(document.querySelector('.leaflet-popup')).opacity === '1'"
_GRAVE = {"serious", "critical"}


@pytest.fixture
def addresses(settings: Settings) -> list[str]:
    settings.EMAIL_IS_ON = True
    pits, mine = make_area("Pits", 20.9, -6.5), make_area("Mine", 21.4, -6.2, kind="industrial")
    for month in range(1, 7):
        day = date(2026, month, 2)
        for harms in (("killing", "injury"), ("child_labour",), ("chemicals",), ("extortion",)):
            make_published(
                harms=harms, occurred_from=day, occurred_to=day, areas=((pits, 1000.0), (mine, 9000.0))
            )
        CoverageMonth.objects.create(country="CD", month=day.replace(day=1), state="reports", counted_at=NOW)
    for area in (None, mine):
        ProductionFigure.objects.create(
            country="CD",
            area=area,
            from_on=date(2026, 1, 1),
            to_on=date(2026, 12, 31),
            kind="industrial",
            carats=2_000_000,
            value_usd=30_000_000,
            source="Ministry of the test",
            source_name="test",
            imported_at=NOW,
        )
    taken_back = make_published()
    PublishedIncident.objects.filter(pk=taken_back.pk).update(retracted_on=NOW.date())
    shown = PublishedIncident.objects.exclude(pk=taken_back.pk)[0]
    snapshot = take_snapshot()
    return [
        "/",
        "/?layer=hexagons&shade=people",
        "/?theme=joy",
        "/embed/",
        "/explore/?country=CD",
        "/explore/?by=oecd",
        f"/incidents/{shown.pk}/",
        f"/incidents/{taken_back.pk}/",
        "/areas/",
        f"/areas/{mine.pk}/",
        "/snapshots/",
        f"/snapshots/{snapshot.pk}/",
        "/method/",
        "/alerts/",
        "/report/",
        "/follow/",
        "/api/v1/docs/",
        "/openrosa/",
    ]


def violations(page: Page) -> list[str]:
    found = [
        rule for rule in Axe().run(page, options=_RULES).response["violations"] if rule["impact"] in _GRAVE
    ]
    return [f"{page.url} {rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def test_axe_finds_nothing_serious_on_any_public_page(
    browser: Browser, live_server: LiveServer, addresses: list[str]
) -> None:
    # axe-core is run from the test itself, which the page's own policy would not allow.
    context = browser.new_context(viewport={"width": _WIDTH, "height": 740}, bypass_csp=True, locale="en-GB")
    page = context.new_page()
    found = []
    for address in addresses:
        page.goto(live_server.url + address)
        page.wait_for_load_state("networkidle")
        page.evaluate(_OPEN)
        found += violations(page)
        if page.evaluate("document.documentElement.scrollWidth") > _WIDTH:
            found.append(f"{address} is wider than {_WIDTH} px")
    marker = page.goto(live_server.url) and page.locator(".leaflet-marker-icon").first
    assert marker
    marker.focus()
    page.keyboard.press("Enter")
    page.locator(".opened").wait_for()
    page.wait_for_function(_SHOWN)  # it fades in
    found += violations(page)
    context.close()
    assert found == []

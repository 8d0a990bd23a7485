"""The page of an area on a small phone whose browser runs no scripts."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from impact.places.models import ProductionFigure
from tests.builders import NOW, make_area, make_published

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_is_a_few_screens_long_and_the_rest_opens(phone: Page, live_server: LiveServer) -> None:
    pits = make_area("Pits", 20.9, -6.5)
    for month in range(1, 13):
        day = date(2025, month, 2)
        make_published(occurred_from=day, occurred_to=day, areas=((pits, 1000.0),))
    for year in range(2020, 2026):
        for kind in ("artisanal", "industrial"):
            ProductionFigure.objects.create(
                country="CD",
                from_on=date(year, 1, 1),
                to_on=date(year, 12, 31),
                kind=kind,
                carats=2_000_000,
                value_usd=30_000_000,
                source="Ministry of the test",
                source_name="test",
                imported_at=NOW,
            )
    phone.goto(f"{live_server.url}/areas/{pits.pk}/")
    height: int = phone.evaluate("document.documentElement.scrollHeight")
    assert height < 6000
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    expect(phone.locator("#published")).to_be_visible()
    expect(phone.locator("table.production").first).to_be_hidden()
    phone.get_by_text("All years, and what the rates say").last.click()
    expect(phone.locator("table.production").first).to_be_visible()
    phone.get_by_role("link", name="All 12, with the published words").click()
    expect(phone.get_by_role("heading", name="12 incidents")).to_be_visible()

"""From the map's filter to a file, on a phone of 320 px whose browser runs no JavaScript."""

from pathlib import Path

import pyogrio
import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from impact.exports.making import make_ordered
from tests.builders import PASSWORD, make_advocate, make_published

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_filter_of_the_map_to_a_file(phone: Page, live_server: LiveServer, tmp_path: Path) -> None:
    make_advocate()
    make_published()
    make_published(country="SL", longitude=-11.0, latitude=8.6)
    phone.goto(f"{live_server.url}/accounts/sign-in/")
    phone.get_by_label("Name").fill("advocate")
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("button", name="Sign in", exact=True).click()
    expect(phone).to_have_url(f"{live_server.url}/exports/")
    phone.goto(f"{live_server.url}/?country=SL")
    phone.get_by_role("link", name="Make a map, brief or file of these").click()
    expect(phone.get_by_label("Country")).to_have_value("SL")
    phone.get_by_role("link", name="Data file").click()
    phone.get_by_label("What it is to be called").fill("Sierra Leone")
    phone.get_by_label("Why it is made").fill("the coalition speaks on Tuesday")
    phone.get_by_label("For whom").fill("the delegations")
    phone.get_by_role("button", name="Make it").click()
    expect(phone.locator(".made-state")).to_contain_text("Waiting")
    assert phone.locator(".files a").count() == 0
    while make_ordered():
        phone.get_by_role("link", name="Look again").click()
    expect(phone.locator(".made-state")).to_contain_text("Ready")
    with phone.expect_download() as download:
        phone.locator(".files a").first.click()
    download.value.save_as(tmp_path / "file.gpkg")
    assert pyogrio.read_dataframe(tmp_path / "file.gpkg", layer="incidents")["country"].tolist() == ["SL"]

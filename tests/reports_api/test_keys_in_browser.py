"""The administrators' page of programs in a real Chromium, at the width of a telephone and of a laptop."""

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from impact.accounts.models import User, default_organisation
from reports_api.hooks.changing import add_webhook
from reports_api.keys.making import make_key
from reports_api.models import ApiKey, Scope, Webhook
from tests.builders import PASSWORD, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(transactional_db: None) -> User:
    user = make_user("administrator", "office")  # type: ignore[arg-type]
    key, _token = make_key(
        by=user, organisation=default_organisation(), name="The map of the partners", scopes=[*Scope]
    )
    add_webhook(key=key, url="https://hooks.partner-of-the-kasai.example/x", events=["incident.published"])
    Webhook.objects.update(failures=3, failing_since=key.made_at, last_error="status 503")
    return user


def test_a_key_is_made_on_a_narrow_page_and_revoked_on_a_wide_one(
    page: Page, live_server: LiveServer, office: User
) -> None:
    address = f"{live_server.url}/moderate/people/keys/"
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto(address)
    page.get_by_label("Name").fill(office.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_label("Name of the program").fill("Our list")
    page.get_by_role("button", name="Make the key").click()
    assert page.locator(".link-once").inner_text().startswith("hl_")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(address)
    assert page.get_by_text("it answered 503").is_visible()
    button = page.locator("tr", has_text="Our list").get_by_role("button")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] < 60, "its word is on one line"
    button.click()
    page.get_by_text("Done, and written into the log.").wait_for()
    assert ApiKey.objects.filter(name="Our list").exclude(revoked_at=None).exists()

"""A passkey in a real Chromium, by the browser's own virtual authenticator, under the strict CSP."""

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from impact.accounts.models import User
from tests.builders import PASSWORD, make_moderator

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _strict(settings: Settings) -> None:
    settings.REQUIRE_MFA = True
    settings.REAUTHENTICATE_MINUTES = 10


@pytest.fixture
def user(transactional_db: None) -> User:
    return make_moderator("aline")


def put_key_in(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_a_passkey_is_set_up_at_the_first_sign_in_and_opens_the_desk_alone_later(
    page: Page, live_server: LiveServer, user: User
) -> None:
    put_key_in(page)
    page.goto(f"{live_server.url}/moderate/")
    page.get_by_label("Name").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What you call it").fill("My computer")
    page.get_by_label("Sign in with it alone").check()
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("link", name="I wrote them down").click()
    page.wait_for_url("**/moderate/")
    key = Authenticator.objects.get(type="webauthn")
    assert key.wrap().name == "My computer"

    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{live_server.url}/accounts/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/moderate/")

    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{live_server.url}/moderate/")
    page.get_by_label("Name").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/moderate/")

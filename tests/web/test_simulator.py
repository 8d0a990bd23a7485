import re

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from impact.incidents.models import Report
from tests.builders import make_place

pytestmark = pytest.mark.django_db

SIMULATOR = reverse("web:simulator")
SENDER = "+243810000017"


def conversation(page: str) -> str:
    found = re.search(r'name="conversation" value="([^"]+)"', page)
    assert found
    return found.group(1)


def test_a_text_becomes_a_report_and_is_answered(client: Client) -> None:
    make_place("Tshikapa")
    answer = client.post(SIMULATOR, {"sender": SENDER, "text": "Soldiers shot two men at Tshikapa"})
    page = answer.content.decode()
    report = Report.objects.get()
    assert report.text == "Soldiers shot two men at Tshikapa"
    assert report.is_fictional
    assert page.count(report.reference) == 3  # in the reply, under the text, and beside the phone
    assert "Soldiers shot two men" in page


def test_the_conversation_goes_on_and_is_kept_by_the_page_alone(client: Client) -> None:
    first = client.post(SIMULATOR, {"sender": SENDER, "text": "Soldiers shot two men"}).content.decode()
    second = client.post(
        SIMULATOR, {"sender": SENDER, "text": "hello", "conversation": conversation(first)}
    ).content.decode()
    assert "Soldiers shot two men" in second
    assert "Soldiers shot two men" not in client.get(SIMULATOR).content.decode()
    assert set(client.cookies) <= {"csrftoken"}


def test_a_forged_conversation_is_forgotten(client: Client) -> None:
    page = client.post(
        SIMULATOR,
        {"sender": SENDER, "text": "Soldiers shot two men", "conversation": "W1siPGI-IiwxLCIiXV0:x:y"},
    )
    assert page.status_code == 200
    assert page.content.decode().count('class="sent"') == 1


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"sender": SENDER, "text": "  "}, "Type a message first."),
        ({"sender": "", "text": "Soldiers"}, "Choose or type a number."),
        ({"sender": "twelve", "text": "Soldiers"}, "This is not a number that can exist."),
    ],
)
def test_a_fault_is_named_and_nothing_typed_is_lost(
    client: Client, fields: dict[str, str], message: str
) -> None:
    page = client.post(SIMULATOR, fields).content.decode()
    assert message in page
    assert fields["text"].strip() in page
    assert not Report.objects.exists()


def test_there_is_none_on_a_real_installation(client: Client, settings: Settings) -> None:
    settings.SIMULATOR_ENABLED = False
    assert client.get(SIMULATOR).status_code == 404
    assert client.post(SIMULATOR, {"sender": SENDER, "text": "Soldiers"}).status_code == 404
    assert not Report.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_it_works_on_a_small_phone_without_scripts(phone: Page, live_server: LiveServer) -> None:
    phone.goto(live_server.url + SIMULATOR)
    phone.get_by_role("link", name="Police beat diggers").click()
    expect(phone.get_by_label("Message")).to_have_value(re.compile("Police beat diggers at Koidu"))
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator(".received")).to_contain_text(Report.objects.get().reference)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320

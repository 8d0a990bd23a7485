import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from impact.incidents.following import report_by_code
from impact.incidents.models import Incident, Report
from impact.incidents.references import follow_up_code
from tests.builders import make_area, make_place
from tests.sms_gateway.telephones import Answer

pytestmark = pytest.mark.django_db

REPORT = reverse("web:report")
TEXT = "Soldiers came at night and beat four diggers"


def sealed_in(answer: Answer) -> str:
    found = re.search(r'name="answers" value="([^"]+)"', answer.content.decode())
    assert found
    return unescape(found.group(1))


def heading(answer: Answer) -> str:
    found = re.search(r"<h1>(?:<label[^>]*>)?([^<]+)", answer.content.decode())
    assert found
    return unescape(found.group(1))


class Reporter:
    """Somebody at the form: each call fills in the page that is open."""

    def __init__(self) -> None:
        self.client = Client()
        self.page = self.client.get(REPORT)

    def fill(self, step: str, go: str = "next", **fields: Any) -> Answer:
        carried = {"answers": sealed_in(self.page), "step": step, "go": go}
        self.page = self.client.post(REPORT, carried | fields)
        return self.page

    def to_the_check(self, **where: str) -> Answer:
        self.fill("what", text=TEXT, harms=["injury"])
        self.fill("where", **where)
        self.fill("when", when="yesterday")
        return self.fill("consent", follow_up="on")


def test_a_whole_report_becomes_an_incident_and_a_receipt() -> None:
    reporter = Reporter()
    checked = reporter.to_the_check(place_words="Kasai side").content.decode()
    for said in (TEXT, "Injury or beating", "Kasai side", "ask you questions on this site"):
        assert said in checked
    assert not Report.objects.exists()
    done = reporter.fill("check", "send").content.decode()
    report = Report.objects.get()
    yesterday = timezone.localdate() - timedelta(days=1)
    assert (report.text, report.channel, report.is_fictional) == (TEXT, "web", True)
    assert (report.may_follow_up, report.may_share, report.may_publish) == (True, False, False)
    assert (report.incident.occurred_from, report.incident.occurred_precision) == (yesterday, "day")
    assert report.reference in done
    code = re.search(r">([A-Z0-9]{4}(?:-[A-Z0-9]{4}){5})<", done)
    assert code
    status = report_by_code(code.group(1))
    assert status is not None
    assert status.reference == report.reference


def test_the_form_and_the_first_page_say_which_number_to_text(client: Client, settings: Settings) -> None:
    for address in ("/", REPORT):
        assert "sms:" not in client.get(address).content.decode()
    settings.TEXT_NUMBERS = [("CD", "+243 810 000 001"), ("SL", "2345")]
    for address in ("/", REPORT):
        page = client.get(address).content.decode()
        assert '<a href="sms:+243810000001"><b class="number">+243 810 000 001</b></a> Democratic' in page
        assert '<a href="sms:2345">' in page


def test_the_code_is_to_be_written_down_before_a_file_is_sent(client: Client) -> None:
    reporter = Reporter()
    reporter.fill("what", text=TEXT)
    for step, fields in (("where", {}), ("when", {"when": "unknown"}), ("consent", {})):
        reporter.fill(step, **fields)
    told = "If you keep the code, write it down first"
    assert told in reporter.fill("check", "send").content.decode()
    code = follow_up_code(Report.objects.get().pk)
    assert told not in client.post(reverse("web:follow"), {"code": code}).content.decode()


def test_a_report_needs_nothing_but_words() -> None:
    reporter = Reporter()
    reporter.fill("what", text="x")
    reporter.fill("where")
    reporter.fill("when", when="unknown")
    assert heading(reporter.fill("consent")) == "Check your answers"
    reporter.fill("check", "send")
    assert Report.objects.get().text == "x"


def test_sending_twice_is_one_report_with_one_code() -> None:
    reporter = Reporter()
    check = reporter.to_the_check()
    first = reporter.fill("check", "send").content.decode()
    reporter.page = check
    second = reporter.fill("check", "send").content.decode()
    assert Report.objects.count() == 1
    codes = [re.findall(r"[A-Z0-9]{4}(?:-[A-Z0-9]{4}){5}", page) for page in (first, second)]
    assert codes[0]
    assert codes[0] == codes[1]


def test_nothing_of_it_is_in_an_address_a_cookie_or_the_database_before_the_end() -> None:
    reporter = Reporter()
    reporter.to_the_check(place_words="Kasai side")
    assert reporter.page.request["PATH_INFO"] == REPORT
    assert reporter.page.request["QUERY_STRING"] == ""
    assert set(reporter.client.cookies) == {"csrftoken"}
    assert not Incident.objects.exists()
    assert "no-store" in reporter.page.headers["Cache-Control"]


def test_the_words_lead_to_places_to_choose_from() -> None:
    place = make_place("Tshikapa", 20.8, -6.416)
    make_area("Tshikapa diggings", 20.85, -6.45)
    reporter = Reporter()
    reporter.fill("what", text=TEXT)
    choice = reporter.fill("where", place_words="Tshikappa").content.decode()
    assert "Which of these is it?" in choice
    assert "Tshikapa, Democratic Republic of the Congo" in choice
    reporter.fill("where", place_words="Tshikappa", searched="Tshikappa", place=f"place:{place.pk}")
    reporter.fill("when", when="unknown")
    assert "Tshikapa, Democratic" in reporter.fill("consent").content.decode()
    reporter.fill("check", "send")
    incident = Incident.objects.get()
    assert (incident.place_name, incident.place_method) == ("Tshikapa", "gazetteer")


@pytest.mark.parametrize("words", ["karibu na Tshikapa", "près de Tshikapa", "perto de Tshikapa"])
def test_a_place_is_found_behind_the_little_words_before_it(words: str) -> None:
    make_place("Tshikapa", 20.8, -6.416)
    reporter = Reporter()
    reporter.fill("what", text=TEXT)
    assert "Tshikapa, Democratic Republic" in reporter.fill("where", place_words=words).content.decode()


def test_none_of_the_places_is_an_answer_and_the_words_are_kept() -> None:
    make_place("Tshikapa")
    reporter = Reporter()
    reporter.fill("what", text=TEXT)
    reporter.fill("where", place_words="Tshikapa")
    assert heading(reporter.fill("where", place_words="Tshikapa", searched="Tshikapa", place="")) == (
        "When did it happen?"
    )


def test_a_search_that_finds_nothing_says_so_and_keeps_the_words() -> None:
    reporter = Reporter()
    reporter.fill("what", text=TEXT)
    page = reporter.fill("where", "search", place_words="Zzyzx side")
    assert heading(page) == "Where did it happen?"
    assert "No place of this name is in our list." in page.content.decode()
    assert 'value="Zzyzx side"' in page.content.decode()
    page = reporter.fill("where", place_words="Zzyzx side", searched="Zzyzx side")
    assert heading(page) == "When did it happen?"


def test_a_search_for_no_words_stays_and_blames_nothing() -> None:
    reporter = Reporter()
    reporter.fill("what", text=TEXT)
    page = reporter.fill("where", "search")
    assert heading(page) == "Where did it happen?"
    assert "No place of this name" not in page.content.decode()


def test_a_choice_made_for_other_words_does_not_stick() -> None:
    place = make_place("Tshikapa")
    reporter = Reporter()
    reporter.fill("what", text=TEXT)
    reporter.fill("where", place_words="Nowhere at all", searched="Tshikapa", place=f"place:{place.pk}")
    reporter.fill("when", when="unknown")
    assert "Tshikapa" not in reporter.fill("consent").content.decode()


def test_a_point_is_taken_with_a_comma_too() -> None:
    reporter = Reporter()
    reporter.to_the_check(latitude="-6,416", longitude="20,8")
    reporter.fill("check", "send")
    incident = Incident.objects.get()
    assert incident.point is not None
    assert incident.point.coords == (20.8, -6.416)


@pytest.mark.parametrize(
    ("step", "fields", "message"),
    [
        ("what", {"text": "  "}, "Say what happened, in your own words."),
        ("what", {"text": "a" * 20_001}, "at most 20000 characters"),
        ("where", {"latitude": "north"}, "Latitude is a number from -90 to 90"),
        ("where", {"latitude": "95", "longitude": "1"}, "Latitude is a number from -90 to 90"),
        ("where", {"latitude": "nan", "longitude": "1"}, "Latitude is a number from -90 to 90"),
        ("where", {"latitude": "5"}, "A point needs both numbers"),
        ("when", {}, "Choose one"),
        ("when", {"when": "day"}, "Say which day."),
        ("when", {"when": "day", "day": "31/02/2026"}, "Write the day as 18/11/2026."),
        ("when", {"when": "day", "day": "2999-01-01"}, "This day has not come yet."),
        ("when", {"when": "month", "month": "soon"}, "Write the month as 11/2026."),
    ],
)
def test_a_fault_is_named_and_nothing_typed_is_lost(step: str, fields: dict[str, str], message: str) -> None:
    reporter = Reporter()
    before = heading(reporter.page)
    if step != "what":
        reporter.fill("what", text=TEXT)
        if step == "when":
            reporter.fill("where")
        before = heading(reporter.page)
    page = reporter.fill(step, **fields)
    assert heading(page) == before
    assert 'role="alert"' in page.content.decode()
    assert unescape(page.content.decode()).count(message) == 2, "in the summary and beside its field"
    for value in fields.values():
        assert value.strip() in unescape(page.content.decode())


def test_a_day_that_was_not_chosen_is_no_fault() -> None:
    reporter = Reporter()
    reporter.fill("what", text=TEXT)
    reporter.fill("where")
    page = reporter.fill("when", when="today", day="soon", month="13")
    assert heading(page) == "What may we do with it?"


def test_back_keeps_what_was_answered() -> None:
    reporter = Reporter()
    reporter.fill("what", text=TEXT)
    reporter.fill("where", "back", place_words="Kasai side")
    assert TEXT in reporter.page.content.decode()
    assert "Kasai side" in reporter.fill("what", text=TEXT).content.decode()


def test_back_loses_nothing_that_cannot_be_read_yet() -> None:
    reporter = Reporter()
    reporter.fill("what", text=TEXT)
    page = reporter.fill("where", "back", latitude="six", longitude="20.8", place_words="Kasai side")
    assert heading(page) == "Where did it happen?"
    for kept in ("six", "20.8", "Kasai side", "Latitude is a number"):
        assert kept in page.content.decode()


def test_an_answer_can_be_changed_from_the_check() -> None:
    reporter = Reporter()
    reporter.to_the_check()
    assert heading(reporter.fill("check", "when")) == "When did it happen?"
    assert heading(reporter.fill("when", when="today", then="check")) == "Check your answers"


@pytest.mark.parametrize("step", ["what", "where", "when", "consent"])
def test_back_from_a_change_leads_to_the_check(step: str) -> None:
    reporter = Reporter()
    reporter.to_the_check()
    assert 'value="back"' in reporter.fill("check", step).content.decode()
    typed = {"text": TEXT, "when": "today"}
    assert heading(reporter.fill(step, "back", then="check", **typed)) == "Check your answers"


def test_another_language_keeps_what_was_typed_and_complains_of_nothing() -> None:
    reporter = Reporter()
    sealed = sealed_in(reporter.page)
    page = reporter.client.post(
        f"{REPORT}?lang=fr", {"answers": sealed, "step": "what", "go": "stay", "text": TEXT}
    )
    assert '<html lang="fr">' in page.content.decode()
    assert TEXT in page.content.decode()
    assert 'role="alert"' not in page.content.decode()


@pytest.mark.parametrize(
    "forged", ["", "nonsense", signing.dumps({"key": "x"}, salt="headlamp.report.answers")]
)
def test_answers_that_are_not_ours_begin_anew_and_keep_the_words(forged: str, client: Client) -> None:
    page = client.post(REPORT, {"answers": forged, "step": "what", "go": "next", "text": TEXT})
    assert heading(page) == "What happened?"
    assert TEXT in page.content.decode()
    assert "were lost on the way" in page.content.decode()


def test_no_report_is_sent_without_words(client: Client) -> None:
    sealed = sealed_in(client.get(REPORT))
    client.post(REPORT, {"answers": sealed, "step": "check", "go": "send"})
    assert not Report.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_report_on_a_small_phone_without_scripts(phone: Page, live_server: LiveServer) -> None:
    make_place("Tshikapa")

    def fits() -> None:
        assert phone.evaluate("document.documentElement.scrollWidth") <= 320

    phone.goto(live_server.url + REPORT)
    phone.get_by_label("What happened?").fill(TEXT)
    fits()
    phone.get_by_role("button", name="Continue").last.click()
    phone.get_by_text("Give a point on a map").click()
    expect(phone.get_by_label("Latitude")).to_be_visible()
    expect(phone.locator("#point-map")).to_be_hidden()  # nothing would be drawn in it
    phone.get_by_label("Name of the village").fill("Tshikapa")
    phone.get_by_label("Name of the village").press("Enter")
    phone.get_by_label("Tshikapa, Democratic Republic of the Congo").check()
    fits()
    phone.get_by_role("button", name="Continue").last.click()
    phone.get_by_label("Yesterday").check()
    fits()
    phone.get_by_role("button", name="Continue").last.click()
    phone.get_by_label("You may publish").check()
    fits()
    phone.get_by_role("button", name="Continue").last.click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Check your answers")
    fits()
    phone.get_by_role("button", name="Send the report").click()
    expect(phone.locator("main")).to_contain_text(Report.objects.get().reference)
    fits()


@pytest.mark.django_db(transaction=True)
def test_a_tap_on_the_map_is_a_point(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + REPORT)
    page.get_by_label("What happened?").fill(TEXT)
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_text("Give a point on a map").click()
    page.locator("#map").click(position={"x": 200, "y": 150})
    latitude, longitude = page.get_by_label("Latitude"), page.get_by_label("Longitude")
    expect(latitude).not_to_have_value("")
    tapped = float(latitude.input_value()), float(longitude.input_value())
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_label("Today").check()
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your report has arrived")
    point = Incident.objects.get().point
    assert point is not None
    assert (point.y, point.x) == pytest.approx(tapped)


def answer_for_wikipedia(page: Page) -> None:
    page.route("https://www.wikipedia.org/", lambda route: route.fulfill(body="an encyclopaedia"))


@pytest.mark.django_db(transaction=True)
def test_leaving_leaves_no_way_back(page: Page, live_server: LiveServer) -> None:
    answer_for_wikipedia(page)
    page.goto(live_server.url)
    page.goto(live_server.url + REPORT)
    page.get_by_label("What happened?").fill(TEXT)
    page.get_by_role("link", name="Leave").click()
    expect(page.locator("body")).to_have_text("an encyclopaedia")
    page.go_back()
    expect(page).to_have_url(live_server.url + "/")


@pytest.mark.django_db(transaction=True)
def test_no_cookie_outlives_the_window(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + REPORT)
    assert [(kept["name"], kept["expires"]) for kept in page.context.cookies()] == [("csrftoken", -1)]


@pytest.mark.django_db(transaction=True)
def test_whoever_goes_back_after_leaving_is_led_away_from_every_step(
    page: Page, live_server: LiveServer
) -> None:
    answer_for_wikipedia(page)
    page.goto(live_server.url + REPORT)
    page.get_by_label("What happened?").fill(TEXT)
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_role("button", name="Continue").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("When did it happen?")
    page.get_by_role("link", name="Leave").click()
    for _step in ("where", "what"):
        expect(page.locator("body")).to_have_text("an encyclopaedia")
        page.evaluate("history.back()")
        page.wait_for_timeout(1000)
    expect(page.locator("body")).to_have_text("an encyclopaedia")
    page.goto(live_server.url + REPORT)
    expect(page.get_by_label("What happened?")).to_have_value("")


@pytest.mark.django_db(transaction=True)
def test_a_lost_network_loses_no_word(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(live_server.url + REPORT)
    page.get_by_label("What happened?").fill(TEXT)
    context.set_offline(True)
    page.locator("button.act").click()
    expect(page.get_by_role("heading", name="There is no network")).to_be_visible()
    expect(page.get_by_label("What happened?")).to_have_value(TEXT)
    context.set_offline(False)
    page.locator("button.act").click()
    expect(page.get_by_role("heading", name="Where did it happen?")).to_be_visible()
    context.close()


def test_a_language_that_was_chosen_is_gone_with_the_window(client: Client) -> None:
    client.get(f"{REPORT}?lang=sw")
    kept = client.cookies["django_language"]
    assert (kept["max-age"], kept["expires"]) == ("", "")
    assert '<html lang="sw">' in client.get(REPORT).content.decode()

"""The spine: a text message, a moderator's verdict, the public map, an advocate's file."""

from pathlib import Path

import pyogrio
import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from impact.exports.making import make_ordered
from impact.incidents.models import Report
from impact.incidents.references import is_reference
from impact.moderation.models import Decision
from impact.publication.models import PublishedIncident, Snapshot
from sms_gateway.conversation.segments import segments
from sms_gateway.models import InboundMessage, OutboundMessage
from tests.builders import PASSWORD, make_advocate, make_area, make_moderator, make_place
from tests.sms_gateway.telephones import post_twilio, twilio_fields

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "Hier soir des militaires ont tiré sur les creuseurs près de Tshikapa, 2 morts et 3 blessés"
PUBLIC_WORDS = "Two people were killed and three injured when soldiers fired at diggers near a diamond field."


def sign_in(page: Page, live_server: LiveServer, username: str) -> None:
    page.goto(f"{live_server.url}/accounts/sign-in/")
    page.get_by_label("Name").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_text_message_becomes_a_dot_and_a_file(
    browser: Browser, page: Page, live_server: LiveServer, tmp_path: Path
) -> None:
    make_place("Tshikapa", 20.8, -6.416, country="CD")
    make_area("Tshikapa diggings", 20.85, -6.45, kind="artisanal", country="CD")
    make_moderator()
    make_advocate()

    # A witness texts. The message is signed as Twilio signs, and answered once, in one segment.
    fields = twilio_fields(TEXT)
    first, second = post_twilio(fields), post_twilio(fields)
    assert (first.status_code, second.status_code) == (200, 200)
    report = Report.objects.get()
    assert (report.text, report.language) == (TEXT, "fr")
    assert InboundMessage.objects.count() == 1
    answer = OutboundMessage.objects.get()
    assert report.reference in answer.text
    assert is_reference(report.reference)
    assert "Tshikapa" not in answer.text
    assert segments(answer.text).count == 1
    assert f"<Message>{answer.text}</Message>" in first.content.decode()

    # A moderator finds it, read and placed, and publishes it in words of their own.
    sign_in(page, live_server, "moderator")
    expect(page).to_have_url(f"{live_server.url}/moderate/")
    page.get_by_role("link", name="Hier soir").click()
    expect(page.locator("body")).to_contain_text("Tshikapa diggings")
    expect(page.locator("body")).to_contain_text("2 killed")
    page.get_by_role("radio", name="Verified", exact=True).check()
    page.locator("#decide").get_by_label("Reason, for the log").fill("two nurses and a photograph of the pit")
    page.get_by_role("button", name="Record the decision").click()
    publish = page.locator("#publish")
    publish.locator("textarea").first.fill(PUBLIC_WORDS)
    publish.get_by_label("Reason, for the log").first.fill("family agreed")
    publish.get_by_role("button", name="Publish", exact=True).click()
    expect(publish).to_contain_text("Publish anew")
    assert list(Decision.objects.values_list("action", flat=True)) == ["verify", "publish"]

    # Anybody reads it on the public map: coarse, near, in the public words only.
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    public = context.new_page()
    public.goto(live_server.url)
    expect(public.get_by_role("heading", level=1)).to_contain_text(
        "1 verified incident near 1 producing area"
    )
    expect(public.locator(".map-frame .point svg.t-violence")).to_be_visible()
    public.get_by_role("link", name="Killing").first.click()
    expect(public.locator("main")).to_contain_text(PUBLIC_WORDS)
    expect(public.locator("main")).to_contain_text("Tshikapa diggings")
    assert TEXT not in public.content()
    assert report.reference not in public.content()
    context.close()
    published = PublishedIncident.objects.get()
    assert (published.longitude, published.latitude) != (20.8, -6.416)

    # An advocate takes a data file and a print map of the same snapshot's kind.
    page.goto(live_server.url)
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, live_server, "advocate")
    expect(page).to_have_url(f"{live_server.url}/exports/")
    page.get_by_role("link", name="Data file").click()
    take_export(page, tmp_path / "export.gpkg")
    file = tmp_path / "export.gpkg"
    frame = pyogrio.read_dataframe(file)
    assert len(frame) == 1
    row = frame.iloc[0]
    assert (row["theme"], row["killed"], row["injured"]) == ("violence", 2, 3)
    assert row["text"] == PUBLIC_WORDS
    assert row["nearest_area"] == "Tshikapa diggings"
    assert (row.geometry.x, row.geometry.y) == (published.longitude, published.latitude)
    metadata = pyogrio.read_info(file)["layer_metadata"]
    assert Snapshot.objects.filter(pk=metadata["snapshot"], digest=metadata["digest_sha256"]).exists()
    page.get_by_role("link", name="Exports").click()
    page.get_by_role("link", name="Print map").click()
    take_export(page, tmp_path / "map.pdf")
    words = PdfReader(tmp_path / "map.pdf").pages[0].extract_text()
    assert "1 published incident beside mines" in words


def take_export(page: Page, target: Path) -> None:
    """Say what for, have the worker make it, and take the first file as soon as the page shows it."""
    page.get_by_label("What it is to be called").fill("For the plenary")
    page.get_by_label("Why it is made").fill("the coalition speaks on Tuesday")
    page.get_by_label("For whom").fill("the delegations")
    page.get_by_role("button", name="Make it").click()
    expect(page.locator(".made-state")).to_contain_text("Waiting")
    while make_ordered():
        pass
    with page.expect_download() as download:
        page.locator(".files a").first.click()
    download.value.save_as(target)

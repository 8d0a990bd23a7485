import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from impact.accounts.models import User
from impact.incidents.consenting import change_consents
from impact.incidents.correspondence import stop_writing
from impact.incidents.intake import Consents
from impact.incidents.models import Incident, Message, Report
from impact.incidents.references import follow_up_code
from impact.incidents.reporter import new_reporter
from impact.understanding.answers import Asked
from impact.vocabulary import Channel
from sms_gateway.conversation.corresponding import carry_correspondence
from sms_gateway.models import Contact, InboundMessage, OutboundMessage
from tests.builders import NOW, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(db: None) -> Report:
    receipt = take_in(
        "Les militaires ont frappé deux creuseurs à Tshikapa",
        channel=Channel.SIMULATOR,
        reporter_id=new_reporter().pk,
        consents=Consents(follow_up=True),
    )
    return Report.objects.get(pk=receipt.report_id)


def post(client: Client, about: Report, **fields: str) -> tuple[int, str]:
    data = {"report": about.reference, "step": "send", **fields}
    answer = client.post(reverse("desk:talk", args=[about.incident_id]), data)
    return answer.status_code, answer.content.decode()


@pytest.fixture
def desk(client: Client, moderator: User) -> Client:
    client.force_login(moderator)
    return client


def test_the_case_offers_ready_phrases_in_the_language_of_the_report(desk: Client, report: Report) -> None:
    page = desk.get(reverse("desk:case", args=[report.incident_id])).content.decode()
    assert "Quel jour était-ce" in page
    assert "Do not repeat what was told" in page
    assert '<option value="questions.when" lang="fr">' in page
    assert '<optgroup label="Ask">' in page
    assert re.search(r'<textarea name="text"[^>]* lang="fr"', page)


def test_a_look_shows_what_goes_out_and_what_it_costs_and_sends_nothing(desk: Client, report: Report) -> None:
    status, page = post(desk, report, ready="questions.when", step="look")
    assert status == 200
    assert f'<blockquote lang="fr">{report.reference}: Quel jour était-ce' in page
    assert "1 text message" in page
    assert not Message.objects.exists()
    _status, page = post(desk, report, text="forêt " * 20, step="look")
    assert "2 text messages" in page
    assert "70 characters" in page


def test_a_ready_question_is_queued_and_knows_what_it_asks(
    desk: Client, report: Report, moderator: User
) -> None:
    assert post(desk, report, ready="questions.when")[0] == 302
    message = Message.objects.get()
    assert (message.kind, message.asked, message.language, message.state) == (
        *("question", Asked.WHEN, "fr", "queued"),
    )
    assert message.moderator == moderator
    assert message.text.startswith(f"{report.reference}: ")


def test_an_outcome_asks_nothing(desk: Client, report: Report) -> None:
    post(desk, report, ready="outcomes.verified")
    assert Message.objects.get().kind == Message.Kind.OUTCOME


def test_words_that_repeat_what_was_told_go_out_only_when_that_is_said_twice(
    desk: Client, report: Report
) -> None:
    status, page = post(desk, report, text="Qui a frappé à Tshikapa ?", expects_answer="on")
    assert status == 422
    assert "tshikapa" in page
    assert "Qui a frappé à Tshikapa ?" in page
    assert not Message.objects.exists()
    assert post(desk, report, text="Qui a frappé à Tshikapa ?", is_sure="on")[0] == 302
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"text": "   "},
        {"text": "x" * 460},
        {"ready": "questions.no"},
        {"ready": "questions.now", "text": "x"},
    ],
)
def test_what_cannot_go_out_is_refused_and_nothing_is_lost(
    desk: Client, report: Report, fields: dict[str, str]
) -> None:
    status, page = post(desk, report, **fields)
    assert status == 422
    assert fields.get("text", "").strip() in page
    assert not Message.objects.exists()


def test_who_said_stop_or_did_not_agree_cannot_be_written_to(desk: Client, report: Report) -> None:
    assert report.reporter_id is not None
    stop_writing(report.reporter_id, wants_no_messages=True)
    status, page = post(desk, report, ready="questions.when")
    assert status == 422
    assert "They said STOP" in page
    stop_writing(report.reporter_id, wants_no_messages=False)
    Report.objects.update(may_follow_up=False)
    assert "They did not agree" in post(desk, report, ready="questions.when")[1]
    assert not Message.objects.exists()


def test_a_report_of_another_case_cannot_be_written_to_from_this_one(desk: Client, report: Report) -> None:
    other = take_in("Something else")
    assert post(desk, report, report=other.reference, ready="questions.when")[0] == 404
    assert Incident.objects.count() == 2
    assert not Message.objects.exists()


def test_only_who_sees_the_case_writes(client: Client, report: Report, advocate: User) -> None:
    assert post(client, report, ready="questions.when")[0] == 302  # to sign in
    client.force_login(advocate)
    assert post(client, report, ready="questions.when")[0] == 403
    assert not Message.objects.exists()


def contact_of(report: Report, **fields: Any) -> Contact:
    assert report.reporter is not None
    return Contact.objects.create(reporter=report.reporter, last_heard_at=NOW, **fields)


def test_the_case_says_that_a_number_was_erased_and_nobody_can_write(desk: Client, report: Report) -> None:
    contact_of(report, erased_at=datetime(2026, 3, 5, tzinfo=UTC))
    page = desk.get(reverse("desk:case", args=[report.incident_id])).content.decode()
    assert "number was erased on 5 March 2026" in page
    assert "Write to the reporter" not in page
    assert post(desk, report, ready="questions.when")[0] == 422
    assert not Message.objects.exists()


def test_the_case_says_that_words_ended_with_the_number(desk: Client, report: Report) -> None:
    post(desk, report, ready="questions.when")
    Message.objects.update(state=Message.State.ERASED)
    contact_of(report, erased_at=datetime(2026, 3, 5, tzinfo=UTC))
    page = desk.get(reverse("desk:case", args=[report.incident_id])).content.decode()
    assert "Not sent: the number was erased first, as the rules of retention ask" in page
    assert "A question waits for its answer." not in page


@pytest.mark.parametrize(
    ("code", "words"),
    [("twilio 63016", "more than 24 hours"), ("number erased", "was erased"), ("kannel 500", "kannel 500")],
)
def test_a_message_that_failed_says_why(desk: Client, report: Report, code: str, words: str) -> None:
    post(desk, report, ready="questions.when")
    message = Message.objects.get()
    Message.objects.update(state=Message.State.FAILED)
    OutboundMessage.objects.create(
        contact=contact_of(report), correspondence=message.pk, text=message.text, language="fr", segments=1,
        state="failed", provider="twilio", send_after=NOW, error=code,
    )  # fmt: skip
    page = desk.get(reverse("desk:case", args=[report.incident_id])).content.decode()
    assert "Not delivered: " in page
    assert words in page


class TestWhatsApp:
    """Nobody may be written to freely a day after their latest message: the case says so beforehand."""

    @pytest.fixture
    def whatsapp(self, report: Report, settings: Settings) -> Report:
        settings.TWILIO_WHATSAPP_TEMPLATES = "fr:HX" + "f" * 32
        Report.objects.update(channel=Channel.WHATSAPP)
        contact = contact_of(report, number_sealed="sealed", number_digest="digest")
        self.hear(contact, timedelta(hours=25))
        report.refresh_from_db()
        return report

    def hear(self, contact: Contact, ago: timedelta) -> None:
        at = timezone.now() - ago
        InboundMessage.objects.create(
            contact=contact, provider="twilio", provider_message_id=f"SM{ago.seconds}", channel="whatsapp",
            text="x", state="done", received_at=at, created_at=at, try_after=at,
        )  # fmt: skip

    def case(self, desk: Client, report: Report) -> str:
        return desk.get(reverse("desk:case", args=[report.incident_id])).content.decode()

    def test_within_the_day_it_says_until_when(self, desk: Client, whatsapp: Report) -> None:
        self.hear(Contact.objects.get(), timedelta(hours=2))
        page = self.case(desk, whatsapp)
        assert "On WhatsApp they can be written to until" in page
        assert "24 hours" not in page
        post(desk, whatsapp, ready="questions.when")
        assert "It is on its way to the reporter." in self.case(desk, whatsapp)

    def test_after_it_the_words_wait_and_the_case_says_for_what(self, desk: Client, whatsapp: Report) -> None:
        page = self.case(desk, whatsapp)
        assert "They last wrote on WhatsApp on" in page
        assert "A text that tells of nothing asks them to." in page
        assert post(desk, whatsapp, ready="questions.when")[0] == 302
        assert "It waits, and goes out as soon as the reporter writes again." in self.case(desk, whatsapp)
        carry_correspondence()
        page = self.case(desk, whatsapp)
        assert "Waits until they write again: the text that asks them to is on its way" in page
        assert "A text that tells of nothing asks them to." not in page
        assert "A question waits for its answer." not in page  # nobody has seen it
        OutboundMessage.objects.update(state="sent", sent_at=timezone.now())
        assert "Waits until they write again: they were asked to on" in self.case(desk, whatsapp)
        OutboundMessage.objects.update(delivery="read")
        assert ", and that arrived" in self.case(desk, whatsapp)

    def test_a_call_that_failed_says_why(self, desk: Client, whatsapp: Report) -> None:
        post(desk, whatsapp, ready="questions.when")
        carry_correspondence()
        OutboundMessage.objects.update(state="failed", error="twilio 21655")
        page = self.case(desk, whatsapp)
        assert "did not arrive: The provider does not know the approved text" in page

    def test_without_a_template_it_says_what_to_do_before_anybody_writes(
        self, desk: Client, whatsapp: Report, settings: Settings
    ) -> None:
        settings.TWILIO_WHATSAPP_TEMPLATES = ""
        page = self.case(desk, whatsapp)
        assert "What you write now would not arrive." in page
        assert "docs/sms.md" in page


def test_a_change_of_consent_is_told_in_words(desk: Client, report: Report) -> None:
    change_consents(code=follow_up_code(report.pk), consents=Consents(share=True))
    page = desk.get(reverse("desk:talk", args=[report.incident_id])).content.decode()
    assert "Changed what they agree to" in page
    assert "may be shared in the coalition" in page
    change_consents(code=follow_up_code(report.pk), consents=Consents())
    page = desk.get(reverse("desk:talk", args=[report.incident_id])).content.decode()
    assert "nothing but that it is read" in page

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from impact.accounts.models import User
from impact.incidents.correspondence import Letter, Window, ask_reporter, open_question, tell_outcome
from impact.incidents.models import Message, Report
from impact.understanding.answers import Asked
from sms_gateway.conversation.calling_back import windows
from sms_gateway.conversation.corresponding import carry_correspondence
from sms_gateway.conversation.keywords import courtesy
from sms_gateway.conversation.phrasebook import LANGUAGES, phrasebook
from sms_gateway.forgetting import forget_at_providers
from sms_gateway.models import Contact, Dialogue, InboundMessage, OutboundMessage, ProviderCopy
from sms_gateway.purging import erase_expired_numbers
from sms_gateway.sending import send_queued
from tests.builders import make_place
from tests.sms_gateway.fake_twilio import FakeTwilio
from tests.sms_gateway.racing import at_once
from tests.sms_gateway.telephones import WITNESS, post_twilio, signature, twilio_fields

pytestmark = pytest.mark.django_db
State = Message.State
WHEN = Letter("C'était quel jour ?", "fr", Asked.WHEN)
OUTCOME = Letter("Votre message a été confirmé.", "fr")
EN, FR = "HX" + "e" * 32, "HX" + "f" * 32
DAY = timedelta(hours=24)


@pytest.fixture(autouse=True)
def _line(settings: Settings, fake_twilio: FakeTwilio) -> None:
    settings.PUBLIC_URL = "https://testserver"
    settings.TWILIO_WHATSAPP_TEMPLATES = f"en:{EN},fr:{FR}"
    fake_twilio.approved = {EN, FR}


def write(fake_twilio: FakeTwilio, text: str, sid: str = "") -> None:
    """The witness writes on WhatsApp, now."""
    fake_twilio.hears(WITNESS)
    fields = twilio_fields(text, From=f"whatsapp:{WITNESS}", **({"MessageSid": sid} if sid else {}))
    assert post_twilio(fields).status_code == 200


def be_silent(fake_twilio: FakeTwilio, span: timedelta = DAY) -> None:
    """All that was written so far was written so long ago."""
    for message in InboundMessage.objects.all():
        message.received_at -= span
        message.created_at -= span
        message.save(update_fields=["received_at", "created_at"])
    OutboundMessage.objects.update(created_at=timezone.now() - span)
    Contact.objects.update(last_heard_at=timezone.now() - span)
    Dialogue.objects.update(told_at=None, asked="", expires_at=None)
    fake_twilio.hears(WITNESS, timezone.now() - span)


@pytest.fixture
def report(fake_twilio: FakeTwilio) -> Report:
    make_place("Tshikapa")
    write(fake_twilio, "Les militaires ont tué deux hommes à Tshikapa hier")
    be_silent(fake_twilio)
    return Report.objects.get()


@pytest.fixture
def question(report: Report, moderator: User) -> Message:
    return ask_reporter(report=report, moderator_id=moderator.pk, letter=WHEN)


def turn() -> None:
    """A worker's turn, and another that sees what came of it."""
    for _ in range(2):
        carry_correspondence()
        send_queued()


class Killed(BaseException):
    pass


def die_before_each_statement() -> int:
    """Carry, and be killed before the first statement, the second, and so on until all went through."""
    for reached in count():
        seen = count()

        def kill(execute: Callable[..., Any], *arguments: Any, at: int = reached, of: Any = seen) -> Any:
            if next(of) == at:
                raise Killed
            return execute(*arguments)

        try:
            with connection.execute_wrapper(kill):
                carry_correspondence()
        except Killed:
            continue
        return reached
    raise AssertionError


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def bodies(fake_twilio: FakeTwilio) -> list[str]:
    return [sent.get("Body") or sent["ContentSid"] for sent in fake_twilio.sent]


def report_status(address: str, sid: str, word: str, code: str = "") -> None:
    """Twilio's status callback, signed."""
    parts = urlsplit(address)
    given = {"AccountSid": django_settings.TWILIO_ACCOUNT_SID, "MessageSid": sid, "MessageStatus": word}
    given |= {"ErrorCode": code} if code else {}
    answer = Client().post(
        f"{parts.path}?{parts.query}",
        urlencode(given),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature(given, url=address)},
    )
    assert answer.status_code == 200


class TestWithinADay:
    def test_the_words_go_out_as_they_are(
        self, report: Report, moderator: User, fake_twilio: FakeTwilio
    ) -> None:
        write(fake_twilio, "Merci")
        be_silent(fake_twilio, timedelta(hours=23))
        message = ask_reporter(report=report, moderator_id=moderator.pk, letter=WHEN)
        turn()
        assert state_of(message) == State.SENT
        assert bodies(fake_twilio) == [message.text]

    def test_the_last_minutes_of_the_day_are_not_counted_on(
        self, report: Report, moderator: User, fake_twilio: FakeTwilio
    ) -> None:
        write(fake_twilio, "Merci")
        be_silent(fake_twilio, DAY - timedelta(minutes=5))
        message = ask_reporter(report=report, moderator_id=moderator.pk, letter=WHEN)
        turn()
        assert state_of(message) == State.WAITING

    def test_what_they_wrote_by_text_message_opens_no_window_and_needs_none(
        self, report: Report, moderator: User, fake_twilio: FakeTwilio
    ) -> None:
        post_twilio(twilio_fields("Merci"))
        message = ask_reporter(report=report, moderator_id=moderator.pk, letter=WHEN)
        turn()
        assert state_of(message) == State.SENT
        assert fake_twilio.sent[0]["To"] == WITNESS


class TestAfterADay:
    def test_a_template_calls_them_and_nothing_of_the_words_or_the_report_leaves(
        self, question: Message, fake_twilio: FakeTwilio
    ) -> None:
        turn()
        assert state_of(question) == State.WAITING
        (sent,) = fake_twilio.sent
        address = sent.pop("StatusCallback")
        assert sent == {"To": f"whatsapp:{WITNESS}", "From": "whatsapp:+15005550006", "ContentSid": FR}
        call = OutboundMessage.objects.get(template=FR)
        assert parse_qs(urlsplit(address).query) == {"id": [str(call.pk)]}
        assert (call.text, call.state) == (phrasebook("fr").call, "sent")
        assert not OutboundMessage.objects.filter(text__contains="quel jour").exists()

    def test_the_words_go_out_once_as_soon_as_they_write(
        self, question: Message, fake_twilio: FakeTwilio
    ) -> None:
        turn()
        write(fake_twilio, "OK")
        turn()
        turn()
        assert state_of(question) == State.SENT
        assert bodies(fake_twilio) == [FR, question.text]
        assert Report.objects.count() == 1
        dialogue = Dialogue.objects.get()
        assert (dialogue.asked, dialogue.question) == ("moderator", question.pk)

    def test_the_next_text_then_answers_the_question(
        self, question: Message, fake_twilio: FakeTwilio
    ) -> None:
        turn()
        write(fake_twilio, "OK")
        turn()
        write(fake_twilio, "avant-hier")
        answer = Message.objects.get(kind=Message.Kind.ANSWER)
        assert (answer.in_reply_to, answer.asked) == (question, Asked.WHEN)

    def test_words_in_reply_to_the_call_lie_with_the_report_and_answer_nothing_yet(
        self, question: Message, fake_twilio: FakeTwilio
    ) -> None:
        turn()
        write(fake_twilio, "Oui, je vous écoute")
        addition = Message.objects.get(kind=Message.Kind.ADDITION)
        assert (addition.report, addition.in_reply_to) == (question.report, None)
        assert Report.objects.count() == 1

    def test_a_new_report_in_reply_to_the_call_is_a_new_report(
        self, question: Message, fake_twilio: FakeTwilio
    ) -> None:
        turn()
        write(fake_twilio, "Des soldats ont tué un creuseur à Tshikapa ce matin")
        assert Report.objects.count() == 2
        turn()
        assert state_of(question) == State.SENT

    def test_after_an_outcome_nobody_is_asked_any_more(
        self, report: Report, moderator: User, fake_twilio: FakeTwilio
    ) -> None:
        tell_outcome(report=report, moderator_id=moderator.pk, letter=OUTCOME)
        turn()
        assert Dialogue.objects.get().asked == "called"
        write(fake_twilio, "OK")
        turn()
        assert Dialogue.objects.get().asked == ""
        assert bodies(fake_twilio)[-1].endswith(OUTCOME.text)

    def test_however_many_words_wait_they_are_called_once_and_all_goes_in_order(
        self, question: Message, moderator: User, fake_twilio: FakeTwilio
    ) -> None:
        turn()
        second = tell_outcome(report=question.report, moderator_id=moderator.pk, letter=OUTCOME)
        turn()
        assert bodies(fake_twilio) == [FR]
        write(fake_twilio, "OK")
        turn()
        assert bodies(fake_twilio) == [FR, question.text, second.text]

    def test_they_are_called_again_after_they_wrote_and_were_silent_again(
        self, question: Message, moderator: User, fake_twilio: FakeTwilio
    ) -> None:
        turn()
        write(fake_twilio, "OK")
        turn()
        be_silent(fake_twilio)
        tell_outcome(report=question.report, moderator_id=moderator.pk, letter=OUTCOME)
        turn()
        assert bodies(fake_twilio) == [FR, question.text, FR]

    def test_the_template_is_in_their_language_else_the_country_s_else_the_first(
        self, question: Message, fake_twilio: FakeTwilio, settings: Settings
    ) -> None:
        assert _called_in(settings, question, sw="HX" + "1" * 32, fr=FR, en=EN) == FR
        Dialogue.objects.update(language="sw")  # as they chose
        assert _called_in(settings, question, sw="HX" + "1" * 32, fr=FR, en=EN) == "HX" + "1" * 32
        Message.objects.filter(pk=question.pk).update(language="ln")
        Contact.objects.update(language="ln", country="CD")
        assert _called_in(settings, question, en=EN, fr=FR) == FR
        Contact.objects.update(country="KE")
        assert _called_in(settings, question, en=EN, fr=FR) == EN


def _called_in(settings: Settings, message: Message, **templates: str) -> str:
    OutboundMessage.objects.exclude(template="").delete()
    Message.objects.filter(pk=message.pk).update(state=State.QUEUED)
    settings.TWILIO_WHATSAPP_TEMPLATES = ",".join(f"{name}:{sid}" for name, sid in templates.items())
    carry_correspondence()
    return OutboundMessage.objects.exclude(template="").get().template


class TestWhenTwilioDisagrees:
    """63016 for words that left by our reckoning in time: at once, or in a report afterwards."""

    @pytest.fixture
    def message(self, report: Report, moderator: User, fake_twilio: FakeTwilio) -> Message:
        write(fake_twilio, "Merci")
        fake_twilio.hears(WITNESS, timezone.now() - DAY - timedelta(minutes=1))
        return ask_reporter(report=report, moderator_id=moderator.pk, letter=WHEN)

    @pytest.mark.parametrize("at_once", [True, False])
    def test_the_words_wait_and_they_are_called(
        self, message: Message, fake_twilio: FakeTwilio, at_once: bool
    ) -> None:
        self.refuse(fake_twilio, at_once=at_once)
        assert state_of(message) == State.WAITING
        assert bodies(fake_twilio) == [message.text, FR]
        turn()  # what was written before is no reason to try again
        assert bodies(fake_twilio) == [message.text, FR]
        write(fake_twilio, "OK")
        turn()
        assert bodies(fake_twilio) == [message.text, FR, message.text]
        assert state_of(message) == State.SENT

    def test_a_report_that_comes_twice_changes_nothing_any_more(
        self, message: Message, fake_twilio: FakeTwilio
    ) -> None:
        self.refuse(fake_twilio, at_once=False)
        write(fake_twilio, "OK")
        turn()
        address, sid = fake_twilio.too_late[0]
        report_status(address, sid, "failed", "63016")
        turn()
        assert state_of(message) == State.SENT
        assert bodies(fake_twilio) == [message.text, FR, message.text]

    def test_without_a_template_it_fails_and_says_why(
        self, message: Message, fake_twilio: FakeTwilio, settings: Settings
    ) -> None:
        settings.TWILIO_WHATSAPP_TEMPLATES = ""
        self.refuse(fake_twilio, at_once=False)
        assert state_of(message) == State.FAILED
        assert OutboundMessage.objects.get(correspondence=message.pk).delivery_error == "twilio 63016"

    @pytest.mark.parametrize("is_stop", [True, False])
    def test_who_said_stop_or_may_get_nothing_meanwhile_is_not_called(
        self, message: Message, fake_twilio: FakeTwilio, settings: Settings, is_stop: bool
    ) -> None:
        fake_twilio.refuses_at_once = False
        turn()
        Contact.objects.update(opted_out=is_stop)
        settings.SMS_SILENT = [] if is_stop else ["twilio:CD"]
        report_status(*fake_twilio.too_late[0], "failed", "63016")
        turn()
        assert state_of(message) == State.WITHHELD
        assert bodies(fake_twilio) == [message.text]

    def refuse(self, fake_twilio: FakeTwilio, *, at_once: bool) -> None:
        fake_twilio.refuses_at_once = at_once
        turn()
        for address, sid in fake_twilio.too_late:
            report_status(address, sid, "failed", "63016")
        turn()


class TestWhereNothingMayBeSent:
    def test_who_says_stop_gets_nothing_of_what_waits(
        self, question: Message, fake_twilio: FakeTwilio
    ) -> None:
        turn()
        write(fake_twilio, "STOP")
        turn()
        assert state_of(question) == State.WITHHELD
        assert bodies(fake_twilio) == [FR]

    def test_who_said_stop_is_not_called(self, question: Message, fake_twilio: FakeTwilio) -> None:
        Contact.objects.update(opted_out=True)
        turn()
        assert state_of(question) == State.WITHHELD
        assert fake_twilio.sent == []

    def test_a_silent_line_calls_nobody_and_lets_go_what_waits(
        self, question: Message, fake_twilio: FakeTwilio, settings: Settings
    ) -> None:
        turn()
        settings.SMS_SILENT = ["twilio:CD"]
        write(fake_twilio, "OK")
        turn()
        assert state_of(question) == State.WITHHELD
        Message.objects.filter(pk=question.pk).update(state=State.QUEUED)
        be_silent(fake_twilio)
        turn()
        assert state_of(question) == State.WITHHELD
        assert bodies(fake_twilio) == [FR]

    def test_without_a_template_the_words_go_out_and_twilio_says_no(
        self, question: Message, fake_twilio: FakeTwilio, settings: Settings
    ) -> None:
        settings.TWILIO_WHATSAPP_TEMPLATES = ""
        turn()
        assert state_of(question) == State.FAILED
        assert bodies(fake_twilio) == [question.text]


class TestRetention:
    def test_waiting_words_keep_no_number_and_end_with_it(
        self, question: Message, fake_twilio: FakeTwilio
    ) -> None:
        turn()
        question.report.incident.triage = "spam"
        question.report.incident.save()
        later = timezone.now() + timedelta(days=100)
        assert erase_expired_numbers(90, later) == 1
        assert state_of(question) == State.ERASED, "at once, and not when a worker comes by"
        turn()
        assert state_of(question) == State.ERASED
        assert bodies(fake_twilio) == [FR]
        assert not OutboundMessage.objects.filter(correspondence=question.pk).exists()

    def test_a_number_that_stays_leaves_its_words_waiting(
        self, question: Message, fake_twilio: FakeTwilio
    ) -> None:
        turn()
        assert erase_expired_numbers(90, timezone.now() + timedelta(days=100)) == 0, "the case is open"
        assert state_of(question) == State.WAITING

    def test_words_that_are_about_to_go_out_keep_the_number(self, question: Message) -> None:
        question.report.incident.triage = "spam"
        question.report.incident.save()
        later = timezone.now() + timedelta(days=100)
        assert erase_expired_numbers(90, later) == 0
        assert state_of(question) == State.QUEUED

    def test_what_waited_for_a_number_that_was_erased_before_ends_too(
        self, question: Message, fake_twilio: FakeTwilio
    ) -> None:
        turn()
        Contact.objects.update(number_sealed="", number_digest=None, erased_at=timezone.now())
        turn()
        assert state_of(question) == State.ERASED
        assert open_question(question.report) is None, "nobody answers what was never sent"

    def test_twilio_s_copies_of_a_call_and_of_what_it_refused_are_deleted_there(
        self, report: Report, moderator: User, fake_twilio: FakeTwilio, settings: Settings
    ) -> None:
        write(fake_twilio, "Merci")
        fake_twilio.hears(WITNESS, timezone.now() - DAY - timedelta(minutes=1))
        ask_reporter(report=report, moderator_id=moderator.pk, letter=WHEN)
        fake_twilio.refuses_at_once = False
        turn()
        report_status(*fake_twilio.too_late[0], "failed", "63016")
        turn()
        OutboundMessage.objects.update(sent_at=timezone.now() - timedelta(days=8))
        settings.TWILIO_FORGET_DAYS = "7"
        forget_at_providers()
        noted = set(ProviderCopy.objects.values_list("provider_message_id", flat=True))
        assert set(fake_twilio.message_ids) <= noted


class TestNothingDoubledOrLost:
    @pytest.mark.django_db(transaction=True)
    def test_eight_workers_call_once_and_send_the_words_once(
        self, question: Message, fake_twilio: FakeTwilio
    ) -> None:
        at_once(carry_correspondence, times=8)
        at_once(send_queued, times=8)
        assert bodies(fake_twilio) == [FR]
        write(fake_twilio, "OK")
        at_once(carry_correspondence, times=8)
        at_once(send_queued, times=8)
        assert bodies(fake_twilio) == [FR, question.text]

    def test_a_worker_that_dies_before_any_of_its_statements_loses_and_doubles_nothing(
        self, question: Message, fake_twilio: FakeTwilio
    ) -> None:
        assert die_before_each_statement() > 5
        turn()
        assert bodies(fake_twilio) == [FR]
        write(fake_twilio, "OK")
        assert die_before_each_statement() > 5
        turn()
        assert bodies(fake_twilio) == [FR, question.text]
        assert state_of(question) == State.SENT

    def test_a_call_that_twilio_takes_later_is_tried_again(
        self, question: Message, fake_twilio: FakeTwilio
    ) -> None:
        fake_twilio.answer(503, {"code": 20503, "message": "busy"})
        turn()
        fake_twilio.answer_normally()
        OutboundMessage.objects.update(send_after=timezone.now())
        turn()
        assert OutboundMessage.objects.get(template=FR).state == "sent"

    def test_a_template_that_is_not_approved_is_set_right_with_the_next_words(
        self, question: Message, moderator: User, fake_twilio: FakeTwilio, settings: Settings
    ) -> None:
        fake_twilio.approved = {EN}
        turn()
        assert state_of(question) == State.WAITING
        assert the_window(question.report).call_error == "twilio 21655"
        settings.TWILIO_WHATSAPP_TEMPLATES = f"en:{EN}"
        tell_outcome(report=question.report, moderator_id=moderator.pk, letter=OUTCOME)
        turn()
        assert bodies(fake_twilio) == [FR, EN]
        assert the_window(question.report).call == "sent"


def the_window(report: Report, now: datetime | None = None) -> Window:
    assert report.reporter_id is not None
    return windows([report.reporter_id], now)[report.reporter_id]


class TestWhatTheDeskIsTold:
    def test_until_when_they_may_be_written_to(self, report: Report, fake_twilio: FakeTwilio) -> None:
        write(fake_twilio, "Merci")
        window = the_window(report)
        assert window.is_open
        assert abs(window.closes_at - timezone.now() - DAY) < timedelta(minutes=1)
        later = the_window(report, timezone.now() + DAY)
        assert (later.is_open, later.can_be_called, later.call) == (False, True, "")

    def test_that_nobody_can_call_them(self, report: Report, settings: Settings) -> None:
        settings.TWILIO_WHATSAPP_TEMPLATES = ""
        assert not the_window(report).can_be_called

    @pytest.mark.parametrize(
        ("word", "code", "call", "error"),
        [("delivered", "", "delivered", ""), ("failed", "63024", "failed", "twilio 63024")],
    )
    def test_how_far_the_call_came(
        self, question: Message, fake_twilio: FakeTwilio, word: str, code: str, call: str, error: str
    ) -> None:
        carry_correspondence()
        assert the_window(question.report).call == "queued"
        send_queued()
        assert the_window(question.report).call == "sent"
        report_status(fake_twilio.sent[0]["StatusCallback"], fake_twilio.message_ids[0], word, code)
        window = the_window(question.report)
        assert (window.call, window.call_error) == (call, error)

    def test_nothing_of_who_writes_text_messages(self, report: Report) -> None:
        post_twilio(twilio_fields("Merci"))
        assert report.reporter_id is not None
        assert windows([report.reporter_id]) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_call_tells_of_nothing_and_asks_for_a_word_that_is_no_report(language: str) -> None:
    call = phrasebook(language).call
    assert " OK " in call
    assert courtesy("OK") is not None
    assert "{" not in call
    telling = ("report", "incident", "headlamp", "case", "signal", "relat", "ripoti", "denunc", "mine")
    assert not any(word in call.casefold() for word in telling)


def test_its_texts_stand_in_the_manual_as_they_are_sent() -> None:
    manual = (django_settings.BASE_DIR / "docs" / "sms.md").read_text(encoding="utf-8")
    missing: Mapping[str, str] = {
        language: phrasebook(language).call
        for language in LANGUAGES
        if f"| {phrasebook(language).call} |" not in manual
    }
    assert missing == {}

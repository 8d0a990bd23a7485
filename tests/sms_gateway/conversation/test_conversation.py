"""The conversation as people have it: text by text, and what comes back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from impact.incidents.models import Incident, Message, Report
from impact.incidents.references import new_reference
from impact.understanding.answers import Asked
from sms_gateway.conversation.acknowledging import Reply
from sms_gateway.conversation.keywords import Control
from sms_gateway.conversation.phrasebook import phrasebook
from sms_gateway.models import Contact, Dialogue, InboundMessage, OutboundMessage
from sms_gateway.receiving import finish_received, receive_message
from tests.builders import make_place
from tests.sms_gateway.telephones import make_sms

pytestmark = pytest.mark.django_db
KONO, OTHER_PHONE = "+23276000001", "+23276000002"
BEGUN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EN = phrasebook("en")


class Phone:
    """A telephone whose messages come a minute apart, unless it waits."""

    def __init__(self, sender: str = KONO) -> None:
        self.sender, self.now = sender, BEGUN

    def text(self, words: str, **fields: Any) -> str:
        reply = self.reply(words, **fields)
        return reply.text if reply else ""

    def reply(self, words: str, **fields: Any) -> Reply | None:
        self.now += timedelta(minutes=1)
        return receive_message(make_sms(words, sender=self.sender, sent_at=self.now, **fields))

    def wait(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@pytest.fixture
def phone(db: None) -> Phone:
    make_place("Koidu", -10.971, 8.644, "SL", region="Kono", population=128_000)
    make_place("Koindu", -10.337, 8.461, "SL", region="Kailahun", population=15_000)
    return Phone()


def asks(reply: str, phrase: str) -> bool:
    return reply.endswith(str(getattr(EN, phrase)))


def became() -> list[str]:
    return list(InboundMessage.objects.order_by("created_at").values_list("became", flat=True))


def test_a_complete_report_is_acknowledged_and_asked_nothing(phone: Phone) -> None:
    reply = phone.text("Police beat two men at Koidu yesterday")
    reference = Report.objects.get().reference
    assert reply == EN.acknowledgement.format(reference=reference)
    assert Dialogue.objects.get().asked == ""


def test_a_place_that_may_be_two_is_a_choice_and_the_number_places_the_case(phone: Phone) -> None:
    reply = phone.text("Police beat two men at Koidoo yesterday")
    reference = Report.objects.get().reference
    assert (
        reply == f"Thank you. Ref. {reference}. Which place is it? 1 Koidu, Kono 2 Koindu, Kailahun 0 other"
    )
    assert phone.text("2") == EN.added.format(reference=reference)
    assert Incident.objects.get().place_name == "Koindu"
    assert became() == ["report", "answer"]


def test_none_of_the_places_leads_to_a_question_in_words(phone: Phone) -> None:
    phone.text("Police beat two men at Koidoo yesterday")
    assert asks(phone.text("0"), "where")
    phone.text("Koidu")
    assert Incident.objects.get().place_name == "Koidu"


def test_two_questions_and_then_a_moderator_takes_over(phone: Phone) -> None:
    assert asks(phone.text("They came to us"), "where")
    assert asks(phone.text("somewhere far"), "what")
    assert phone.text("I cannot say it") == EN.added.format(reference=Report.objects.get().reference)
    assert list(Message.objects.filter(kind="asked").values_list("asked", flat=True)) == ["where", "what"]
    assert Report.objects.count() == 1


def test_a_question_lapses_and_later_words_are_a_report(phone: Phone, settings: Settings) -> None:
    settings.SMS_DIALOGUE_MINUTES = 60
    assert asks(phone.text("Police beat two men yesterday"), "where")
    phone.wait(minutes=61)
    phone.text("Koidu")
    assert Report.objects.count() == 2


def test_a_message_that_was_held_up_answers_what_stood_when_it_was_sent(phone: Phone) -> None:
    phone.text("Police beat two men yesterday")
    phone.text("Koidu", received_at=BEGUN + timedelta(days=3))
    assert Incident.objects.get().place_name == "Koidu"


def test_more_words_within_the_half_hour_belong_to_the_report(phone: Phone) -> None:
    phone.text("Police beat two men at Koidu yesterday")
    assert phone.text("and they burned a house") == EN.added.format(reference=Report.objects.get().reference)
    phone.wait(minutes=31)
    phone.text("and they burned a house")
    assert Report.objects.count() == 2


def test_a_whole_story_is_a_report_of_its_own(phone: Phone) -> None:
    phone.text("Police beat two men yesterday")
    phone.text("This morning soldiers burned four houses at Koindu and took one man")
    assert Report.objects.count() == 2
    assert Dialogue.objects.get().reference == Report.objects.latest("received_at").reference


def test_a_location_answers_where(phone: Phone) -> None:
    assert asks(phone.text("Police beat two men yesterday"), "where")
    phone.text("", location=(-10.97, 8.64))
    point = Incident.objects.get().point
    assert point is not None
    assert (point.x, point.y) == (-10.97, 8.64)


# References


def test_a_correction_by_reference_days_later(phone: Phone) -> None:
    phone.text("Police beat two men at Koidu yesterday")
    reference = Report.objects.get().reference
    phone.wait(days=9)
    assert phone.text(f"{reference} place Koindu") == EN.added.format(reference=reference)
    assert Incident.objects.get().place_name == "Koindu"
    assert Report.objects.count() == 1


def test_status_says_how_far_it_is_and_nothing_of_what_was_told(phone: Phone) -> None:
    phone.text("Police beat two men at Koidu yesterday")
    reference = Report.objects.get().reference
    assert phone.text(f"STATUS {reference}") == EN.status_waiting.format(reference=reference)
    assert phone.text("STATUS") == EN.status_how


def test_a_reference_that_cannot_be_and_one_that_is_not_are_answered_alike(phone: Phone) -> None:
    right = new_reference()
    wrong = right[:-1] + ("2" if right[-1] != "2" else "3")
    assert phone.text(f"STATUS {right}") == phone.text(f"STATUS {wrong}") == EN.unknown_reference
    assert phone.text(f"{wrong} place Koidu") == EN.unknown_reference
    assert not Report.objects.exists()


def test_words_behind_a_reference_that_names_nothing_are_not_lost(phone: Phone) -> None:
    sent = f"{new_reference()} police beat two men at Koidu yesterday"
    phone.text(sent)
    assert Report.objects.get().text == sent


def test_a_borrowed_phone_gets_nothing_and_changes_nothing_of_anothers_report(phone: Phone) -> None:
    told = "Police beat two men at Koidu yesterday"
    phone.text(told)
    reference = Report.objects.get().reference
    phone.wait(days=2)
    said = [phone.text(words) for words in ("status", "hello", "1", f"status {reference}", "aide")]
    assert not any(word in " ".join(said) for word in ("Koidu", "Police", "beat", "yesterday"))
    other = Phone(OTHER_PHONE)
    other.text(f"{reference} place Koindu")
    assert Incident.objects.get(reports__reference=reference).place_name == "Koidu"
    assert Message.objects.get(kind="correction").is_same_reporter is False
    assert Dialogue.objects.get(contact__reporter__reports=None).reference == ""


# The guided way


def test_the_keyword_alone_starts_short_questions_and_what_is_known_is_not_asked(phone: Phone) -> None:
    assert phone.text("report") == f"{EN.guide} {EN.what}"
    assert not Report.objects.exists()
    assert asks(phone.text("police beat two men yesterday"), "where")
    reply = phone.text("Koidu")
    report = Report.objects.get()
    assert reply == EN.acknowledgement.format(reference=report.reference)
    assert report.text == "police beat two men yesterday"
    assert (report.incident.place_name, report.incident.perpetrator) == ("Koidu", "police")


def test_at_most_five_questions_and_zero_skips_each(phone: Phone) -> None:
    replies = [phone.text("REPORT"), *(phone.text("0") for _ in range(5))]
    assert [asks(reply, phrase) for reply, phrase in zip(replies, GUIDE, strict=False)] == [True] * 5
    assert replies[5] == EN.nothing
    assert not Report.objects.exists()
    assert became() == ["guide", *["skip"] * 5]


STEERING = {*Control, "skip", "guide", "thanks", "greeting", "language", "status", "empty"}
GUIDE = ("what", "where", "when", "people", "who")


def test_who_breaks_off_the_guided_way_has_reported_what_was_said(phone: Phone) -> None:
    phone.text("REPORT")
    phone.text("0")
    phone.text("Koidu")
    phone.wait(days=30)
    report = Report.objects.get()
    assert (report.text, report.incident.place_name) == ("Koidu", "Koidu")
    phone.text("Soldiers burned houses")
    assert Report.objects.count() == 2


def test_the_guided_way_speaks_the_language_of_its_keyword(phone: Phone) -> None:
    book = phrasebook("fr")
    assert phone.text("signaler") == f"{book.guide} {book.what}"
    assert phone.text("0") == book.where


# Languages, courtesy, silence


def test_a_language_that_was_chosen_holds(phone: Phone) -> None:
    assert phone.text("KRIO") == phrasebook("kri").language_set
    assert phone.text("Police beat two men at Koidu yesterday") == phrasebook("kri").acknowledgement.format(
        reference=Report.objects.get().reference
    )
    assert phone.text("language") == phrasebook("kri").language_menu


def test_a_greeting_is_told_how_to_report_and_thanks_are_not_answered(phone: Phone) -> None:
    assert phone.text("Good morning sir") == EN.help
    assert phone.text("thanks") == ""
    assert not Report.objects.exists()


def test_thanks_leave_a_question_open(phone: Phone) -> None:
    phone.text("Police beat two men yesterday")
    phone.text("ok thank you")
    phone.text("Koidu")
    assert Incident.objects.get().place_name == "Koidu"


@pytest.mark.parametrize("entry", ["twilio", "SL", "twilio:SL", " Twilio:sl "])
def test_where_the_line_is_silent_everything_arrives_and_nothing_is_answered(
    phone: Phone, settings: Settings, entry: str
) -> None:
    settings.SMS_SILENT = ["CD", entry]
    for words in ("Police beat two men", "Koidu", "HELP", "hello", "REPORT", "STATUS K7MQ-3XPE"):
        assert phone.text(words) == ""
    assert not OutboundMessage.objects.exists()
    assert not Message.objects.filter(kind="asked").exists()
    report = Report.objects.get()
    assert (report.text, report.may_follow_up) == ("Police beat two men", False)
    assert Message.objects.get().text == "Koidu"


def test_another_country_on_the_same_line_is_answered(phone: Phone, settings: Settings) -> None:
    settings.SMS_SILENT = ["twilio:CD", "CF"]
    assert phone.text("Police beat two men at Koidu yesterday")


def test_stop_ends_the_questions_and_refuses_no_report(phone: Phone) -> None:
    phone.text("Police beat two men yesterday")
    phone.text("STOP")
    contact = Contact.objects.get()
    assert (contact.opted_out, contact.reporter.wants_no_messages) == (True, True)
    phone.wait(hours=1)
    assert phone.text("Soldiers burned four houses") == ""
    assert Report.objects.count() == 2
    assert Report.objects.latest("received_at").may_follow_up is False
    phone.text("START")
    contact.reporter.refresh_from_db()
    assert contact.reporter.wants_no_messages is False


# Nothing lost, nothing asked twice


def test_a_message_taken_in_again_asks_and_changes_nothing_more(phone: Phone) -> None:
    first = make_sms("Police beat two men", sender=KONO)
    replies = {receive_message(first).text for _ in range(3)}  # type: ignore[union-attr]
    assert len(replies) == 1
    answer = make_sms("Koidu", sender=KONO)
    receive_message(answer)
    receive_message(answer)
    assert Message.objects.filter(kind="answer").count() == 1
    assert Message.objects.filter(kind="asked").count() == 2  # where, and then when


def test_a_crash_in_the_middle_leaves_everything_as_it_was(phone: Phone) -> None:
    phone.text("Police beat two men")
    with connection.execute_wrapper(_crash_at_reply):
        assert phone.text("Koidu") == ""
    assert Dialogue.objects.get().asked == Asked.WHERE
    assert not Message.objects.filter(kind="answer").exists()
    InboundMessage.objects.update(try_after=phone.now)
    assert finish_received() == 1
    assert Incident.objects.get().place_name == "Koidu"
    assert OutboundMessage.objects.latest("created_at").text.endswith(EN.when)


def _crash_at_reply(execute: Any, sql: str, *rest: Any) -> Any:
    if OutboundMessage._meta.db_table in sql:
        raise RuntimeError("killed")
    return execute(sql, *rest)


texts = st.sampled_from(
    [
        *(
            "Police beat two men",
            "Police beat two men at Koidoo",
            "They came",
            "Koidu",
            "1",
            "0",
            "7",
            "hier",
        ),
        *("REPORT", "STOP", "START", "merci", "hello", "KRIO", "STATUS", "", "?", "and three houses burned"),
        "This morning soldiers burned four houses at Koindu and took one man",
    ]
)


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(texts, st.sampled_from([0, 0, 0, 45, 2000])), min_size=1, max_size=8))
def test_whatever_is_texted_nothing_is_lost_and_at_most_two_questions_are_asked(
    phone: Phone, sent: list[tuple[str, int]]
) -> None:
    InboundMessage.objects.update(repeats=None)
    for table in (Message, Report, OutboundMessage, InboundMessage, Dialogue, Contact, Incident):
        table.objects.all().delete()
    for words, wait in sent:
        phone.wait(minutes=wait)
        phone.text(words)
    messages = list(InboundMessage.objects.all())
    assert {message.state for message in messages} <= {
        InboundMessage.State.DONE,
        InboundMessage.State.REPEATED,
    }
    messages = [message for message in messages if message.state == InboundMessage.State.DONE]
    guided = "guide" in {message.became for message in messages}
    for report in Report.objects.all():
        most = 5 if guided else 2
        assert report.messages.filter(kind=Message.Kind.ASKED).count() <= most
    kept = [*Report.objects.values_list("text", flat=True), *_said_later()]
    for message in messages:
        if message.became in {"report", "answer", "addition", "correction"}:
            kept.remove(message.text)
        else:
            assert message.became in {
                *Control,
                "skip",
                "guide",
                "thanks",
                "greeting",
                "language",
                "status",
                "empty",
            }
    assert [text for text in kept if text != "0"] == []


def _said_later() -> list[str]:
    kinds = (Message.Kind.ANSWER, Message.Kind.ADDITION, Message.Kind.CORRECTION)
    return list(Message.objects.filter(kind__in=kinds).values_list("text", flat=True))

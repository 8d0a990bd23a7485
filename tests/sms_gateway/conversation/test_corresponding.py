from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from impact.accounts.models import User
from impact.incidents.correspondence import Letter, NotWritable, ask_reporter, tell_outcome
from impact.incidents.models import Incident, Message, Report
from impact.understanding.answers import Asked
from sms_gateway.conversation.corresponding import carry_correspondence, why_not_delivered
from sms_gateway.models import Contact, Dialogue, InboundMessage, OutboundMessage
from sms_gateway.receiving import receive_message
from sms_gateway.sending import send_queued
from tests.builders import make_place, take_in
from tests.sms_gateway.telephones import make_sms

pytestmark = pytest.mark.django_db
State = Message.State
WHEN = Letter("When was it?", "en", Asked.WHEN)


@pytest.fixture
def report(db: None) -> Report:
    make_place("Tshikapa")
    receive_message(make_sms("Soldiers shot two men at Tshikapa", provider="simulator"))
    Dialogue.objects.update(asked="")
    return Report.objects.get()


@pytest.fixture
def question(report: Report, moderator: User) -> Message:
    return ask_reporter(report=report, moderator_id=moderator.pk, letter=WHEN)


def test_a_question_goes_out_once_over_the_line_that_the_report_came_by(question: Message) -> None:
    assert question.text == f"{question.report.reference}: When was it?"
    assert carry_correspondence() == 1
    assert carry_correspondence() == 0
    sent = OutboundMessage.objects.get(correspondence=question.pk)
    assert (sent.text, sent.provider, sent.channel, sent.segments) == (
        *(question.text, "simulator", "sms", 1),
    )
    question.refresh_from_db()
    assert question.state == State.HANDED_OVER
    assert send_queued() == 1
    assert carry_correspondence() == 1
    question.refresh_from_db()
    assert question.state == State.SENT


def test_the_next_text_answers_the_question_and_says_what_was_asked(question: Message) -> None:
    carry_correspondence()
    reply = receive_message(make_sms("hier", provider="simulator"))
    answer = Message.objects.get(kind=Message.Kind.ANSWER)
    assert (answer.in_reply_to, answer.asked, answer.text) == (question, "when", "hier")
    incident = Incident.objects.get()
    assert incident.occurred_from == (answer.said_at - timedelta(days=1)).date()
    assert reply is not None
    assert reply.text.startswith("Merci") or reply.text.startswith("Thank you")
    assert Dialogue.objects.get().asked == ""
    assert Report.objects.count() == 1


def test_a_question_lapses(question: Message, settings: Settings) -> None:
    settings.SMS_QUESTION_DAYS = 3
    carry_correspondence()
    Dialogue.objects.update(expires_at=timezone.now() - timedelta(days=1), told_at=None)
    receive_message(make_sms("hier", provider="simulator"))
    assert Report.objects.count() == 2


def test_an_answer_by_reference_finds_its_question_from_any_phone(question: Message) -> None:
    carry_correspondence()
    reference = question.report.reference
    receive_message(make_sms(f"{reference} it was on Monday", sender="+243810000009", provider="simulator"))
    answer = Message.objects.get(kind=Message.Kind.ADDITION)
    assert (answer.in_reply_to, answer.is_same_reporter, answer.has_changed_case) == (question, False, False)


def test_an_outcome_asks_nothing_of_them(report: Report, moderator: User) -> None:
    tell_outcome(report=report, moderator_id=moderator.pk, letter=Letter("It was confirmed.", "en"))
    carry_correspondence()
    assert OutboundMessage.objects.filter(text__endswith="It was confirmed.").exists()
    assert Dialogue.objects.get().asked == ""


def test_nothing_goes_to_who_said_stop_or_where_the_line_is_silent(
    question: Message, settings: Settings
) -> None:
    settings.SMS_SILENT = ["simulator:CD"]
    carry_correspondence()
    question.refresh_from_db()
    assert question.state == State.WITHHELD
    settings.SMS_SILENT = []
    Message.objects.update(state=State.QUEUED)
    Contact.objects.update(opted_out=True)
    carry_correspondence()
    question.refresh_from_db()
    assert question.state == State.WITHHELD
    assert not OutboundMessage.objects.filter(correspondence=question.pk).exists()


def test_after_stop_no_moderator_can_write(report: Report, moderator: User) -> None:
    receive_message(make_sms("STOP", provider="simulator"))
    report.refresh_from_db()
    with pytest.raises(NotWritable, match="STOP"):
        ask_reporter(report=report, moderator_id=moderator.pk, letter=WHEN)


def test_a_number_that_was_erased_is_told_and_holds_up_nobody(question: Message) -> None:
    InboundMessage.objects.all().update(contact=_other_contact())
    carry_correspondence()
    question.refresh_from_db()
    assert question.state == State.FAILED


def _other_contact() -> Contact:
    receive_message(make_sms("Soldiers came", sender="+243810000008", provider="simulator"))
    return Contact.objects.latest("pk")


def test_how_far_it_came_goes_forward_alone(question: Message) -> None:
    carry_correspondence()
    OutboundMessage.objects.filter(correspondence=question.pk).update(state="sent", delivery="delivered")
    carry_correspondence()
    OutboundMessage.objects.filter(correspondence=question.pk).update(delivery="sent")
    carry_correspondence()
    question.refresh_from_db()
    assert question.state == State.DELIVERED


def test_what_the_provider_took_and_could_not_deliver_has_failed_and_says_why(question: Message) -> None:
    carry_correspondence()
    OutboundMessage.objects.filter(correspondence=question.pk).update(
        state="sent", delivery="undelivered", delivery_error="twilio 30003"
    )
    carry_correspondence()
    question.refresh_from_db()
    assert question.state == State.FAILED
    assert why_not_delivered([question.pk]) == {question.pk: "twilio 30003"}


def test_who_reported_by_the_web_is_written_to_on_the_page_alone(moderator: User) -> None:
    take_in("Soldiers came")
    message = ask_reporter(report=Report.objects.get(), moderator_id=moderator.pk, letter=WHEN)
    assert carry_correspondence() == 0
    message.refresh_from_db()
    assert message.state == State.QUEUED

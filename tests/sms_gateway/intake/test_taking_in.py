import pytest

from impact.incidents.models import Report
from sms_gateway.conversation.keywords import Control
from sms_gateway.conversation.phrasebook import phrasebook
from sms_gateway.models import Contact, InboundMessage, OutboundMessage
from sms_gateway.receiving import receive_message
from tests.sms_gateway.telephones import make_sms

pytestmark = pytest.mark.django_db
UNREADABLE = "zzz qqq xxx vvv kkk jjj"


def opening(language: str) -> str:
    return phrasebook(language).received.partition("{")[0]


def test_stop_ends_our_messages_makes_no_report_and_is_not_answered() -> None:
    assert receive_message(make_sms("STOP")) is None
    assert Contact.objects.get().opted_out
    assert Report.objects.count() == OutboundMessage.objects.count() == 0
    assert InboundMessage.objects.get().state == InboundMessage.State.DONE


def test_who_said_stop_may_still_report_and_is_not_answered() -> None:
    receive_message(make_sms("STOP"))
    assert receive_message(make_sms("Soldiers came back")) is None
    assert Report.objects.count() == 1
    assert OutboundMessage.objects.count() == 0
    assert InboundMessage.objects.order_by("-created_at")[0].report_reference


def test_start_brings_the_answers_back() -> None:
    receive_message(make_sms("STOP"))
    assert receive_message(make_sms("START")) is None
    assert not Contact.objects.get().opted_out
    assert receive_message(make_sms("Soldiers came back")) is not None


def test_an_old_stop_delivered_again_changes_nothing() -> None:
    stop = make_sms("STOP")
    receive_message(stop)
    receive_message(make_sms("START"))
    receive_message(stop)
    assert not Contact.objects.get().opted_out


def test_what_the_provider_made_of_a_message_counts_and_is_not_answered() -> None:
    assert receive_message(make_sms("basta", control=Control.STOP, is_answered=True)) is None
    assert Contact.objects.get().opted_out
    assert receive_message(make_sms("HELP", control=Control.HELP, is_answered=True)) is None
    assert Report.objects.count() == OutboundMessage.objects.count() == 0


@pytest.mark.parametrize(
    ("word", "sender", "language"),
    [
        ("AIDE", "+23276000001", "fr"),
        ("HELP", "+243810000001", "fr"),
        ("HELP", "+23276000001", "en"),
        ("LISALISI", "+243810000001", "ln"),
        ("MSAADA", "+243810000001", "sw"),
    ],
)
def test_help_is_one_line_in_a_language_that_the_sender_reads(word: str, sender: str, language: str) -> None:
    reply = receive_message(make_sms(word, sender=sender))
    assert reply is not None
    assert (reply.text, reply.reference) == (phrasebook(language).help, "")
    assert Report.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "sender", "language"),
    [
        ("Les militaires ont tué deux creuseurs hier à la mine", "+23276000001", "fr"),
        ("Soldiers killed two diggers at the mine yesterday", "+243810000001", "en"),
        (UNREADABLE, "+243810000001", "fr"),
        (UNREADABLE, "+244923000001", "pt"),
        (UNREADABLE, "+255712000001", "sw"),
        (UNREADABLE, "+23276000001", "en"),
    ],
)
def test_the_answer_is_in_the_language_of_the_message_or_else_of_the_country(
    text: str, sender: str, language: str
) -> None:
    reply = receive_message(make_sms(text, sender=sender))
    assert reply is not None
    assert reply.language == language
    assert reply.text.startswith(opening(language))


def test_a_word_that_is_in_no_language_is_answered_in_the_language_of_the_report_before() -> None:
    receive_message(make_sms("Les militaires ont tué deux creuseurs hier à la mine", sender="+23276000001"))
    reply = receive_message(make_sms(UNREADABLE, sender="+23276000001"))
    assert reply is not None
    assert reply.language == "fr"


@pytest.mark.parametrize("text", ["zzz qqq", "?", "12", "Do you buy gold", "[[["])
def test_what_is_no_report_goes_to_the_moderators_all_the_same(text: str) -> None:
    reply = receive_message(make_sms(text))
    assert reply is not None
    assert Report.objects.get().text == text


def test_the_answer_repeats_nothing_of_what_was_told() -> None:
    told = "Soldiers killed Mwamba Kalonji at Tshikapa yesterday near the bridge"
    reply = receive_message(make_sms(told))
    assert reply is not None
    assert not {word for word in told.lower().split() if len(word) > 3} & set(reply.text.lower().split())


def test_an_empty_message_is_kept_and_makes_no_report() -> None:
    assert receive_message(make_sms("  \n")) is None
    assert InboundMessage.objects.get().state == InboundMessage.State.DONE
    assert Report.objects.count() == 0


def test_pictures_without_words_are_a_report_that_says_so() -> None:
    reply = receive_message(make_sms("", attachments=2))
    assert reply is not None
    assert Report.objects.get().text == "[no words, attachments: 2]"

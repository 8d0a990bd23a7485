from datetime import timedelta

import pytest
from django.utils import timezone

from impact.incidents.models import Report
from sms_gateway.intake.draining import drain_spool
from sms_gateway.intake.keeping import keep_message
from sms_gateway.models import InboundMessage, OutboundMessage
from sms_gateway.receiving import patience, receive_message
from tests.sms_gateway.racing import at_once
from tests.sms_gateway.telephones import make_sms

pytestmark = pytest.mark.django_db

State = InboundMessage.State
NOW = timezone.now()


def states() -> list[str]:
    return list(InboundMessage.objects.order_by("created_at").values_list("state", flat=True))


def test_the_same_words_within_seconds_are_one_report_and_both_messages_are_kept() -> None:
    assert receive_message(make_sms("They came again")) is not None
    assert receive_message(make_sms("They came again")) is None
    assert Report.objects.count() == OutboundMessage.objects.count() == 1
    first, second = InboundMessage.objects.order_by("created_at")
    assert (first.state, second.state, second.repeats) == (State.DONE, State.REPEATED, first)


@pytest.mark.parametrize(
    ("seconds", "expected"), [(3.9, [State.RECEIVED, State.REPEATED]), (4.1, [State.RECEIVED] * 2)]
)
def test_after_four_seconds_they_count_again(seconds: float, expected: list[str]) -> None:
    for arrived_at in (NOW - timedelta(minutes=1), NOW - timedelta(minutes=1) + timedelta(seconds=seconds)):
        keep_message(make_sms("They came again", received_at=arrived_at), is_live=True)
    assert states() == expected


def test_a_third_one_repeats_the_first_and_does_not_stretch_the_window() -> None:
    for seconds in (0, 3, 6):
        arrived_at = NOW - timedelta(minutes=1) + timedelta(seconds=seconds)
        keep_message(make_sms("They came again", received_at=arrived_at), is_live=True)
    assert states() == [State.RECEIVED, State.REPEATED, State.RECEIVED]


def test_another_number_or_other_words_are_no_repetition() -> None:
    receive_message(make_sms("They came again"))
    receive_message(make_sms("They came again", sender="+243810000002"))
    receive_message(make_sms("They came again!"))
    assert states() == [State.DONE] * 3


def test_words_that_were_sent_at_other_times_are_no_repetition() -> None:
    for hours in (1, 2):
        receive_message(make_sms("They came again", sent_at=NOW - timedelta(hours=hours)))
    assert states() == [State.DONE] * 2


def test_a_repeated_choice_counts_twice_once_something_was_sent_in_between() -> None:
    first = keep_message(make_sms("1"), is_live=True).message
    assert keep_message(make_sms("1"), is_live=True).message.state == State.REPEATED
    OutboundMessage.objects.create(
        contact=first.contact,
        in_reply_to=first,
        text="2. When?",
        language="en",
        segments=1,
        provider="twilio",
        send_after=timezone.now(),
    )
    assert keep_message(make_sms("1"), is_live=True).message.state == State.RECEIVED


def test_a_redelivery_is_no_repetition_of_itself() -> None:
    sms = make_sms("They came again")
    first = receive_message(sms)
    assert receive_message(sms) == first
    assert states() == [State.DONE]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_known", [True, False])
def test_thirty_two_of_the_same_words_at_once_are_one_report(is_known: bool) -> None:
    if is_known:
        receive_message(make_sms("Good morning", received_at=NOW - timedelta(hours=1)))
    at_once(lambda: receive_message(make_sms("They came again")), times=32)
    patience.regain()
    drain_spool()  # on SQLite, 32 writers at once keep each other waiting
    assert Report.objects.count() == 1
    assert InboundMessage.objects.filter(state=State.REPEATED).count() == 31

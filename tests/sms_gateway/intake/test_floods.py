from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from impact.incidents.models import Report
from sms_gateway.models import Contact, InboundMessage, OutboundMessage
from sms_gateway.receiving import receive_message
from tests.sms_gateway.telephones import make_sms, post_twilio, twilio_fields

pytestmark = pytest.mark.django_db

State = InboundMessage.State


@pytest.fixture(autouse=True)
def _limits(settings: Settings) -> None:
    settings.FLOOD_LIMITS = {"number": (3, 600), "block": (0, 600), "line": (0, 600)}


def test_what_goes_past_a_numbers_limit_is_held_and_answered_with_success() -> None:
    answers = [post_twilio(twilio_fields(f"report {n}")) for n in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert InboundMessage.objects.filter(state=State.HELD, held_because="number").count() == 2
    assert InboundMessage.objects.filter(state=State.DONE).count() == OutboundMessage.objects.count() == 3


def test_the_same_delivery_again_does_not_count() -> None:
    sms = make_sms("one")
    for _ in range(10):
        receive_message(sms)
    assert Contact.objects.get().burst_count == 1


def test_the_window_ends() -> None:
    for n in range(4):
        receive_message(make_sms(f"report {n}"))
    Contact.objects.update(burst_began_at=timezone.now() - timedelta(seconds=601))
    receive_message(make_sms("another day"))
    assert InboundMessage.objects.filter(state=State.HELD).count() == 1


def test_stop_is_heard_in_a_flood() -> None:
    for n in range(5):
        receive_message(make_sms(f"report {n}"))
    receive_message(make_sms("STOP"))
    assert Contact.objects.get().opted_out


def test_what_was_sent_long_ago_is_no_flood() -> None:
    for n in range(5):
        receive_message(make_sms(f"report {n}", sent_at=timezone.now() - timedelta(hours=3)))
    assert InboundMessage.objects.filter(state=State.DONE).count() == 5


def test_a_block_of_numbers_that_were_bought_together_is_held(settings: Settings) -> None:
    settings.FLOOD_LIMITS |= {"block": (10, 600)}
    for n in range(20):
        receive_message(make_sms(f"report {n}", sender=f"+2438100000{n:02}"))
    receive_message(make_sms("from elsewhere", sender="+243810009900"))
    assert InboundMessage.objects.filter(state=State.HELD, held_because="block").count() == 10
    assert Report.objects.filter(text="from elsewhere").exists()


def test_a_line_has_its_limit_where_one_is_set(settings: Settings) -> None:
    settings.FLOOD_LIMITS |= {"line": (10, 600)}
    for n in range(15):
        receive_message(make_sms(f"report {n}", sender=f"+2438100{n:02}000"))
    assert InboundMessage.objects.filter(held_because="line").count() == 5

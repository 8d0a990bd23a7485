"""What Twilio keeps of a message goes, in time; what lies there alone stays."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from impact.accounts.models import User
from impact.operations.models import Turn
from sms_gateway.desk.health import doctor_lines, line_healths
from sms_gateway.forgetting import WAITS, forget_at_providers
from sms_gateway.inbound import Media
from sms_gateway.models import Contact, InboundMedia, InboundMessage, OutboundMessage, ProviderCopy
from sms_gateway.purging import erase_discarded
from sms_gateway.receiving import receive_message
from tests.sms_gateway.fake_api import Asked
from tests.sms_gateway.fake_twilio import FakeTwilio
from tests.sms_gateway.racing import at_once
from tests.sms_gateway.telephones import WITNESS, make_sms

pytestmark = pytest.mark.django_db

NOW = timezone.now()
OLD = NOW - timedelta(days=8)
OTHER = "+243810000002"


@pytest.fixture(autouse=True)
def people_are_real(settings: Settings) -> None:
    settings.DEMO = False


def hear(fake: FakeTwilio, sid: str = "SM1", sender: str = WITNESS, **fields: object) -> InboundMessage:
    """A message of eight days ago, which Twilio has and we have."""
    fake.has(sid, sender, "Soldiers shot two men", OLD)
    receive_message(make_sms("Soldiers shot two men", message_id=sid, sender=sender, **fields))
    InboundMessage.objects.filter(provider_message_id=sid).update(created_at=OLD)
    return InboundMessage.objects.get(provider_message_id=sid)


def turn() -> int:
    """A worker's turn, an hour after the one before."""
    Turn.objects.all().delete()
    return forget_at_providers()


def test_a_message_and_the_replies_to_it_go_there_and_stay_here(fake_twilio: FakeTwilio) -> None:
    message = hear(fake_twilio)
    fake_twilio.replied("SMreply", WITNESS, OLD)
    fake_twilio.replied("SMlately", WITNESS, NOW)
    fake_twilio.replied("SMtoAnother", OTHER, OLD)
    assert turn() == 1
    assert fake_twilio.sids == {"SMlately", "SMtoAnother"}
    assert InboundMessage.objects.get() == message
    assert ProviderCopy.objects.get().deleted_at is not None
    asked = len(fake_twilio.asked)
    assert turn() == 0
    assert len(fake_twilio.asked) == asked


def test_what_is_younger_stays(fake_twilio: FakeTwilio, settings: Settings) -> None:
    hear(fake_twilio)
    settings.TWILIO_FORGET_DAYS = "9"
    assert turn() == 0
    assert fake_twilio.asked == []
    settings.TWILIO_FORGET_DAYS = "8"
    assert turn() == 1


@pytest.mark.parametrize(
    ("name", "value"), [("FORGET_DAYS", "0"), ("FORGET_DAYS", "soon"), ("AUTH_TOKEN", "")]
)
def test_who_wants_to_keep_them_keeps_them(
    fake_twilio: FakeTwilio, settings: Settings, name: str, value: str
) -> None:
    hear(fake_twilio)
    setattr(settings, f"TWILIO_{name}", value)
    assert turn() == 0
    assert fake_twilio.asked == []


@pytest.mark.parametrize("state", ["received", "held", "failed"])
def test_what_nobody_has_decided_about_stays(fake_twilio: FakeTwilio, state: str) -> None:
    hear(fake_twilio)
    InboundMessage.objects.update(state=state)
    assert turn() == 0
    InboundMessage.objects.update(state="discarded")
    assert turn() == 1


def test_fiction_is_nowhere_else(fake_twilio: FakeTwilio) -> None:
    hear(fake_twilio, is_fictional=True)
    assert turn() == 0


class TestWithAFile:
    def hear(self, fake: FakeTwilio) -> InboundMessage:
        media = (Media("image/jpeg", "https://api.twilio.com/2010-04-01/Media/ME1"),)
        return hear(fake, attachments=1, media=media)

    def test_one_that_is_not_kept_here_stays_there(self, fake_twilio: FakeTwilio) -> None:
        self.hear(fake_twilio)
        for state in ("waiting", "refused", "failed"):
            InboundMedia.objects.update(state=state)
            assert turn() == 0
        InboundMedia.objects.update(state="kept")
        assert turn() == 1

    def test_one_that_was_never_noted_stays_there(self, fake_twilio: FakeTwilio) -> None:
        hear(fake_twilio, attachments=1)
        assert turn() == 0

    def test_it_goes_with_the_number(self, fake_twilio: FakeTwilio) -> None:
        self.hear(fake_twilio)
        assert turn() == 0
        Contact.objects.update(number_sealed="", number_digest=None, erased_at=NOW)
        assert turn() == 1

    def test_it_goes_with_the_words_of_what_was_discarded(self, fake_twilio: FakeTwilio) -> None:
        self.hear(fake_twilio)
        InboundMessage.objects.update(state="discarded", reviewed_at=OLD)
        assert turn() == 0
        assert erase_discarded(days=7) == 1
        assert turn() == 1


def test_what_we_sent_goes_too(fake_twilio: FakeTwilio) -> None:
    hear(fake_twilio, sid="SM1")
    fake_twilio.replied("SM2", OTHER, OLD)
    fake_twilio.replied("SM3", OTHER, OLD)
    OutboundMessage.objects.update(provider_message_id="SM2", state="sent", sent_at=OLD)
    assert turn() == 2
    assert fake_twilio.sids == {"SM3"}


def test_what_is_not_there_any_more_is_deleted(fake_twilio: FakeTwilio) -> None:
    hear(fake_twilio)
    fake_twilio.held.clear()
    assert turn() == 1
    assert ProviderCopy.objects.get().deleted_at is not None


def test_a_provider_that_cannot_be_asked_is_asked_again_until_it_confirms(fake_twilio: FakeTwilio) -> None:
    hear(fake_twilio, "SM1", WITNESS)
    hear(fake_twilio, "SM2", OTHER)
    fake_twilio.answer(401, {"code": 20003, "message": "Authenticate"})
    for _ in range(len(WAITS) + 2):
        before = len(fake_twilio.asked)
        assert turn() == 0
        assert len(fake_twilio.asked) == before + 1  # the second would fare no better
        assert turn() == 0  # the second, which has its turn now
        ProviderCopy.objects.update(try_after=NOW)
    [line] = [line for line in line_healths() if line.name == "twilio"]
    assert (line.refused_copies, line.refusal) == (2, "twilio 20003")
    [told] = [value for name, value, _ in doctor_lines() if name == "line twilio"]
    assert "2 copies not deleted there yet: twilio 20003" in told
    fake_twilio.answer_normally()
    assert turn() == 2
    assert fake_twilio.sids == set()
    assert "copies" not in next(value for name, value, _ in doctor_lines() if name == "line twilio")


def test_the_page_of_the_lines_tells_what_should_be_gone(moderator: User, client: Client) -> None:
    receive_message(make_sms())
    client.force_login(moderator)
    page = "/moderate/gateways/"
    assert "should be gone" not in client.get(page).content.decode()
    ProviderCopy.objects.create(
        provider="twilio", provider_message_id="SM1", try_after=NOW, error="twilio 20003"
    )
    told = "1 message that should be gone is still at the provider: twilio 20003"
    assert told in client.get(page).content.decode()


def test_it_waits_longer_each_time(fake_twilio: FakeTwilio) -> None:
    hear(fake_twilio)
    fake_twilio.answer(503, b"")
    for wait in (*WAITS, WAITS[-1]):
        ProviderCopy.objects.update(try_after=NOW)
        turn()
        waits = ProviderCopy.objects.get().try_after - timezone.now()
        assert abs(waits - wait) < timedelta(minutes=1)


def test_one_that_it_refuses_keeps_no_other_back(fake_twilio: FakeTwilio) -> None:
    hear(fake_twilio, "SMone", WITNESS)
    hear(fake_twilio, "SM2", OTHER)
    normally = fake_twilio.answerer

    def refuse(asked: Asked) -> tuple[int, object]:
        if asked.method == "DELETE" and "SMone" in asked.path:
            return 409, {"code": 20009, "message": "still on its way"}
        return normally(asked)

    fake_twilio.answerer = refuse
    assert turn() == 1
    assert fake_twilio.sids == {"SMone"}
    assert ProviderCopy.objects.get(deleted_at=None).error == "twilio 20009"


def test_it_looks_once_an_hour_and_asks_now_and_then(fake_twilio: FakeTwilio) -> None:
    assert turn() == 0
    hear(fake_twilio)
    assert forget_at_providers() == 0
    assert ProviderCopy.objects.count() == 0
    Turn.objects.filter(name="forget at providers").delete()
    assert forget_at_providers() == 0
    assert ProviderCopy.objects.count() == 0
    Turn.objects.all().delete()
    assert forget_at_providers() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_that_see_the_same_copy_one_asks(fake_twilio: FakeTwilio) -> None:
    hear(fake_twilio)
    fake_twilio.answer(401, {"code": 20003, "message": "Authenticate"})
    quicker: list[bool] = []

    def let_another_be_quicker(execute: Any, sql: str, *arguments: Any) -> Any:
        if sql.startswith("UPDATE") and "sms_gateway_providercopy" in sql and not quicker:
            quicker.append(True)
            at_once(turn, times=1)
        return execute(sql, *arguments)

    with connection.execute_wrapper(let_another_be_quicker):
        assert turn() == 0
    assert quicker
    assert len(fake_twilio.asked) == 1

import pytest
from django.utils import timezone

from impact.incidents.models import Evidence
from sms_gateway.inbound import Media
from sms_gateway.intake import media
from sms_gateway.intake.media import WAITS, keep_media
from sms_gateway.models import InboundMedia, InboundMessage
from sms_gateway.receiving import receive_message
from tests.sms_gateway.fake_twilio import FakeTwilio
from tests.sms_gateway.providers.lines import picture
from tests.sms_gateway.racing import at_once
from tests.sms_gateway.telephones import make_sms


def receive(**fields: object) -> InboundMedia:
    receive_message(make_sms("Soldiers came", attachments=1, media=(Media(**fields),)))  # type: ignore[arg-type]
    return InboundMedia.objects.get()


@pytest.mark.django_db
def test_a_message_that_is_not_taken_in_yet_keeps_its_picture_waiting() -> None:
    receive(content=picture())
    InboundMessage.objects.update(state="received")
    assert keep_media() == 0
    InboundMessage.objects.update(state="done")
    assert keep_media() == 1


@pytest.mark.django_db
def test_it_is_given_up_in_the_end(fake_twilio: FakeTwilio) -> None:
    receive(url="https://api.twilio.com/ME1")
    fake_twilio.answer(503, b"")
    for _ in WAITS:
        assert InboundMedia.objects.get().state == InboundMedia.State.WAITING
        InboundMedia.objects.update(try_after=timezone.now())
        keep_media()
    item = InboundMedia.objects.get()
    assert (item.state, item.error) == (InboundMedia.State.FAILED, "twilio 503")


@pytest.mark.django_db
def test_a_turn_that_took_long_leaves_the_rest_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    receive(content=picture())
    monkeypatch.setattr(media, "TURN_S", 0.0)
    assert keep_media() == 0
    assert InboundMedia.objects.get().attempts == 0
    monkeypatch.undo()
    assert keep_media() == 1


@pytest.mark.django_db
def test_nul_in_what_a_provider_says_stops_nothing() -> None:
    item = receive(content=picture(), file_name="a\0b\ud800.jpg", content_type="image/\0jpeg")
    assert (item.file_name, item.content_type) == ("ab?.jpg", "image/jpeg")


@pytest.mark.django_db(transaction=True)
def test_four_workers_keep_it_once() -> None:
    receive(content=picture())
    assert sum(at_once(keep_media, times=4)) == 1
    assert Evidence.objects.count() == 1

import base64
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from impact.accounts.models import User
from impact.incidents.following import report_by_code
from impact.incidents.models import Incident, Report
from impact.incidents.references import follow_up_code
from impact.moderation.deciding import triage_incident
from impact.operations.turns import claim_turn
from impact.sealing import unseal_bytes
from impact.vocabulary import Triage
from sms_gateway.contacts import contact_behind, find_contact, number_of
from sms_gateway.desk.reviewing import discard_held
from sms_gateway.inbound import Media
from sms_gateway.intake.spool import put_aside, waiting_files
from sms_gateway.models import Contact, InboundMedia, InboundMessage
from sms_gateway.purging import erase_discarded, erase_expired_numbers, purge_daily
from sms_gateway.receiving import receive_message
from tests.sms_gateway.telephones import WITNESS, make_sms

pytestmark = pytest.mark.django_db

OLD = "old:" + base64.b64encode(b"o" * 32).decode()
NEW = "new:" + base64.b64encode(b"n" * 64).decode()


def test_everybody_is_found_and_read_before_during_and_after_a_new_key(settings: Settings) -> None:
    settings.HEADLAMP_KEYS = OLD
    receive_message(make_sms())
    code = follow_up_code(Report.objects.get().pk)
    numbers = [f"+2438100{n:05}" for n in range(500)]
    pks = [contact_behind(number).pk for number in numbers]
    settings.HEADLAMP_KEYS = f"{NEW},{OLD}"
    assert contact_behind(numbers[0]).pk == pks[0]
    late = contact_behind("+243820000000")
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    assert "numbers: 500 changed, 1 current, 0 could not be" in out.getvalue()
    call_command("rotate_keys", stdout=out)
    settings.HEADLAMP_KEYS = NEW
    assert [contact_behind(number).pk for number in numbers] == pks
    assert contact_behind("+243820000000") == late
    assert [number_of(Contact.objects.get(pk=pk)) for pk in pks] == numbers
    assert report_by_code(code) is not None


def test_it_fails_while_something_needs_the_old_key(settings: Settings) -> None:
    settings.HEADLAMP_KEYS = OLD
    contact_behind(WITNESS)
    settings.HEADLAMP_KEYS = NEW
    with pytest.raises(CommandError, match="keep it"):
        call_command("rotate_keys", stdout=StringIO())


@pytest.mark.parametrize(
    ("statuses", "erased"),
    [({}, 0), ({"follow_up": "resolved"}, 1), ({"triage": "spam"}, 1), ({"publication": "public"}, 1)],
)
def test_a_number_is_erased_when_the_case_has_been_closed_for_long(
    statuses: dict[str, str], erased: int
) -> None:
    receive_message(make_sms())
    long_ago = timezone.now() - timedelta(days=91)
    Contact.objects.update(last_heard_at=long_ago)
    Incident.objects.update(updated_at=long_ago, **statuses)
    assert erase_expired_numbers(90) == erased
    assert erase_expired_numbers(90) == 0
    assert (find_contact(WITNESS) is None) is bool(erased)


def test_who_wrote_lately_keeps_the_number_and_who_comes_back_is_new() -> None:
    receive_message(make_sms())
    Incident.objects.update(triage="spam", updated_at=timezone.now() - timedelta(days=91))
    assert erase_expired_numbers(90) == 0
    Contact.objects.update(last_heard_at=timezone.now() - timedelta(days=91))
    call_command("purge_expired", stdout=StringIO())
    before = Contact.objects.get()
    assert (before.number_sealed, before.number_digest) == ("", None)
    assert contact_behind(WITNESS) != before


def test_days_before_now_erase_nothing() -> None:
    contact = contact_behind(WITNESS)
    Contact.objects.filter(pk=contact.pk).update(last_heard_at=timezone.now() - timedelta(days=400))
    with pytest.raises(CommandError, match="--days -1"):
        call_command("purge_expired", "--days", "-1", stdout=StringIO())
    assert find_contact(WITNESS) == contact


def test_pictures_and_the_spool_do_not_need_the_old_key_afterwards(settings: Settings) -> None:
    settings.HEADLAMP_KEYS = OLD
    receive_message(make_sms(media=(Media("image/jpeg", content=b"a picture"),)))
    put_aside(make_sms("Soldiers came at night", message_id="spooled"))
    settings.HEADLAMP_KEYS = f"{NEW},{OLD}"
    put_aside(make_sms("Soldiers came by day", message_id="spooled later"))
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    assert "media: 1 changed, 0 current, 0 could not be" in out.getvalue()
    assert "spool: 2 changed, 0 current, 0 could not be" in out.getvalue()
    settings.HEADLAMP_KEYS = NEW
    assert unseal_bytes(bytes(InboundMedia.objects.get().content)) == b"a picture"
    assert InboundMessage.objects.filter(provider_message_id__startswith="spooled").count() == 2
    assert waiting_files() == []


def test_a_file_of_the_spool_that_needs_the_old_key_is_said_and_left(settings: Settings) -> None:
    settings.HEADLAMP_KEYS = OLD
    path = put_aside(make_sms())
    settings.HEADLAMP_KEYS = NEW
    out = StringIO()
    with pytest.raises(CommandError, match="1 still need the old key"):
        call_command("rotate_keys", stdout=out)
    assert "spool: 0 changed, 0 current, 1 could not be" in out.getvalue()
    assert path.exists()


def test_a_worker_erases_once_a_day() -> None:
    receive_message(make_sms())
    now = timezone.now()
    for days, triage, erased in ((0, "spam", 0), (91, "spam", 1), (91.5, "spam", 0), (93, "spam", 0)):
        Incident.objects.update(triage=triage)
        assert purge_daily(now + timedelta(days=days)) == erased
    assert find_contact(WITNESS) is None


def test_only_one_worker_has_the_turn_of_a_day() -> None:
    now, day = timezone.now(), timedelta(days=1)
    assert [claim_turn("x", day, now + day * n) for n in (0, 0.5, 1, 1.9, 2)] == [
        True,
        False,
        True,
        False,
        True,
    ]


def test_the_last_decision_says_since_when_a_case_is_closed(moderator: User) -> None:
    receive_message(make_sms())
    incident = Incident.objects.get()
    triage_incident(
        incident=incident, moderator=moderator, triage=Triage.SPAM, reason="an advertisement",
        expected_version=incident.version,
    )  # fmt: skip
    later = timezone.now() + timedelta(days=91)
    Incident.objects.update(updated_at=later)  # it was linked to an area that moved, for example
    assert erase_expired_numbers(92, now=later) == 0
    assert erase_expired_numbers(90, now=later) == 1


def test_the_words_of_what_was_discarded_are_erased_in_time_and_never_of_what_waits(
    moderator: User, settings: Settings
) -> None:
    settings.FLOOD_LIMITS = {**settings.FLOOD_LIMITS, "number": (1, 600)}
    for sender in (WITNESS, "+243810000002"):
        receive_message(make_sms("Soldiers came", sender=sender))
        receive_message(make_sms("Win a telephone", sender=sender, location=(20.8, -6.4)))
    refused, waiting = InboundMessage.objects.filter(state="held").order_by("created_at")
    discard_held(contact_id=refused.contact_id, moderator=moderator, reason="an advertisement")
    later = timezone.now() + timedelta(days=91)
    assert erase_discarded(92, now=later) == 0
    assert [erase_discarded(90, now=later) for _ in range(2)] == [1, 0]
    refused.refresh_from_db()
    waiting.refresh_from_db()
    assert (refused.text, refused.longitude, refused.state) == ("", None, "discarded")
    assert refused.review_reason == "an advertisement"
    assert (waiting.text, waiting.longitude, waiting.state) == ("Win a telephone", 20.8, "held")
    assert InboundMessage.objects.filter(state="done", text="Soldiers came").count() == 2
    # Delivered again, it is known, and says nothing anew.
    receive_message(make_sms("Win a telephone", message_id=refused.provider_message_id))
    refused.refresh_from_db()
    assert refused.text == ""

import base64
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from impact.incidents.following import report_by_code
from impact.incidents.models import Incident, Report
from impact.incidents.references import follow_up_code
from sms_gateway.contacts import contact_behind, find_contact, number_of
from sms_gateway.models import Contact
from sms_gateway.purging import erase_expired_numbers
from sms_gateway.receiving import receive_message
from tests.sms_gateway.telephones import WITNESS, make_sms

pytestmark = pytest.mark.django_db

OLD = "old:" + base64.b64encode(b"o" * 32).decode()
NEW = "new:" + base64.b64encode(b"n" * 64).decode()


def test_everybody_is_found_and_read_before_during_and_after_a_new_key(settings: Settings) -> None:
    settings.HEADLAMP_KEYS = OLD
    receive_message(make_sms())
    code = follow_up_code(Report.objects.get().pk)
    numbers = [f"+2438100{n:05}" for n in range(50)]
    pks = [contact_behind(number).pk for number in numbers]
    settings.HEADLAMP_KEYS = f"{NEW},{OLD}"
    assert contact_behind(numbers[0]).pk == pks[0]
    late = contact_behind("+243820000000")
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    assert "numbers: 50 changed, 1 current, 0 could not be" in out.getvalue()
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

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from impact.incidents.models import Reporter
from sms_gateway.contacts import add_contact, contact_behind, hear_from, number_of, phone_number
from sms_gateway.models import Contact
from tests.sms_gateway.racing import at_once

NOW = timezone.now()


@pytest.mark.parametrize(
    ("sender", "country", "expected"),
    [
        ("+243 810 000 001", "", "+243810000001"),
        ("0810000001", "CD", "+243810000001"),
        ("0810000001", "", None),
        ("+243", "", None),
        ("MTN", "", None),
        ("MTN", "SL", None),
        ("900", "SL", None),
        ("32665", "CD", None),
        ("243810000001", "", "+243810000001"),
        ("00243810000001", "", "+243810000001"),
        ("243810000001", "SL", "+243810000001"),
        ("076000001", "SL", "+23276000001"),
        ("", "", None),
        ("+999999999999999999", "", None),
    ],
)
def test_it_knows_a_number_that_can_exist(sender: str, country: str, expected: str | None) -> None:
    assert phone_number(sender, country) == expected


@pytest.mark.django_db
def test_a_number_is_one_contact_however_it_is_written() -> None:
    first = contact_behind("+243810000001")
    assert contact_behind("+243 81 000 0001") == first
    assert contact_behind("0810000001", "CD") == first
    assert Contact.objects.count() == Reporter.objects.count() == 1


@pytest.mark.django_db
def test_the_number_is_sealed_and_comes_back() -> None:
    contact = contact_behind("+243810000001")
    assert "810000001" not in f"{contact.number_sealed} {contact.number_digest} {contact}"
    assert number_of(contact) == "+243810000001"
    assert (contact.country, contact.opted_out) == ("CD", False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sender", "said", "expected"),
    [
        ("+23276000001", "", "SL"),
        ("+23276000001", "GN", "SL"),
        ("+243000000000", "", "CD"),
        ("+88213123456", "", ""),
        ("Orange", "CM", "CM"),
    ],
)
def test_the_country_is_the_numbers_own_before_what_the_provider_says(
    sender: str, said: str, expected: str
) -> None:
    assert contact_behind(sender, said).country == expected


@pytest.mark.django_db
def test_a_sender_without_a_number_is_a_contact_too() -> None:
    contact = contact_behind("Orange")
    assert number_of(contact) == "Orange"
    assert contact_behind(" Orange ") == contact


@pytest.mark.django_db
def test_hearing_again_is_written_down() -> None:
    first = contact_behind("+243810000001")
    assert contact_behind("+243810000001").last_heard_at > first.last_heard_at


def test_a_message_that_comes_late_does_not_put_back_when_a_contact_was_heard() -> None:
    yesterday, today = NOW - timedelta(days=1), NOW
    new, known = Contact(last_heard_at=today), Contact(last_heard_at=today)
    known._state.adding = False
    for contact in (new, known):
        contact.hear(yesterday)
    assert (new.last_heard_at, known.last_heard_at) == (yesterday, today)
    known.hear(today + timedelta(days=1))
    assert known.last_heard_at > today


@pytest.mark.django_db(transaction=True)
def test_a_new_number_in_eight_places_at_once_is_one_contact_and_one_reporter() -> None:
    found = at_once(lambda: contact_behind("+243810000001").pk, times=8)
    assert len(found) == 8
    assert len(set(found)) == 1
    assert Contact.objects.count() == Reporter.objects.count() == 1


@pytest.mark.django_db
def test_who_loses_the_race_for_a_number_leaves_no_reporter_behind() -> None:
    with transaction.atomic():
        late = hear_from("+243810000001")
        contact = contact_behind("+243810000001")  # comes between the look and the insert
        assert not add_contact(late)
    assert Contact.objects.get() == contact
    assert Reporter.objects.get() == contact.reporter

import threading

import pytest
from django.db import connection, transaction

from impact.incidents.models import Reporter
from sms_gateway.contacts import contact_behind, number_of, phone_number
from sms_gateway.models import Contact


@pytest.mark.parametrize(
    ("sender", "country", "expected"),
    [
        ("+243 810 000 001", "", "+243810000001"),
        ("0810000001", "CD", "+243810000001"),
        ("0810000001", "", None),
        ("+243", "", None),
        ("MTN", "", None),
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


@pytest.mark.django_db(transaction=True)
def test_a_new_number_in_eight_places_at_once_is_one_contact_and_one_reporter() -> None:
    barrier = threading.Barrier(8)
    found: list[int] = []

    def hear() -> None:
        barrier.wait()
        try:
            with transaction.atomic():
                found.append(contact_behind("+243810000001").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=hear) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert Contact.objects.count() == Reporter.objects.count() == 1

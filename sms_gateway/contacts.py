"""Finding and making the contact behind a number. Nowhere else is a number looked at."""

import phonenumbers
from django.db import transaction
from django.utils import timezone

from impact.incidents.reporter import new_reporter
from impact.sealing import fingerprint, seal, unseal
from sms_gateway.models import Contact


def phone_number(sender: str, country: str = "") -> str | None:
    """A sender as a number in E.164, or None when it is not one that can exist. `country` is ISO 3166-1."""
    try:
        number = phonenumbers.parse(sender, country or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def contact_behind(sender: str, country: str = "") -> Contact:
    """The contact with this number, made when it is new; one contact for a number under any race.

    A sender that is no number (a short code, a name) is a contact too: nothing that comes is lost.
    """
    number = phone_number(sender, country) or sender.strip()
    digest = fingerprint(number, "contact")
    now = timezone.now()
    if not Contact.objects.filter(number_digest=digest).update(last_heard_at=now):
        _insert_contact(number, digest, country)
    return Contact.objects.get(number_digest=digest)


def number_of(contact: Contact) -> str:
    """The number to write to. Raises UnsealError when its key is gone."""
    return unseal(contact.number_sealed)


@transaction.atomic
def _insert_contact(number: str, digest: str, country: str) -> None:
    reporter = new_reporter()
    # Not "insert and catch": a refused insert would be written, values and all, into PostgreSQL's log.
    Contact.objects.bulk_create(
        [
            Contact(
                number_sealed=seal(number),
                number_digest=digest,
                country=_country_of(number) or country,
                reporter=reporter,
                last_heard_at=timezone.now(),
            )
        ],
        ignore_conflicts=True,
    )
    if not Contact.objects.filter(reporter=reporter).exists():
        reporter.delete()


def _country_of(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    region = phonenumbers.region_code_for_number(parsed)
    region = region or phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    return region if region.isalpha() and region != phonenumbers.UNKNOWN_REGION else ""

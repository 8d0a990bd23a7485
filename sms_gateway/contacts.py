"""Finding and making the contact behind a number. Nowhere else is a number looked at."""

import re
from dataclasses import dataclass

import phonenumbers
from django.db import transaction
from django.utils import timezone

from impact.incidents.reporter import new_reporter
from impact.sealing import fingerprints, seal, unseal
from sms_gateway.models import Contact

_SHORT_CODE = re.compile(r"[0-9]{1,6}")
_DIGITS = re.compile(r"[0-9]{9,17}")
_BLOCK_DIGITS = 2  # numbers that differ in these alone were likely bought together


class NumberErased(Exception):
    """The number is not kept any more: retention erased it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A contact as it was before the message that it was found for, its row locked until the commit."""

    contact: Contact
    is_new: bool


def phone_number(sender: str, country: str = "") -> str | None:
    """A sender as a number in E.164, or None when it is not one that can exist.

    `country` (ISO 3166-1) is the line's own: numbers without a code are read as of there. A short code
    (six digits or fewer) and a name are no numbers, whatever the country.
    """
    plain = sender.strip()
    if _SHORT_CODE.fullmatch(plain):
        return None
    readings = [_parsed(plain, country)]
    if _DIGITS.fullmatch(plain):  # some gateways leave the plus out, or write 00 in its place
        readings.append(_parsed(f"+{plain.removeprefix('00')}", ""))
    found = [number for number in readings if number is not None]
    valid = [number for number in found if phonenumbers.is_valid_number(number)]
    for number in (*valid, *found[:1]) if readings[0] is not None else valid:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def _parsed(sender: str, country: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(sender, country or None)
    except phonenumbers.NumberParseException:
        return None
    reason = phonenumbers.is_possible_number_with_reason(number)
    return number if reason == phonenumbers.ValidationResult.IS_POSSIBLE else None


def contact_behind(sender: str, country: str = "") -> Contact:
    """The contact with this number, made when it is new; one contact for a number under any race.

    A sender that is no number (a short code, a name) is a contact too, as it is: nothing that comes is lost.
    """
    with transaction.atomic():
        contact = hear_from(sender, country).contact
        Contact.objects.filter(pk=contact.pk).update(last_heard_at=timezone.now())
    contact.refresh_from_db(fields=["last_heard_at"])
    return contact


def hear_from(sender: str, country: str = "") -> Heard:
    """Find or make the contact within a transaction, and lock its row until the end of that.

    So whatever else comes from this number waits for its turn, and sees what was decided here.
    """
    number = phone_number(sender, country) or sender.strip()
    digests = fingerprints(number, "contact")
    known = _locked(digests)
    if known is not None:
        return Heard(known, is_new=False)
    is_new = _insert_contact(number, digests[0], country)
    contact = _locked(digests)
    if contact is None:
        raise Contact.DoesNotExist
    return Heard(contact, is_new=is_new)


def find_contact(number: str) -> Contact | None:
    """The contact of a number in E.164, if we know one."""
    return Contact.objects.filter(number_digest__in=fingerprints(number, "contact")).first()


def number_of(contact: Contact) -> str:
    """The number to write to. Raises UnsealError when its key is gone or elsewhere, and NumberErased."""
    if not contact.number_sealed:
        raise NumberErased
    return unseal(contact.number_sealed)


def _locked(digests: tuple[str, ...]) -> Contact | None:
    return Contact.objects.select_for_update().filter(number_digest__in=digests).order_by("pk").first()


def _insert_contact(number: str, digest: str, country: str) -> bool:
    """Whether the contact is ours, and not another's who was quicker."""
    reporter = new_reporter()
    # Not "insert and catch": a refused insert would be written, values and all, into PostgreSQL's log.
    Contact.objects.bulk_create(
        [
            Contact(
                number_sealed=seal(number),
                number_digest=digest,
                block_digest=block_digest(number),
                country=_country_of(number) or country,
                reporter=reporter,
                last_heard_at=timezone.now(),
            )
        ],
        ignore_conflicts=True,
    )
    if Contact.objects.filter(reporter=reporter).exists():
        return True
    reporter.delete()
    return False


def block_digest(number: str) -> str:
    """The keyed digest of the block that a number belongs to; "" for what is no number."""
    if not number.startswith("+"):
        return ""
    return fingerprints(number[:-_BLOCK_DIGITS], "block")[0]


def _country_of(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    region = phonenumbers.region_code_for_number(parsed)
    region = region or phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    return region if region.isalpha() and region != phonenumbers.UNKNOWN_REGION else ""

"""Finding and making the contact behind a number. Nowhere else is a number looked at."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import phonenumbers
from django.db import connection, transaction
from django.utils import timezone

from impact.incidents.models import Reporter
from impact.incidents.reporter import name_reporters
from impact.operations.writing import insert_unless_there
from impact.sealing import fingerprints, seal, unseal
from impact.sql_marks import marks
from sms_gateway.models import Contact, Dialogue

_SHORT_CODE = re.compile(r"[0-9]{1,6}")
_DIGITS = re.compile(r"[0-9]{9,17}")
_CONTACTS, _DIALOGUES = Contact._meta.db_table, Dialogue._meta.db_table
_BLOCK_DIGITS = 2  # numbers that differ in these alone were likely bought together


class NumberErased(Exception):
    """The number is not kept any more: retention erased it."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a message is from: a number in E.164, or what came in its place, and its digests by every key.

    `country` (ISO 3166-1) is the line's; "" where unknown.
    """

    number: str = field(repr=False)
    digests: tuple[str, ...]
    country: str


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
        contact = hear_from(sender, country)
        if contact.pk is None and not add_contact(contact):
            contact = hear_from(sender, country)
        contact.last_heard_at = timezone.now()
        contact.save(update_fields=["last_heard_at"])
    return contact


def hear_from(sender: str, country: str = "") -> Contact:
    """The contact of a sender, its row locked until the end of the caller's transaction; or one that is not
    stored yet (`add_contact`).

    So whatever else comes from this number waits for its turn, and sees what was decided here.
    """
    found = sender_of(sender, country)
    known = _contacts("number_digest", found.digests, is_locked=True)
    return known[0] if known else new_contact(found)


def sender_of(sender: str, country: str = "") -> Sender:
    """Who a sender is."""
    number = phone_number(sender, country) or sender.strip()
    return Sender(number, fingerprints(number, "contact"), country)


def new_contact(sender: Sender) -> Contact:
    """A contact that is not stored yet, with a reporter that is not either and has no name."""
    return Contact(
        number_sealed=seal(sender.number),
        number_digest=sender.digests[0],
        block_digest=block_digest(sender.number),
        country=_country_of(sender.number) or sender.country,
        reporter=Reporter(),
        last_heard_at=timezone.now(),
    )


def contacts_behind(senders: Iterable[Sender], *, is_locked: bool) -> dict[str, tuple[Contact, Dialogue]]:
    """The contacts of those of these senders that are known, and where the talk with each stands, by digest.

    Their rows are locked, in an order that all keep to, until the end of the caller's transaction; or not.
    """
    contacts = _contacts(
        "number_digest", tuple(digest for sender in senders for digest in sender.digests), is_locked=is_locked
    )
    dialogues = {dialogue.pk: dialogue for dialogue in _dialogues(tuple(contact.pk for contact in contacts))}
    return {
        contact.number_digest or "": (contact, dialogues.get(contact.pk) or Dialogue(contact=contact))
        for contact in contacts
    }


def add_contacts(contacts: Sequence[Contact]) -> bool:
    """Store contacts that `new_contact` made. False when another was quicker with one: then undo it all."""
    name_reporters([contact.reporter for contact in contacts])
    return insert_unless_there(*contacts, by="number_digest")


def locked_contact(contact_id: int) -> Contact:
    """A contact, its row locked until the end of the caller's transaction."""
    for contact in _contacts("id", (contact_id,), is_locked=True):
        return contact
    raise Contact.DoesNotExist


def dialogue_of(contact: Contact) -> Dialogue:
    """Where the talk with a contact stands; one that is not stored yet where they never talked."""
    found = _dialogues((contact.pk,)) if contact.pk is not None else []
    return found[0] if found else Dialogue(contact=contact)


def add_contact(contact: Contact) -> bool:
    """Store a contact that `hear_from` made. False when another was quicker: then hear from them again."""
    if add_contacts([contact]):
        return True
    contact.reporter.delete()
    return False


def find_contact(number: str) -> Contact | None:
    """The contact of a number in E.164, if we know one."""
    return Contact.objects.filter(number_digest__in=fingerprints(number, "contact")).first()


def erased_numbers(reporter_ids: Iterable[int]) -> dict[int, datetime]:
    """When the numbers of these reporters were erased, by reporter; who still has one is not among them."""
    found = Contact.objects.filter(reporter__in=list(reporter_ids), erased_at__isnull=False)
    return {reporter: at for reporter, at in found.values_list("reporter", "erased_at") if at is not None}


def number_of(contact: Contact) -> str:
    """The number to write to. Raises UnsealError when its key is gone or elsewhere, and NumberErased."""
    if not contact.number_sealed:
        raise NumberErased
    return unseal(contact.number_sealed)


# Said in SQL: to put the same queries together anew took longer than all else about a contact.
def _contacts(column: str, values: tuple[object, ...], *, is_locked: bool) -> list[Contact]:
    if not values:
        return []
    lock = "FOR UPDATE" if is_locked and connection.features.has_select_for_update else ""
    return list(
        Contact.objects.raw(
            f"SELECT * FROM {_CONTACTS} WHERE {column} IN ({marks(len(values))}) ORDER BY id {lock}",  # noqa: S608
            values,
        )
    )


def _dialogues(contact_ids: tuple[int, ...]) -> list[Dialogue]:
    if not contact_ids:
        return []
    return list(
        Dialogue.objects.raw(
            f"SELECT * FROM {_DIALOGUES} WHERE contact_id IN ({marks(len(contact_ids))})",  # noqa: S608
            contact_ids,
        )
    )


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

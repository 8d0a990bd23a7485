"""New keys: numbers are sealed and their digests made anew, one by one; run again, it goes on."""

from collections.abc import Iterator

from impact.sealing import UnsealError, fingerprints, is_sealed_to_current, seal, unseal
from sms_gateway.contacts import block_digest
from sms_gateway.models import Contact


def rotate_keys() -> Iterator[tuple[str, int, int, int]]:
    """By kind: its name, how many were changed, how many were current, and how many could not be.

    A number and its digest change together, so a crash leaves each contact found by one key or the other.
    """
    changed = current = failed = 0
    for contact in Contact.objects.exclude(number_sealed="").only("pk", "number_sealed").iterator():
        if is_sealed_to_current(contact.number_sealed):
            current += 1
            continue
        try:
            number = unseal(contact.number_sealed)
        except UnsealError:
            failed += 1
            continue
        digest = fingerprints(number, "contact")[0]
        if Contact.objects.filter(number_digest=digest).exclude(pk=contact.pk).exists():
            failed += 1
            continue
        Contact.objects.filter(pk=contact.pk, number_sealed=contact.number_sealed).update(
            number_sealed=seal(number), number_digest=digest, block_digest=block_digest(number)
        )
        changed += 1
    yield "numbers", changed, current, failed

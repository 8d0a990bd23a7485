"""New keys: what is sealed and digested is so anew, one by one; run again, it goes on.

Files in the spool are drained rather than sealed again; what cannot be drained needs the key that it has.
"""

from collections.abc import Iterator

from impact.sealing import (
    UnsealError,
    fingerprints,
    is_sealed_to_current,
    keys,
    seal,
    seal_bytes,
    unseal,
    unseal_bytes,
)
from sms_gateway.contacts import block_digest
from sms_gateway.intake.draining import drain_spool
from sms_gateway.intake.spool import waiting_files
from sms_gateway.models import Contact, InboundMedia


def rotate_keys() -> Iterator[tuple[str, int, int, int]]:
    """By kind: its name, how many were changed, how many were current, and how many could not be."""
    yield ("numbers", *_rotate_numbers())
    yield ("media", *_rotate_media())
    yield ("spool", *_empty_spool())


def _rotate_media() -> tuple[int, int, int]:
    """What came with messages and is not kept as evidence yet."""
    changed = current = failed = 0
    prefix = f"{keys()[0].name}:".encode()
    for pk in list(InboundMedia.objects.exclude(content=b"").values_list("pk", flat=True)):
        sealed = bytes(InboundMedia.objects.values_list("content", flat=True).get(pk=pk))
        if sealed.startswith(prefix):
            current += 1
            continue
        try:
            content = unseal_bytes(sealed)
        except UnsealError:
            failed += 1
            continue
        InboundMedia.objects.filter(pk=pk, content=sealed).update(content=seal_bytes(content))
        changed += 1
    return changed, current, failed


def _empty_spool() -> tuple[int, int, int]:
    """Drained as far as it can be; what then waits is current, or needs its key."""
    drained = 0
    while done := drain_spool():
        drained += done
    prefix = f"{keys()[0].name}:".encode()
    waiting = [path.read_bytes().startswith(prefix) for path in waiting_files()]
    return drained, sum(waiting), len(waiting) - sum(waiting)


def _rotate_numbers() -> tuple[int, int, int]:
    """A number and its digest change together: a crash leaves each contact found by one key or the other."""
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
    return changed, current, failed

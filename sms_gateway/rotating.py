"""New keys: what is sealed and digested is so anew, one by one; run again, it goes on.

Files in the spool are drained rather than sealed again; what cannot be drained needs the key that it has.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from impact.operations.resealing import Plain, reseal
from impact.sealing import fingerprints, is_sealed_to_current
from sms_gateway.contacts import block_digest
from sms_gateway.intake.draining import drain_spool
from sms_gateway.intake.spool import waiting_files
from sms_gateway.models import Contact, InboundMedia


def rotate_keys() -> Iterator[tuple[str, int, int, int]]:
    """By kind: its name, how many were changed, how many were current, and how many could not be."""
    yield ("numbers", *reseal(Contact.objects.exclude(number_sealed=""), "number_sealed", _digests))
    # What came with messages and is not kept as evidence yet.
    yield ("media", *reseal(InboundMedia.objects.exclude(content=b""), "content"))
    yield ("spool", *_empty_spool())


def _digests(pk: int, number: Plain) -> Mapping[str, Any] | None:
    """A number and its digest change together: a crash leaves each contact found by one key or the other."""
    digest = fingerprints(str(number), "contact")[0]
    if Contact.objects.filter(number_digest=digest).exclude(pk=pk).exists():
        return None
    return {"number_digest": digest, "block_digest": block_digest(str(number))}


def _empty_spool() -> tuple[int, int, int]:
    """Drained as far as it can be; what then waits is current, or needs its key."""
    drained = 0
    while done := drain_spool():
        drained += done
    waiting = [is_sealed_to_current(path.read_bytes()) for path in waiting_files()]
    return drained, sum(waiting), len(waiting) - sum(waiting)

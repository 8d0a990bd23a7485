"""New keys: originals are sealed anew and follow-up digests made anew, one by one; run again, it goes on."""

from collections.abc import Iterator

from impact.incidents.evidence import original_path, read_original, seal_original
from impact.incidents.models import Evidence, Report
from impact.incidents.references import follow_up_codes, follow_up_digests
from impact.sealing import keys


def rotate_keys() -> Iterator[tuple[str, int, int, int]]:
    """By kind: its name, how many were changed, how many were current, and how many could not be."""
    yield ("evidence", *_rotate_evidence())
    yield ("follow-up codes", *_rotate_follow_up())


def _rotate_evidence() -> tuple[int, int, int]:
    changed = current = failed = 0
    name = keys()[0].name.encode() + b":"
    for evidence in Evidence.objects.filter(state=Evidence.State.KEPT).iterator():
        try:
            with original_path(evidence).open("rb") as file:
                is_current = file.read(len(name)) == name
            if is_current:
                current += 1
                continue
            seal_original(evidence, read_original(evidence))
            changed += 1
        except Exception:  # noqa: BLE001  (one original that is damaged must not hold up the others)
            failed += 1
    return changed, current, failed


def _rotate_follow_up() -> tuple[int, int, int]:
    """A code comes from a key that may be two keys back: then it stays found by the key that it has."""
    changed = current = failed = 0
    for report in Report.objects.only("pk", "follow_up_digest").iterator():
        for code in follow_up_codes(report.pk):
            digests = follow_up_digests(code)
            if report.follow_up_digest in digests:
                if report.follow_up_digest == digests[0]:
                    current += 1
                else:
                    Report.objects.filter(pk=report.pk).update(follow_up_digest=digests[0])
                    changed += 1
                break
        else:
            failed += 1
    return changed, current, failed

"""Evidence as it came: the untouched original, sealed on disk, with its SHA-256 at intake (FIPS 180-4).

An original is written whole or not at all (a new file, fsync, a rename, fsync of the folder) and before its
row, so that no row lacks its file. Its name comes from the report and the content: trying again after a
crash writes the same file.
"""

import errno
import hashlib
import os
import shutil
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID, uuid5

from django.conf import settings
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from impact.incidents.media_types import media_type_of
from impact.incidents.models import Evidence, Report
from impact.sealing import UnsealError, seal_bytes, unseal_bytes

LIMIT_BYTES = 25_000_000
MOST_PIECES = 10  # that a reporter may add to one report
RESERVE_BYTES = 500_000_000  # left free on the disk: a flood of films must not keep words out
_NAME_LIMIT = 120


class EvidenceRefused(Exception):
    """A file that is not taken; `message` says why (translated)."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class EvidenceDamaged(Exception):
    """An original that is missing, cannot be opened, or is not what came in."""


def add_evidence(
    *, report: Report, content: bytes, file_name: str, source: str, received_at: datetime
) -> Evidence:
    """Keep a file that a reporter adds, up to MOST_PIECES; one that is there already counts once.

    Raises what `keep_original` raises.
    """
    kept = set(report.evidence.values_list("sha256", flat=True))
    if len(kept) >= MOST_PIECES and hashlib.sha256(content).hexdigest() not in kept:
        raise EvidenceRefused(_("A report takes at most %(count)d files.") % {"count": MOST_PIECES})
    return keep_original(
        report_id=report.pk, content=content, file_name=file_name, source=source, received_at=received_at
    )


def keep_original(
    *, report_id: UUID, content: bytes, file_name: str, source: str, received_at: datetime
) -> Evidence:
    """Keep a file with a report, sealed. The same content for the same report is kept once.

    `source` is the door that it came by ("twilio", "web"). Raises EvidenceRefused for what is empty, larger
    than LIMIT_BYTES, or of a kind that we do not take, Report.DoesNotExist, and OSError when the
    disk can't hold it or has less than RESERVE_BYTES left.
    """
    media_type = accepted_type(content)
    digest = hashlib.sha256(content).hexdigest()
    evidence = Evidence(
        id=uuid5(report_id, digest),
        report_id=report_id,
        sha256=digest,
        size_bytes=len(content),
        media_type=media_type,
        file_name=_clean_name(file_name),
        source=source,
        received_at=received_at,
    )
    kept = Evidence.objects.filter(pk=evidence.pk).first()
    if kept is None:
        Report.objects.only("pk").get(pk=report_id)
        _refuse_on_a_full_disk()
        write_durably(original_path(evidence), seal_bytes(content))
        Evidence.objects.bulk_create([evidence], ignore_conflicts=True)
        kept = Evidence.objects.get(pk=evidence.pk)
    return kept


def read_original(evidence: Evidence) -> bytes:
    """The content exactly as it came. Raises EvidenceDamaged, and never gives anything else back."""
    try:
        content = unseal_bytes(original_path(evidence).read_bytes())
    except FileNotFoundError:
        raise EvidenceDamaged(f"the original of {evidence.pk} is missing") from None
    except (OSError, UnsealError) as error:
        raise EvidenceDamaged(f"the original of {evidence.pk} can't be opened: {error}") from None
    if hashlib.sha256(content).hexdigest() != evidence.sha256:
        raise EvidenceDamaged(f"the original of {evidence.pk} is not what came in")
    return content


def seal_original(evidence: Evidence, content: bytes) -> None:
    """Seal an original to the current key, in place of what lies there. Raises OSError."""
    write_durably(original_path(evidence), seal_bytes(content))


def original_path(evidence: Evidence) -> Path:
    """Where the sealed original lies: folders of their first two digits, so that none grows large."""
    name = evidence.pk.hex
    return Path(settings.VAR_DIR) / "evidence" / name[:2] / f"{name}.sealed"


def too_large() -> str:
    """Why a file above the limit is not taken (translated)."""
    return _("This file is larger than %(limit)s MB.") % {"limit": LIMIT_BYTES // 1_000_000}


def accepted_type(content: bytes) -> str:
    """The media type of a file that would be kept. Raises EvidenceRefused, which says why one would not."""
    if not content:
        raise EvidenceRefused(_("This file is empty."))
    if len(content) > LIMIT_BYTES:
        raise EvidenceRefused(too_large())
    media_type = media_type_of(content)
    if not media_type:
        raise EvidenceRefused(
            _("Only pictures (JPEG, PNG, WebP), PDF, video (3GP, MP4) and sound (Ogg, AMR) can be taken.")
        )
    return media_type


def _refuse_on_a_full_disk() -> None:
    folder = Path(settings.VAR_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < RESERVE_BYTES:
        raise OSError(errno.ENOSPC, "the disk is nearly full: files are refused, so that reports still fit")


def _clean_name(file_name: str) -> str:
    """The last part of a name, without what a path or a header could trip over."""
    last = file_name.replace("\\", "/").rpartition("/")[2].strip(". \0")
    return get_valid_filename(last)[-_NAME_LIMIT:] if last.strip("-_ ") else ""


def write_durably(path: Path, sealed: bytes) -> None:
    """Write a new file whole or not at all. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
        try:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, path)
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise
    for folder in (path.parent, path.parent.parent):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

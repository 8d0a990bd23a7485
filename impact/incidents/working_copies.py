"""Working copies of pictures: re-encoded in a process of their own, without metadata; blurred by rectangle.

The original is only read. A copy is made from the original or from another copy, and is a new piece each
time. Sound, video and PDF have no working copy: there is no re-encoding of them that we could call safe.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from impact.incidents.custody import Deed, record_custody
from impact.incidents.evidence import EvidenceDamaged, EvidenceRefused, read_original, write_durably
from impact.incidents.models import Evidence, EvidenceCopy
from impact.sealing import UnsealError, seal_bytes, unseal_bytes

PICTURES = ("image/jpeg", "image/png", "image/webp")
MOST_RECTANGLES = 40
_WORKER = Path(__file__).with_name("picture_worker.py")
_TIMEOUT_S = 40

Rectangle = tuple[float, float, float, float]


def make_copy(
    *,
    evidence: Evidence,
    made_by: int | None,
    rectangles: Sequence[Rectangle] = (),
    parent: EvidenceCopy | None = None,
) -> EvidenceCopy:
    """A working copy with these rectangles (left, top, width, height in shares of it) made unreadable.

    Raises EvidenceRefused for what is no picture, too large, broken, or a rectangle outside of it, and
    EvidenceDamaged when the original is not what came in.
    """
    if evidence.media_type not in PICTURES:
        raise EvidenceRefused(_("Only pictures have working copies; this is kept as it came."))
    for left, top, width, height in rectangles:
        if not (0 <= left < 1 and 0 <= top < 1 and 0 < width <= 1 and 0 < height <= 1):
            raise EvidenceRefused(_("A rectangle lies outside of the picture."))
    if len(rectangles) > MOST_RECTANGLES:
        raise EvidenceRefused(_("At most %(count)d rectangles.") % {"count": MOST_RECTANGLES})
    content = read_copy(parent) if parent else read_original(evidence)
    pixels = reencode(content, evidence.media_type, rectangles)
    copy = EvidenceCopy(
        evidence=evidence,
        parent=parent,
        sha256=hashlib.sha256(pixels).hexdigest(),
        size_bytes=len(pixels),
        rectangles=[list(rectangle) for rectangle in rectangles],
        made_by_id=made_by,
        made_at=timezone.now(),
    )
    write_durably(copy_path(copy), seal_bytes(pixels))
    with transaction.atomic():
        copy.save(force_insert=True)
        record_custody(evidence, Deed.BLURRED if rectangles else Deed.DERIVED, made_by, sha256=copy.sha256)
    return copy


def read_copy(copy: EvidenceCopy) -> bytes:
    """The picture as it was made. Raises EvidenceDamaged."""
    try:
        content = unseal_bytes(copy_path(copy).read_bytes())
    except (OSError, UnsealError) as error:
        raise EvidenceDamaged(f"the copy {copy.pk} can't be opened: {type(error).__name__}") from None
    if hashlib.sha256(content).hexdigest() != copy.sha256:
        raise EvidenceDamaged(f"the copy {copy.pk} is not what was made")
    return content


def reencode(content: bytes, media_type: str, rectangles: Sequence[Rectangle] = ()) -> bytes:
    """New bytes from the pixels of a picture, made in a limited process. Raises EvidenceRefused."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program; what is hostile comes by standard input
            [sys.executable, "-I", str(_WORKER), media_type, json.dumps(list(rectangles))],
            input=content,
            capture_output=True,
            timeout=_TIMEOUT_S,
            env={"OPENBLAS_NUM_THREADS": "1"},
            cwd="/",
            close_fds=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise EvidenceRefused(_("This picture takes too long to read.")) from None
    if done.returncode or not done.stdout:
        raise EvidenceRefused(_("This picture can’t be read, or it is too large. The original is kept."))
    return done.stdout


def copy_path(copy: EvidenceCopy) -> Path:
    name = copy.pk.hex
    return Path(settings.VAR_DIR) / "evidence" / "copies" / name[:2] / f"{name}.sealed"

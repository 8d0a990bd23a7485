"""Putting parts together: one signed zip, the same to the byte for the same snapshot and choices."""

import hashlib
import zipfile
from collections.abc import Iterable
from datetime import UTC
from pathlib import Path
from typing import Any, BinaryIO

from impact.exports.choices import Choices
from impact.exports.models import ExportKind
from impact.exports.parts import KINDS, MANIFEST, SIGNATURE, manifest_of, signature_of
from impact.publication.models import Snapshot
from impact.summaries.formats.scratch import scratch_folder
from impact.summaries.formats.zipping import add_file

_PART = 1 << 20


def write_package(snapshot: Snapshot, choices: Choices, stream: BinaryIO) -> None:
    """Make every part of a package and write the zip. Raises UnsealError where the signing key is not."""
    with scratch_folder() as folder:
        for part in KINDS[ExportKind.PACKAGE].parts:
            part(snapshot, choices, folder)
        pack(snapshot, choices, folder.iterdir(), stream)


def pack(snapshot: Snapshot, choices: Choices, files: Iterable[Path], stream: BinaryIO) -> None:
    """Write the zip of some files, with the manifest first and its signature after it."""
    by_name = {file.name: file for file in sorted(files, key=lambda file: file.name)}
    moment = snapshot.created_at.astimezone(UTC)
    manifest = manifest_of(snapshot, choices, [told(file) for file in by_name.values()])
    with zipfile.ZipFile(stream, "w") as archive:
        add_file(archive, MANIFEST, manifest, moment)
        add_file(archive, SIGNATURE, signature_of(manifest), moment)
        for name, file in by_name.items():
            add_file(archive, name, file, moment)


def told(file: Path) -> dict[str, Any]:
    """Name, size in bytes and SHA-256 (hex) of a file."""
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while piece := opened.read(_PART):
            digest.update(piece)
    return {"name": file.name, "size": file.stat().st_size, "sha256": digest.hexdigest()}

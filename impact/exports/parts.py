"""The parts of which an export is made, one step each: a part writes whole files into a folder."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from django.conf import settings

from impact.exports.choices import Choices
from impact.exports.models import ExportKind
from impact.publication.models import Snapshot
from impact.publication.snapshots.taking import snapshot_line_parts
from impact.sealing import signing_key
from impact.summaries.brief import make_brief
from impact.summaries.exporting import FORMATS, dictionary_file, files_beside, write_export_file
from impact.summaries.maps import render_map

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
CHECK_SCRIPTS = ("check_snapshot.py", "check_brief.py", "check_package.py", "check_evidence.py")
_DOCUMENTS = settings.BASE_DIR / "docs"

Make = Callable[[Snapshot, Choices, Path], None]


def stem(snapshot: Snapshot) -> str:
    """How every file of a snapshot begins to be called."""
    fictional = "fictional-" if snapshot.is_fictional else ""
    return f"headlamp-{fictional}{snapshot.created_at.astimezone(UTC):%Y%m%d}-{snapshot.pk}"


def _map(snapshot: Snapshot, choices: Choices, folder: Path) -> None:
    name = f"{stem(snapshot)}-map-{choices.size}.{choices.format}"
    (folder / name).write_bytes(render_map(snapshot, choices.map_options(snapshot)))


def _brief(snapshot: Snapshot, choices: Choices, folder: Path) -> None:
    brief = make_brief(snapshot, choices.brief_options(snapshot))
    (folder / f"{stem(snapshot)}-brief.pdf").write_bytes(brief.pdf)
    (folder / f"{stem(snapshot)}-brief.figures.json").write_bytes(brief.figures)
    (folder / f"{stem(snapshot)}-brief.speech.txt").write_bytes(brief.speech.encode())


def _data(snapshot: Snapshot, choices: Choices, folder: Path) -> None:
    chosen = FORMATS[choices.data]
    file = folder / f"{stem(snapshot)}.{chosen.extension}"
    write_export_file(snapshot, choices.data, file, choices.data_options())
    for ending, write in files_beside(snapshot, choices.data, choices.data_options()):
        with (folder / f"{stem(snapshot)}{ending}").open("wb") as stream:
            write(stream)


def _dictionary(snapshot: Snapshot, choices: Choices, folder: Path) -> None:
    (folder / f"{stem(snapshot)}.dictionary.csv").write_bytes(
        dictionary_file(snapshot, choices.data_options())
    )


def _means_to_check(snapshot: Snapshot, choices: Choices, folder: Path) -> None:
    """What a doubter checks the rest with: the lines under the digest, the dictionary, the scripts."""
    _dictionary(snapshot, choices, folder)
    with (folder / f"headlamp-{snapshot.pk}.jsonl").open("wb") as file:
        file.writelines(snapshot_line_parts(snapshot))
    for name in CHECK_SCRIPTS:
        (folder / name).write_bytes((_DOCUMENTS / name).read_bytes())


@dataclass(frozen=True, slots=True)
class Kind:
    """The steps of a kind; `is_packed` when its files go into one signed zip."""

    parts: tuple[Make, ...]
    is_packed: bool = False

    @property
    def steps(self) -> int:
        """One for each part, one to put them together."""
        return len(self.parts) + 1


KINDS: dict[str, Kind] = {
    ExportKind.MAP: Kind((_map,)),
    ExportKind.BRIEF: Kind((_brief,)),
    ExportKind.DATA: Kind((_data,)),
    ExportKind.PACKAGE: Kind((_map, _brief, _data, _means_to_check), is_packed=True),
}


def manifest_of(snapshot: Snapshot, choices: Choices, files: list[dict[str, Any]]) -> bytes:
    """What is in a package, of which snapshot, and whose key signs it, as JSON."""
    document = {
        "format": "headlamp-package-1",
        "snapshot": snapshot.pk,
        "snapshot_digest_sha256": snapshot.digest,
        "as_of": f"{snapshot.created_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "page": f"{settings.PUBLIC_URL}/snapshots/{snapshot.pk}/",
        "filter": snapshot.filter,
        "is_fictional": snapshot.is_fictional,
        "organisation": settings.ORGANISATION,
        "licence": settings.EXPORT_LICENCE,
        "choices": choices.as_json(ExportKind.PACKAGE),
        "public_key_ed25519": bytes(signing_key().verify_key).hex(),
        "files": files,
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def signature_of(manifest: bytes) -> bytes:
    """The Ed25519 signature (RFC 8032) over the bytes of a manifest, in hex."""
    return signing_key().sign(manifest).signature.hex().encode() + b"\n"

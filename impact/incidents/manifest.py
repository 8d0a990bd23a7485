"""The evidence of a case as a signed list: what came, when, its SHA-256, its copies and who had it in hand.

Signed with Ed25519 (RFC 8032) over canonical JSON (keys sorted, no spaces, UTF-8). The key is derived from
the first of HEADLAMP_KEYS; `docs/check_evidence.py` checks a manifest with Python's standard library alone.
"""

import json
from typing import Any

from django.utils import timezone
from nacl.signing import SigningKey

from impact.incidents.custody import custody_of
from impact.incidents.models import Evidence, Incident
from impact.sealing import keys

FORMAT = "headlamp-evidence-1"


def signed_manifest(incident: Incident) -> dict[str, Any]:
    """The manifest of a case with its signature, in JSON types. Names nobody but the accounts that acted."""
    pieces = Evidence.objects.filter(report__incident=incident).prefetch_related("copies")
    manifest = {
        "format": FORMAT,
        "case": incident.reference,
        "made_at": timezone.now().isoformat(),
        "evidence": [_piece(piece) for piece in pieces],
    }
    key = signing_key()
    return {
        "manifest": manifest,
        "signature": {
            "algorithm": "Ed25519",
            "public_key": key.verify_key.encode().hex(),
            "value": key.sign(canonical_bytes(manifest)).signature.hex(),
        },
    }


def signing_key() -> SigningKey:
    """The key that this installation signs evidence with, as long as its first key stays."""
    return SigningKey(keys()[0].derive("evidence-manifest"))


def canonical_bytes(manifest: dict[str, Any]) -> bytes:
    return json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _piece(piece: Evidence) -> dict[str, Any]:
    return {
        "id": str(piece.pk),
        "sha256": piece.sha256,
        "size_bytes": piece.size_bytes,
        "media_type": piece.media_type,
        "source": piece.source,
        "state": piece.state,
        "received_at": piece.received_at.isoformat(),
        "kept_at": piece.kept_at.isoformat(),
        "copies": [
            {
                "id": str(copy.pk),
                "from": str(copy.parent_id or piece.pk),
                "sha256": copy.sha256,
                "size_bytes": copy.size_bytes,
                "blurred": copy.rectangles,
                "made_at": copy.made_at.isoformat(),
            }
            for copy in piece.copies.all()
        ],
        "custody": [
            {
                "entry": row.sequence,
                "deed": row.deed,
                "by": row.actor,
                "at": row.at.isoformat(),
                "sha256": row.sha256,
                "log_digest": row.digest,
            }
            for row in custody_of(piece)
        ],
    }

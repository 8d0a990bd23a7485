"""Take the chain of decisions over into the ledger: walked first, then written anew, the old head kept.

A log that is broken is not laundered: the migration stops and names the row.
"""

import hashlib
import json
import secrets
from datetime import UTC
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone


def take_over(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _allow_changes(schema_editor)
    decisions = apps.get_model("moderation", "Decision").objects.order_by("sequence")
    entries = apps.get_model("ledger", "Entry").objects
    if not decisions.exists():
        return
    old_digest, digest, sequence = "", "", 0
    for decision in decisions.select_related("incident").iterator(chunk_size=2000):
        _check(decision, sequence + 1, old_digest)
        old_digest, sequence = decision.digest, sequence + 1
        digest = _append(
            entries,
            sequence,
            decision.decided_at,
            f"decision.{decision.action}",
            decision.moderator_id,
            decision.incident.reference,
            decision.content_digest,
            digest,
        )
    salt, details = secrets.token_hex(16), {"rows": sequence, "head": old_digest}
    sequence += 1
    digest = _append(
        entries,
        sequence,
        timezone.now(),
        "moved",
        None,
        str(sequence - 1),
        _sha256({"salt": salt, "details": details}),
        digest,
    )
    apps.get_model("ledger", "Content").objects.create(entry_id=sequence, salt=salt, details=details)
    apps.get_model("ledger", "Head").objects.create(id=1, sequence=sequence, digest=digest)


def _check(decision: Any, expected: int, old_digest: str) -> None:
    contents = {
        "salt": decision.salt,
        "incident": str(decision.incident_id),
        "moderator": decision.moderator_id,
        "action": str(decision.action),
        "before": decision.before,
        "after": decision.after,
        "reason": decision.reason,
        "decided_at": decision.decided_at.timestamp(),
    }
    line = f"{decision.sequence}\n{decision.previous_digest}\n{decision.content_digest}"
    if (
        decision.sequence != expected
        or decision.previous_digest != old_digest
        or decision.content_digest != _sha256(contents)
        or decision.digest != hashlib.sha256(line.encode()).hexdigest()
    ):
        raise RuntimeError(f"the decision log is broken at row {expected}: look at it before you go on")


def _append(
    entries: Any,
    sequence: int,
    recorded_at: Any,
    kind: str,
    actor_id: int | None,
    subject: str,
    content_digest: str,
    previous_digest: str,
) -> str:
    moment = recorded_at.astimezone(UTC).isoformat()
    digest = _sha256([sequence, moment, kind, actor_id, subject, content_digest, previous_digest])
    entries.create(
        sequence=sequence,
        recorded_at=recorded_at,
        kind=kind,
        actor_id=actor_id,
        subject=subject,
        content_digest=content_digest,
        previous_digest=previous_digest,
        digest=digest,
    )
    return digest


def _sha256(value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _allow_changes(schema_editor: BaseDatabaseSchemaEditor) -> None:
    # The triggers of the table as it was; the ledger's own come after the last migration.
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER IF EXISTS decision_append_only ON moderation_decision")
        schema_editor.execute("DROP FUNCTION IF EXISTS refuse_decision_change()")
        return
    for verb in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS decision_no_{verb}")


class Migration(migrations.Migration):
    dependencies = [("moderation", "0002_refuse_changes"), ("ledger", "0001_initial")]
    operations = [migrations.RunPython(take_over)]

"""Asking for an export: the row that a worker makes, and the row of the log that says who, what, why."""

from dataclasses import replace

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from impact.accounts.models import User
from impact.accounts.permissions import exporting_organisations
from impact.exports.choices import ChoiceError, Choices
from impact.exports.models import Export, ExportKind
from impact.exports.parts import KINDS
from impact.ledger.chain import record
from impact.ledger.models import Kind
from impact.publication.models import Snapshot
from impact.publication.snapshots.taking import snapshot_records


def visible_exports(user: User) -> QuerySet[Export]:
    """What was made in the organisations where somebody exports, the newest first."""
    return Export.objects.filter(organisation_id__in=exporting_organisations(user))


@transaction.atomic
def order_export(
    *,
    user: User,
    kind: ExportKind,
    snapshot: Snapshot,
    choices: Choices,
    name: str,
    reason: str,
    for_whom: str,
) -> Export:
    """Queue an export. Raises ChoiceError for a case that is not in the snapshot."""
    if choices.cases:
        known = {incident["id"] for incident in snapshot_records(snapshot)}
        if missing := [case for case in choices.cases if case not in known]:
            raise ChoiceError(
                "cases",
                _("%(case)s is not published, is not chosen by the filter, or was taken back.")
                % {"case": missing[0]},
            )
    export = Export.objects.create(
        name=name,
        kind=kind,
        options=choices.as_json(kind),
        snapshot=snapshot,
        requested_by=user,
        organisation_id=exporting_organisations(user)[0],
        reason=reason,
        for_whom=for_whom,
        steps=KINDS[kind].steps,
    )
    _record(export, user, "ordered")
    return export


def order_again(*, user: User, export: Export) -> Export:
    """Queue the same once more, of the same snapshot: what was taken back since is left out, a case too."""
    choices = Choices.from_json(export.options)
    if choices.cases:
        known = {incident["id"] for incident in snapshot_records(export.snapshot)}
        choices = replace(choices, cases=tuple(case for case in choices.cases if case in known))
    return order_export(
        user=user,
        kind=ExportKind(export.kind),
        snapshot=export.snapshot,
        choices=choices,
        name=export.name,
        reason=export.reason,
        for_whom=export.for_whom,
    )


def record_taking(export: Export, user: User, file: str) -> None:
    """That somebody took a file out, into the log."""
    _record(export, user, "taken", file)


def _record(export: Export, user: User, act: str, file: str = "") -> None:
    details = {
        "act": act,
        "what": f"{export.kind} {export.name}",
        "export": str(export.pk),
        "why": export.reason,
        "for_whom": export.for_whom,
    }
    record(
        Kind.EXPORT,
        actor_id=user.pk,
        subject=f"snapshot {export.snapshot_id}",
        details={**details, "file": file} if file else details,
    )

"""Taking a filled form in: once for its instance, its files as they arrive, its edits as additions."""

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from impact.incidents.adding import SaidLater, add_to_report
from impact.incidents.evidence import EvidenceRefused, add_evidence
from impact.incidents.intake import submit_report
from impact.incidents.models import Message, Report
from impact.vocabulary import Channel
from reports_api.openrosa.submission import Submission, source_key

if TYPE_CHECKING:
    from django.core.files import File


def take_in_submission(submission: Submission, files: "Sequence[File[Any]]") -> list[str]:
    """Take in the report and what came with it. What is refused of the files, one sentence each (translated).

    Collect sends the form again with each part of its files: the same instance is one report. Words that
    differ from those taken in, and an edit of an instance that we have, are added to its report, for what was
    said once stays. Raises DraftError, and OSError where the disk cannot hold a file.
    """
    report = _edited(submission)
    if report is None:
        receipt = submit_report(submission.draft)
        report = Report.objects.get(pk=receipt.report_id)
    if report.text != submission.draft.text:
        _add(report, submission)
    return [said for file in files if (said := _refused(report, file, submission))]


def _edited(submission: Submission) -> Report | None:
    if not submission.replaces:
        return None
    return Report.objects.filter(source_key=source_key(submission.replaces)).first()


def _add(report: Report, submission: Submission) -> None:
    text = submission.draft.text
    key = sha256("\n".join((submission.instance, text)).encode()).hexdigest()
    add_to_report(
        SaidLater(
            report_id=report.pk,
            kind=Message.Kind.ADDITION,
            channel=Channel.OPENROSA,
            source_key=f"openrosa:{key}",
            text=text,
            said_at=submission.draft.received_at,
        )
    )


def _refused(report: Report, file: "File[Any]", submission: Submission) -> str:
    """Keep a file; why it is not kept, or ""."""
    try:
        add_evidence(
            report=report,
            content=file.read(),
            file_name=file.name or "",
            source=Channel.OPENROSA,
            received_at=submission.draft.received_at,
        )
    except EvidenceRefused as refused:
        return f"{file.name}: {refused.message}"
    return ""

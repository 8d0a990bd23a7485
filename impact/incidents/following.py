"""What a reporter who comes back with the code of a report is told: where it stands, never what it said."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext as _

from impact.incidents.consenting import consents_of
from impact.incidents.correspondence import answer_from_reporter
from impact.incidents.draft import Consents
from impact.incidents.evidence import add_evidence
from impact.incidents.models import Evidence, Incident, Message, Report
from impact.incidents.references import follow_up_digests
from impact.vocabulary import REJECTED, SORTED_OUT, Channel, PublicationStatus, Triage, Verification


@dataclass(frozen=True, slots=True)
class ReportStatus:
    """`letters` are what moderators wrote, the first one first; `agrees` is what the reporter agrees to now,
    `files` how many pictures and recordings are kept with the report."""

    reference: str
    received_at: datetime
    state: str
    letters: tuple["Letter", ...]
    agrees: Consents
    files: int


@dataclass(frozen=True, slots=True)
class Letter:
    """What a moderator wrote to the reporter, and whether it waits for an answer."""

    text: str
    language: str
    written_at: datetime
    is_open: bool


def report_by_code(code: str) -> ReportStatus | None:
    """The status of the report that a follow-up code opens; None for a code that opens nothing."""
    report = (
        Report.objects.select_related("incident").filter(follow_up_digest__in=follow_up_digests(code)).first()
    )
    if report is None:
        return None
    return ReportStatus(
        report.reference,
        report.received_at,
        _state(report.incident),
        _letters(report),
        consents_of(report),
        report.evidence.filter(state=Evidence.State.KEPT).count(),
    )


def answer_by_code(code: str, text: str, key: str) -> bool:
    """What the reporter writes on coming back; the same `key` is the same words. False: no such code.

    Raises DraftError.
    """
    report = Report.objects.filter(follow_up_digest__in=follow_up_digests(code)).first()
    if report is None:
        return False
    # The key comes from the page: bound to the report, it can name nobody else's words.
    answer_from_reporter(
        report=report, text=text, channel=Channel.WEB, source_key=f"follow:{report.pk}:{key}"
    )
    return True


def evidence_by_code(code: str, content: bytes, file_name: str) -> bool:
    """A file that the reporter adds to the report of a code, sealed as it comes. False: no such code.

    Raises what `add_evidence` raises.
    """
    report = Report.objects.filter(follow_up_digest__in=follow_up_digests(code)).first()
    if report is None:
        return False
    add_evidence(
        report=report, content=content, file_name=file_name, source=Channel.WEB, received_at=timezone.now()
    )
    return True


def mark_read(code: str) -> None:
    """The reporter has seen what was written to them, on the page."""
    waiting = Message.objects.filter(
        report__follow_up_digest__in=follow_up_digests(code), state=Message.State.QUEUED, channel__in=_BY_PAGE
    )
    waiting.update(state=Message.State.DELIVERED)


def _letters(report: Report) -> tuple[Letter, ...]:
    messages = list(report.messages.all())
    answered = {message.in_reply_to_id for message in messages}
    return tuple(
        Letter(
            text=message.text.removeprefix(f"{report.reference}: "),
            language=message.language if message.language != "und" else "",
            written_at=message.said_at,
            is_open=message.kind == Message.Kind.QUESTION and message.pk not in answered,
        )
        for message in messages
        if message.kind in {Message.Kind.QUESTION, Message.Kind.OUTCOME}
    )


class Progress(StrEnum):
    """How far a report has come, and no more than that: what a text message may say of it."""

    WAITING = "waiting"
    READING = "reading"
    CLOSED = "closed"


def progress_of(reference: str) -> Progress | None:
    """How far the report with this reference has come; None when there is none."""
    report = Report.objects.select_related("incident").filter(reference=reference).first()
    if report is None:
        return None
    incident = report.incident
    if incident.verification in _ENDS or incident.triage in SORTED_OUT:
        return Progress.CLOSED
    is_untouched = incident.triage == Triage.NEW and incident.verification == Verification.UNVERIFIED
    return Progress.WAITING if is_untouched else Progress.READING


_ENDS = {Verification.VERIFIED, *REJECTED}
_BY_PAGE = (Channel.WEB, Channel.API)


def _state(incident: Incident) -> str:
    if incident.publication == PublicationStatus.PUBLIC:
        return _("A safe version of it was published.")
    if incident.verification == Verification.VERIFIED:
        return _("It was verified. It is not published.")
    if incident.verification in REJECTED:
        return _("It was examined and could not be confirmed. It stays on file.")
    if incident.triage in SORTED_OUT:
        return _("It was read and is not being examined further.")
    if incident.triage == Triage.NEW and incident.verification == Verification.UNVERIFIED:
        return _("It arrived and waits to be read by a moderator.")
    return _("Moderators are looking into it.")

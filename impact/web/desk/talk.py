"""The talk with the reporters of a case, as one list: what they said later, what they were asked and told."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from impact.incidents.correspondence import Window
from impact.incidents.models import Incident, Message, Report
from impact.web.desk.talk_form import TalkForm, erased_numbers
from impact.web.desk.windows import WindowWords, waiting_words, window_words, windows
from impact.web.desk.wording import agreed_words, failure_words, language_words

_TROUBLE = {Message.State.FAILED, Message.State.WITHHELD, Message.State.ERASED}
_NEVER_SEEN = {Message.State.WAITING, Message.State.WITHHELD, Message.State.ERASED}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said. `note` tells how far it came, or what the case took up of it."""

    who: str
    kind: str
    text: str
    language: str
    said_at: datetime
    note: str
    is_to_reporter: bool
    is_trouble: bool


@dataclass(frozen=True, slots=True)
class ReportTalk:
    """The talk about one report, and the form to go on with it (None for who may only read).

    `erased_at` tells when retention erased the reporter's number: then nobody can write to them. `window`
    tells until when they can be written to, where their line allows it for a while only.
    """

    report: Report
    reporter: str
    language: str
    said: list[Said]
    form: TalkForm | None
    is_unanswered: bool = field(default=False)
    erased_at: datetime | None = None
    window: WindowWords | None = None


def talks(incident: Incident, *, can_write: bool, written: TalkForm | None = None) -> list[ReportTalk]:
    """The talks about all reports of a case; `written` takes the place of its report's empty form."""
    reports = incident.reports.select_related("reporter", "incident").prefetch_related("messages__moderator")
    return list(_talks(list(reports), can_write, written))


def _talks(reports: list[Report], can_write: bool, written: TalkForm | None) -> Iterator[ReportTalk]:
    erased, open_windows = erased_numbers(reports), windows(reports)
    for report in reports:
        messages = list(report.messages.all())
        failures = _failures(messages)
        window = open_windows.get(report.reporter_id or 0)
        form = written if written and written.report.pk == report.pk else TalkForm(report=report)
        answered = {message.in_reply_to_id for message in messages}
        yield ReportTalk(
            report=report,
            reporter=str(report.reporter or _("The reporter")),
            language=language_words(form.language),
            said=[_said(message, report, failures, window) for message in messages],
            form=form if can_write else None,
            is_unanswered=any(
                message.kind == Message.Kind.QUESTION
                and message.pk not in answered
                and message.state not in _NEVER_SEEN
                for message in messages
            ),
            erased_at=erased.get(report.reporter_id or 0),
            window=window_words(window) if window else None,
        )


def _said(message: Message, report: Report, failures: dict[UUID, str], window: Window | None) -> Said:
    if message.moderator is not None:
        who = str(message.moderator)
    elif message.is_to_reporter:
        who = _("The line")
    else:
        who = str(report.reporter or _("The reporter"))
    is_consent = message.kind == Message.Kind.CONSENT
    return Said(
        who=who,
        kind=str(Message.Kind(message.kind).label),
        text=agreed_words(message.text) if is_consent else message.text,
        language=message.language if message.language != "und" else "",
        said_at=message.said_at,
        note=_note(message, failures.get(message.pk, ""), window),
        is_to_reporter=message.is_to_reporter,
        is_trouble=message.state in _TROUBLE
        or (message.state == Message.State.WAITING and window is not None and window.call == "failed"),
    )


def _failures(messages: list[Message]) -> dict[UUID, str]:
    """The codes of the errors by which messages to the reporter failed: the door that sent them knows."""
    failed = [message.pk for message in messages if message.state == Message.State.FAILED]
    found: dict[UUID, str] = import_string(settings.WHY_NOT_DELIVERED)(failed) if failed else {}
    return found


def _note(message: Message, failure: str, window: Window | None) -> str:
    if message.kind in {Message.Kind.ASKED, Message.Kind.CONSENT}:
        return ""
    if message.is_to_reporter:
        if message.state == Message.State.QUEUED and message.channel in {"web", "api"}:
            return _("waits until the reporter comes back with the code")
        label = str(Message.State(message.state).label)
        why = waiting_words(window) if message.state == Message.State.WAITING else failure_words(failure)
        return f"{label}: {why}" if why else label
    if not message.is_same_reporter:
        return _("from another telephone, by the reference: not entered in the case")
    return _("entered in the case") if message.has_changed_case else _("not entered in the case: read it")

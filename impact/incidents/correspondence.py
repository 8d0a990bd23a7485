"""Correspondence with reporters: moderators ask and tell, reporters answer; the doors carry it.

A message to a reporter is queued here and carried by the door that the report came through; one to a
reporter of the web or a program waits until they come back with their code. No number is known here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from impact.incidents.adding import SaidLater, add_to_report
from impact.incidents.models import Message, Report, Reporter
from impact.operations.writing import inserting, write
from impact.understanding.answers import Asked
from impact.vocabulary import Channel

MESSAGE_LIMIT = 459  # characters: three segments of a text message


@dataclass(frozen=True, slots=True)
class Window:
    """When a reporter may be written to freely, at a door that allows it for a while after their words.

    `heard_at` is when they wrote there last. `can_be_called`: after it closes, a neutral text may ask them to
    write again, and words wait for that. `call` says how far that text came (queued, sent, delivered, failed;
    "" before there is one), `called_at` since when, and `call_error` the code by which it failed.
    """

    heard_at: datetime
    closes_at: datetime
    is_open: bool
    can_be_called: bool
    call: str = ""
    called_at: datetime | None = None
    call_error: str = ""


class NotWritable(Exception):
    """A message that cannot go to this reporter; the words say why (translated)."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a moderator sends: the words in the reporter's language. `asked` is what they ask about."""

    text: str
    language: str
    asked: Asked | None = None


def why_not_writable(report: Report) -> str:
    """Why nobody may write to the reporter (translated), or "" when they agreed to be asked."""
    if report.reporter is not None and report.reporter.wants_no_messages:
        return _("They said STOP: nothing may be sent to them. What they write still arrives.")
    if not report.may_follow_up:
        return _("They did not agree to be asked.")
    return ""


def ask_reporter(
    *, report: Report, moderator_id: int, letter: Letter, now: datetime | None = None
) -> Message:
    """Queue a question of a moderator. Raises NotWritable."""
    return _queue(report, moderator_id, letter, Message.Kind.QUESTION, now)


def tell_outcome(
    *, report: Report, moderator_id: int, letter: Letter, now: datetime | None = None
) -> Message:
    """Queue what became of a report, and why. Raises NotWritable."""
    return _queue(report, moderator_id, letter, Message.Kind.OUTCOME, now)


def answer_from_reporter(
    *, report: Report, text: str, channel: Channel, source_key: str, now: datetime | None = None
) -> Message:
    """What a reporter writes on coming back: an answer where a question is open, else more words.

    The same `source_key` is the same message. Raises DraftError.
    """
    question = open_question(report)
    return add_to_report(
        SaidLater(
            report_id=report.pk,
            kind=Message.Kind.ANSWER if question else Message.Kind.ADDITION,
            channel=channel,
            source_key=source_key,
            text=text,
            said_at=now or timezone.now(),
            asked=Asked(question.asked) if question and question.asked else None,
            in_reply_to=question.pk if question else None,
        )
    )


def open_question(report: Report) -> Message | None:
    """The latest question of a moderator that reached the reporter's door and that nobody has answered."""
    questions = report.messages.filter(kind=Message.Kind.QUESTION, answers__isnull=True).exclude(
        state__in=(Message.State.WAITING, Message.State.ERASED)
    )
    return questions.order_by("-said_at").first()


def record_asked(report: Report, asked: Asked, text: str, language: str, now: datetime) -> None:
    """Write down what the line itself asked, so that moderators see the whole talk."""
    message = Message(
        report=report,
        kind=Message.Kind.ASKED,
        asked=asked,
        channel=report.channel,
        text=text,
        language=language,
        state=Message.State.DELIVERED,
        said_at=now,
        is_fictional=report.is_fictional,
    )
    write(inserting(message))


def stop_writing(reporter_id: int, *, wants_no_messages: bool) -> None:
    """Remember that a reporter said STOP, or START again."""
    Reporter.objects.filter(pk=reporter_id).update(wants_no_messages=wants_no_messages)


def queued_messages(channels: Collection[str], limit: int) -> list[Message]:
    """Messages to reporters that wait for a door, the oldest first."""
    waiting = Message.objects.filter(state=Message.State.QUEUED, report__channel__in=channels)
    return list(waiting.select_related("report__reporter").order_by("said_at")[:limit])


def messages_underway(channels: Collection[str], since: datetime) -> list[UUID]:
    """Messages that a door carries and that may not have come to their end."""
    states = (Message.State.HANDED_OVER, Message.State.SENT)
    underway = Message.objects.filter(state__in=states, report__channel__in=channels, said_at__gte=since)
    return list(underway.values_list("pk", flat=True))


def move_message(message_id: UUID, state: Message.State) -> bool:
    """Say how far a message has come; never backwards. False when nothing changed."""
    earlier = _ORDER[: _ORDER.index(state)] if state in _ORDER else _ORDER[:-1]
    return bool(Message.objects.filter(pk=message_id, state__in=earlier).update(state=state))


def let_wait(message_id: UUID) -> bool:
    """Let a message wait until its reporter writes again, for their door took it from nobody. False when
    nothing changed."""
    not_at_its_end = (Message.State.QUEUED, Message.State.HANDED_OVER, Message.State.SENT)
    return bool(
        Message.objects.filter(pk=message_id, state__in=not_at_its_end).update(state=Message.State.WAITING)
    )


def end_for_erased(reporter_ids: Collection[int], channels: Collection[str]) -> int:
    """End the words that wait for reporters whose numbers were erased: they can go to nobody any more.
    Returns how many."""
    waiting = Message.objects.filter(
        report__reporter__in=reporter_ids,
        channel__in=channels,
        state__in=(Message.State.QUEUED, Message.State.WAITING),
    )
    return waiting.update(state=Message.State.ERASED)


_ORDER = (
    Message.State.QUEUED,
    Message.State.WAITING,
    Message.State.HANDED_OVER,
    Message.State.SENT,
    Message.State.DELIVERED,
)


@transaction.atomic
def _queue(
    report: Report, moderator_id: int, letter: Letter, kind: Message.Kind, now: datetime | None
) -> Message:
    if reason := why_not_writable(report):
        raise NotWritable(reason)
    text = letter.text.strip()
    if not text:
        raise NotWritable(_("Write something, or choose a ready phrase."))
    if report.reference not in text:
        # Whoever answers days later, or from another telephone, needs it.
        text = f"{report.reference}: {text}"
    if len(text) > MESSAGE_LIMIT:
        raise NotWritable(_("This is longer than %(limit)s characters.") % {"limit": MESSAGE_LIMIT})
    return Message.objects.create(
        report=report,
        kind=kind,
        asked=letter.asked or "",
        moderator_id=moderator_id,
        channel=report.channel,
        text=text,
        language=letter.language,
        state=Message.State.QUEUED,
        said_at=now or timezone.now(),
        is_fictional=report.is_fictional,
    )

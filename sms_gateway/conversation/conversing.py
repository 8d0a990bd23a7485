"""Doing what a text is for: each route to the domain and back to one reply, with the contact locked."""

from collections.abc import Callable
from dataclasses import dataclass

from impact.incidents.adding import SaidLater, add_to_report
from impact.incidents.asking import Choice
from impact.incidents.correspondence import open_question, stop_writing
from impact.incidents.following import progress_of
from impact.incidents.intake import Consents, ReportDraft, enter_report
from impact.incidents.models import Message, Report
from impact.understanding.answers import Asked
from impact.vocabulary import Channel
from sms_gateway.conversation.acknowledging import (
    Reply,
    acknowledgement,
    added,
    help_line,
    plain_line,
    status_line,
)
from sms_gateway.conversation.phrasebook import LANGUAGES, answer_language
from sms_gateway.conversation.questioning import ask_next, begin_guide
from sms_gateway.conversation.routing import MODERATOR, Kind, Route
from sms_gateway.models import Contact, Dialogue, InboundMessage


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a message led to: a reply, and the report that it made or belongs to."""

    reply: Reply | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """One message being taken in. `may_reply` is false where the line is silent or they said STOP.

    `is_known` says that it may have been made a report before; else nothing of it is there yet. `has_talked`
    is false for the first message of a contact that is taken in.
    """

    message: InboundMessage
    contact: Contact
    dialogue: Dialogue
    may_reply: bool
    is_known: bool = False
    has_talked: bool = True

    def language(self, spoken: str = "") -> str:
        """The language to answer in: the one chosen, else spoken now or before, else the country's."""
        return answer_language(
            self.dialogue.language, spoken, self.contact.language, country=self.contact.country
        )

    @property
    def point(self) -> tuple[float, float] | None:
        """The (longitude, latitude) that came with the message."""
        longitude, latitude = self.message.longitude, self.message.latitude
        return None if longitude is None or latitude is None else (longitude, latitude)

    @property
    def text(self) -> str:
        """The words as sent, or a line that says what came instead of words."""
        if self.message.text.strip():
            return self.message.text
        if self.message.attachments:
            return f"[no words, attachments: {self.message.attachments}]"
        return "[no words, a location]"


def source_key(message: InboundMessage) -> str:
    """What makes a message one report, one answer or one addition, however often it is taken in."""
    return f"{message.provider}:{message.provider_message_id}"


def converse(talk: Talk, route: Route) -> Outcome:
    """Take a text the way that it was routed. Idempotent by the message's own key."""
    return _WAYS[route.kind](talk, route)


def _report(talk: Talk, route: Route) -> Outcome:
    report = _submit(talk)
    talk.dialogue.begin(report.reference, talk.message.received_at)
    language = talk.language(report.language)
    question = ask_next(talk.dialogue, report, language, talk.message.received_at, may_ask=talk.may_reply)
    return Outcome(question or acknowledgement(report.reference, language), report.reference)


def _submit(talk: Talk, place_words: str = "") -> Report:
    message = talk.message
    report, _is_new = enter_report(
        ReportDraft(
            channel=Channel(message.channel),
            source_key=source_key(talk.message),
            text=talk.text,
            place_words=place_words,
            point=talk.point,
            received_at=message.received_at,
            sender_country=talk.contact.country,
            reporter_id=talk.contact.reporter_id,
            new_reporter=None if talk.contact.reporter_id else talk.contact.reporter,
            has_reported=talk.has_talked,
            # Who writes to the line may be answered on it, about this report, until they say STOP.
            consents=Consents(follow_up=talk.may_reply),
            is_fictional=message.is_fictional,
        ),
        may_be_known=talk.is_known,
    )
    _remember_language(talk, report.language)
    return report


def _answer(talk: Talk, route: Route) -> Outcome:
    dialogue = talk.dialogue
    if not dialogue.reference:
        return _first_words_of_guide(talk, route)
    report = _by_reference(dialogue.reference)
    question = Message.objects.filter(pk=dialogue.question).first() if dialogue.question else None
    asked = Asked(question.asked) if question is not None and question.asked else route.asked
    choice = dialogue.choice(route.choice) if route.choice else None
    _add(talk, report, Message.Kind.ANSWER, asked=asked, choice=choice, in_reply_to=question)
    return _go_on(talk, report)


def _first_words_of_guide(talk: Talk, route: Route) -> Outcome:
    """The first thing told in the guided way is the report: whoever breaks off then has reported."""
    place_words = route.words if route.asked is Asked.WHERE else ""
    report = _submit(talk, place_words)
    talk.dialogue.reference = report.reference
    return _go_on(talk, report)


def _skip(talk: Talk, route: Route) -> Outcome:
    if not talk.dialogue.reference:
        reply = ask_next(talk.dialogue, None, talk.language(), talk.message.received_at,
                         may_ask=talk.may_reply)  # fmt: skip
        if reply is None:
            talk.dialogue.close()
        return Outcome(reply or plain_line("nothing", talk.language()))
    report = _by_reference(talk.dialogue.reference)
    _add(talk, report, Message.Kind.ANSWER, asked=route.asked, is_none_of_them=route.asked is Asked.WHICH)
    return _go_on(talk, report)


def _go_on(talk: Talk, report: Report) -> Outcome:
    """After an answer: the next question, if one is left, or thanks."""
    dialogue, at = talk.dialogue, talk.message.received_at
    dialogue.told_at = at
    report = _by_reference(report.reference)  # the answer may have changed the case
    is_guided, is_for_moderator = dialogue.is_guided, dialogue.asked == MODERATOR
    language = talk.language()
    reply = None if is_for_moderator else ask_next(dialogue, report, language, at, may_ask=talk.may_reply)
    if reply is None:
        dialogue.close()
        thanks = acknowledgement if is_guided else added
        reply = thanks(report.reference, language)
    return Outcome(reply, report.reference)


def _addition(talk: Talk, route: Route) -> Outcome:
    report = Report.objects.filter(reference=route.reference).first()
    if report is None:
        # A reference that names nothing: whatever it was meant for, the words are not lost.
        return _report(talk, route)
    _add(talk, report, Message.Kind.ADDITION, words=route.words, in_reply_to=open_question(report))
    return _thanks(talk, report)


def _correction(talk: Talk, route: Route) -> Outcome:
    report = Report.objects.filter(reference=route.reference).first()
    if report is None:
        return _report(talk, route)
    _add(talk, report, Message.Kind.CORRECTION, asked=route.asked, words=route.words)
    return _thanks(talk, report)


def _thanks(talk: Talk, report: Report) -> Outcome:
    if report.reporter_id == talk.contact.reporter_id:
        if talk.dialogue.reference != report.reference:
            talk.dialogue.begin(report.reference, talk.message.received_at)
        talk.dialogue.told_at = talk.message.received_at
    return Outcome(added(report.reference, talk.language()), report.reference)


def _add(
    talk: Talk,
    report: Report,
    kind: Message.Kind,
    *,
    words: str = "",
    asked: Asked | None = None,
    choice: Choice | None = None,
    is_none_of_them: bool = False,
    in_reply_to: Message | None = None,
) -> None:
    add_to_report(
        SaidLater(
            report_id=report.pk,
            kind=kind,
            channel=Channel(talk.message.channel),
            source_key=source_key(talk.message),
            text=talk.text,
            words=words,
            said_at=talk.message.received_at,
            asked=asked,
            choice=choice,
            is_none_of_them=is_none_of_them,
            point=talk.point,
            in_reply_to=in_reply_to.pk if in_reply_to else None,
            is_same_reporter=report.reporter_id == talk.contact.reporter_id,
        )
    )


def _status(talk: Talk, route: Route) -> Outcome:
    language = talk.language(route.language)
    if not route.reference:
        return Outcome(plain_line("status_how", language))
    progress = progress_of(route.reference)
    if progress is None:
        return _misspelt(talk, route)
    return Outcome(status_line(f"status_{progress}", route.reference, language))


def _misspelt(talk: Talk, route: Route) -> Outcome:
    """The same words for a reference that cannot be and for one that is not: nobody learns which it is."""
    return Outcome(plain_line("unknown_reference", talk.language()))


def _choose_language(talk: Talk, route: Route) -> Outcome:
    talk.dialogue.language = route.language
    return Outcome(plain_line("language_set", talk.language()))


def _guide(talk: Talk, route: Route) -> Outcome:
    if not talk.may_reply:
        return Outcome()
    _remember_language(talk, route.language if route.language != "en" else "")
    return Outcome(begin_guide(talk.dialogue, talk.language(route.language), talk.message.received_at))


def _help(talk: Talk, route: Route) -> Outcome:
    # HELP is what people type in any language; AIDE says which one they speak.
    return Outcome(help_line(talk.language(route.language if route.language != "en" else "")))


def _stop(talk: Talk, route: Route) -> Outcome:
    _set_opted_out(talk, is_out=True)
    talk.dialogue.close()
    return Outcome()


def _start(talk: Talk, route: Route) -> Outcome:
    _set_opted_out(talk, is_out=False)
    return Outcome()


def _set_opted_out(talk: Talk, *, is_out: bool) -> None:
    Contact.objects.filter(pk=talk.contact.pk).update(opted_out=is_out)
    talk.contact.opted_out = is_out
    stop_writing(talk.contact.reporter_id, wants_no_messages=is_out)


def _remember_language(talk: Talk, language: str) -> None:
    if language in LANGUAGES:
        talk.contact.language = language  # written with the rest, when the message is taken in


def _by_reference(reference: str) -> Report:
    return Report.objects.select_related("incident").get(reference=reference)


_WAYS: dict[Kind, Callable[[Talk, Route], Outcome]] = {
    Kind.REPORT: _report,
    Kind.ANSWER: _answer,
    Kind.SKIP: _skip,
    Kind.ADDITION: _addition,
    Kind.CORRECTION: _correction,
    Kind.STATUS: _status,
    Kind.MISSPELT: _misspelt,
    Kind.LANGUAGE: _choose_language,
    Kind.LANGUAGES: lambda talk, route: Outcome(plain_line("language_menu", talk.language(route.language))),
    Kind.GUIDE: _guide,
    Kind.GREETING: lambda talk, route: Outcome(help_line(talk.language())),
    Kind.THANKS: lambda talk, route: Outcome(),
    Kind.STOP: _stop,
    Kind.START: _start,
    Kind.HELP: _help,
    Kind.EMPTY: lambda talk, route: Outcome(),
}

"""The demo's conversations: reporters answer the line, moderators ask and tell. Invented, like the rest."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.module_loading import import_string

from impact.demo.cast import Cast
from impact.demo.planning import Outcome, PlannedReport
from impact.incidents.adding import SaidLater, add_to_report
from impact.incidents.consenting import change_consents
from impact.incidents.correspondence import Letter, ask_reporter, move_message, tell_outcome
from impact.incidents.draft import Consents
from impact.incidents.models import Message, Report
from impact.incidents.ready import ready_phrases
from impact.incidents.references import follow_up_code
from impact.understanding.answers import Asked
from impact.vocabulary import Channel, PublicationStatus

_ANSWERS_IN_EVERY = 3
_MOST_QUESTIONS, _MOST_OUTCOMES = 6, 8
_WHEN = {"fr": "hier", "pt": "ontem", "sw": "jana", "ln": "lobi", "sn": "nezuro", "kri": "yestade"}
_FLOODS = {
    "+243810000917": (
        "Gagnez un téléphone aujourd'hui ! Envoyez OUI au 5050",
        "Dernière chance : envoyez OUI au 5050",
        "Votre crédit est prêt, envoyez OUI au 5050",
    ),
    "+23276000918": (
        "Please answer, the soldiers are still at the washing plant",
        "They are stopping the boys on the road now",
    ),
}
_SAFE = {
    "fr": "C'est calme, les soldats sont partis",
    "pt": "Esta calmo, os soldados foram embora",
    "sw": "Kuna utulivu, askari wameondoka",
}


def answer_the_line(plan: Sequence[PlannedReport]) -> None:
    """Every third reporter who was asked something answers it a few minutes later, by telephone."""
    asked = Message.objects.filter(kind=Message.Kind.ASKED, report__is_fictional=True)
    by_key = {row.report.source_key: row for row in asked.select_related("report").order_by("-said_at")}
    simulate_message = import_string(settings.SIMULATE_MESSAGE)
    for report in plan[::_ANSWERS_IN_EVERY]:
        question = by_key.get(report.source_key)
        if question is not None and report.sender:
            simulate_message(
                report.sender,
                _answer(question),
                message_id=f"{report.key}-answer",
                sent_at=report.sent_at + timedelta(minutes=5),
            )


def flood_the_line(now: datetime) -> None:
    """Two people send too much, and a moderator has to look: an advertisement, and somebody in distress."""
    simulate_flood = import_string(settings.SIMULATE_FLOOD)
    for number, (sender, texts) in enumerate(_FLOODS.items()):
        simulate_flood(sender, texts, message_id=f"demo-flood-{number}", sent_at=now - timedelta(hours=5))


def write_letters(plan: Sequence[PlannedReport], cast: Cast) -> None:
    """Moderators ask a few reporters how it is now, and tell others what became of their reports."""
    waiting = [report for report in plan if report.sender and report.outcome == Outcome.NEW]
    told = [report for report in plan if report.sender and report.outcome == Outcome.VERIFIED]
    for planned, report in _reports(waiting[-_MOST_QUESTIONS:]):
        asked_at = planned.sent_at + timedelta(hours=2)
        letter = _letter(report, "questions.now")
        question = ask_reporter(report=report, moderator_id=cast.moderator.pk, letter=letter, now=asked_at)
        move_message(question.pk, Message.State.DELIVERED)
        add_to_report(
            SaidLater(
                report_id=report.pk,
                kind=Message.Kind.ANSWER,
                channel=Channel(report.channel),
                source_key=f"demo:{planned.key}-letter",
                text=_SAFE.get(report.language, "It is quiet now, the soldiers have left"),
                said_at=asked_at + timedelta(minutes=40),
                in_reply_to=question.pk,
            )
        )
    for planned, report in _reports(told[:_MOST_OUTCOMES]):
        told_at = planned.sent_at + timedelta(days=20)
        letter = _letter(report, "outcomes.verified")
        outcome = tell_outcome(
            report=report, moderator_id=cast.second_moderator.pk, letter=letter, now=told_at
        )
        move_message(outcome.pk, Message.State.DELIVERED)


def take_consent_back() -> None:
    """One reporter of the web thinks better of it, once: their public case goes to the top of its list."""
    theirs = Report.objects.filter(is_fictional=True, channel=Channel.WEB)
    if theirs.filter(messages__kind=Message.Kind.CONSENT).exists():
        return
    public = theirs.filter(may_publish=True, incident__publication=PublicationStatus.PUBLIC)
    report = public.order_by("-received_at").first()
    if report is not None:
        kept = Consents(follow_up=report.may_follow_up, share=report.may_share)
        change_consents(code=follow_up_code(report.pk), consents=kept)


def _reports(plan: Sequence[PlannedReport]) -> Iterable[tuple[PlannedReport, Report]]:
    """The reports that may be written to and that no moderator has written to yet."""
    letters = (Message.Kind.QUESTION, Message.Kind.OUTCOME)
    stored = Report.objects.filter(source_key__in=[one.source_key for one in plan], may_follow_up=True)
    by_key = {report.source_key: report for report in stored.exclude(messages__kind__in=letters)}
    return [(one, by_key[one.source_key]) for one in plan if one.source_key in by_key]


def _letter(report: Report, code: str) -> Letter:
    phrase = ready_phrases(report.language)[code]
    return Letter(phrase.text, phrase.language, phrase.asked)


def _answer(question: Message) -> str:
    if question.asked == Asked.WHICH:
        return "1"
    return _WHEN.get(question.language, "yesterday") if question.asked == Asked.WHEN else "0"

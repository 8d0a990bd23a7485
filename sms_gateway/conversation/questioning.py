"""Asking: at most two questions about a report that was simply sent, at most five in the guided way."""

from datetime import datetime

from impact.incidents.asking import Question, next_question
from impact.incidents.correspondence import record_asked
from impact.incidents.models import Report
from impact.understanding.answers import Asked
from impact.vocabulary import Harm, Perpetrator
from sms_gateway.conversation.acknowledging import Reply, question_line
from sms_gateway.models import Dialogue

MOST_QUESTIONS = 2
_GUIDE = (Asked.WHAT, Asked.WHERE, Asked.WHEN, Asked.PEOPLE, Asked.WHO)


def begin_guide(dialogue: Dialogue, language: str, at: datetime) -> Reply:
    """The first of the short questions. There is no report before something was told."""
    dialogue.begin("", at)
    dialogue.is_guided = True
    dialogue.ask(_GUIDE[0], at)
    return question_line(Question(_GUIDE[0]), "", language, opens_guide=True)[0]


def ask_next(
    dialogue: Dialogue, report: Report | None, language: str, at: datetime, *, may_ask: bool
) -> Reply | None:
    """Ask what would help most and stands open from now on; None when nothing is left to ask."""
    question = _next(dialogue, report) if may_ask else None
    if question is None:
        return None
    reference = report.reference if report else ""
    reply, choices = question_line(question, reference, language)
    if question.asked is Asked.WHICH and not choices:
        # No place has a name short enough to choose by number: ask for it in words.
        reply, choices = question_line(Question(Asked.WHERE), reference, language)
        question = Question(Asked.WHERE)
    dialogue.ask(question.asked, at, choices)
    if report is not None:
        record_asked(report, question.asked, reply.text, language, at)
    return reply


def _next(dialogue: Dialogue, report: Report | None) -> Question | None:
    before = dialogue.asked_before
    if dialogue.is_guided:
        missing = _GUIDE if report is None else tuple(_missing(report))
        return next((Question(asked) for asked in missing if asked not in before), None)
    if report is None or len(before) >= MOST_QUESTIONS:
        return None
    return next_question(report, before)


def _missing(report: Report) -> list[Asked]:
    """What the guided way still asks: only what nothing that was told has answered."""
    incident = report.incident
    known = {
        Asked.WHAT: bool(set(incident.harm_codes) - {Harm.OTHER}),
        Asked.WHERE: incident.point is not None,
        Asked.WHEN: incident.occurred_from is not None,
        Asked.PEOPLE: bool(incident.people),
        Asked.WHO: incident.perpetrator != Perpetrator.UNKNOWN,
    }
    return [asked for asked in _GUIDE if not known[asked]]

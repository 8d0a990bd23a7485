"""What a reporter is answered: one segment, in their language, that repeats nothing of what was told."""

from collections.abc import Sequence
from dataclasses import dataclass

from impact.incidents.asking import Choice, Question
from impact.understanding.answers import Asked
from sms_gateway.conversation.gsm7 import to_gsm7
from sms_gateway.conversation.phrasebook import phrasebook
from sms_gateway.conversation.segments import segments

_LONGEST_LABEL = 40


@dataclass(frozen=True, slots=True)
class Reply:
    """A text for the sender of a message; `reference` is empty when there is no report to refer to."""

    text: str
    language: str
    reference: str = ""


def acknowledgement(reference: str, language: str) -> Reply:
    """The report has arrived, under this reference."""
    return _about(reference, "acknowledgement", language)


def added(reference: str, language: str) -> Reply:
    """More words have arrived and lie with the report."""
    return _about(reference, "added", language)


def help_line(language: str) -> Reply:
    """How to report, in one line."""
    return plain_line("help", language)


def plain_line(name: str, language: str) -> Reply:
    """A phrase that has nothing to fill in, by its name in the phrasebook."""
    return Reply(getattr(phrasebook(language), name), language)


def status_line(name: str, reference: str, language: str) -> Reply:
    """How far a report has come, by the name of the phrase."""
    return _about(reference, name, language)


def question_line(
    question: Question, reference: str, language: str, *, opens_guide: bool = False
) -> tuple[Reply, tuple[Choice, ...]]:
    """A question about a report, and the places to choose from that it has room for.

    Places are dropped from the end until all fits one segment. There is no reference before something
    was told, and the first question of a guide says that it is one.
    """
    opening = _opening(reference, language, opens_guide=opens_guide)
    kept = question.choices if question.asked is Asked.WHICH else ()
    while True:
        text = f"{opening}{_words(question, kept, language)}"
        if segments(text).count == 1 or not kept:
            return Reply(text, language, reference), kept
        kept = kept[:-1]


def _opening(reference: str, language: str, *, opens_guide: bool) -> str:
    book = phrasebook(language)
    if opens_guide:
        return f"{book.guide} "
    return f"{book.received.format(reference=reference)} " if reference else ""


def _words(question: Question, choices: Sequence[Choice], language: str) -> str:
    book = phrasebook(language)
    if question.asked is not Asked.WHICH:
        return str(getattr(book, question.asked))
    listed = " ".join(f"{number} {short_label(choice)}" for number, choice in enumerate(choices, start=1))
    return book.which.format(choices=listed)


def short_label(choice: Choice) -> str:
    """What a place is called in a message: in the alphabet of one, and not too long."""
    label = to_gsm7(choice.label)
    if len(label) > _LONGEST_LABEL:
        label = to_gsm7(choice.label.partition(",")[0])[:_LONGEST_LABEL]
    return label


def _about(reference: str, name: str, language: str) -> Reply:
    return Reply(getattr(phrasebook(language), name).format(reference=reference), language, reference)

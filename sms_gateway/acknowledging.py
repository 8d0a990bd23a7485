"""What a reporter is answered: one segment, in their language, that repeats nothing of what was told."""

from dataclasses import dataclass

from sms_gateway.phrasebook import phrasebook


@dataclass(frozen=True, slots=True)
class Reply:
    """A text for the sender of a message; `reference` is empty when there is no report to refer to."""

    text: str
    language: str
    reference: str = ""


def acknowledgement(reference: str, language: str) -> Reply:
    """The report has arrived, under this reference."""
    text = phrasebook(language).acknowledgement.format(reference=reference)
    return Reply(text, language, reference)


def help_line(language: str) -> Reply:
    """How to report, in one line."""
    return Reply(phrasebook(language).help, language)

"""What in a public text could point to a person: numbers like telephones, addresses of mail, a "no"."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from impact.incidents.models import Incident
from impact.vocabulary import Channel

_EMAIL = re.compile(r"\S+@\S+\.\w+")
_NUMBER = re.compile(r"\+?\d(?:[\s().\-/]?\d){5,}")
_YEARS = re.compile(r"(?:19|20)\d\d\s?[-/]\s?(?:19|20)\d\d")
_ASKED = (Channel.WEB, Channel.API)  # a text message has no box to tick: silence there is not a no


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a text should be looked at again before it is public; `found` are the letters it is about."""

    message: str
    found: str = ""


def publication_doubts(incident: Incident, text: str) -> list[Doubt]:
    """What a moderator has to answer for before this text is published. Simple signs, not a judgement."""
    doubts = [
        Doubt(_("This looks like an e-mail address."), match.group()) for match in _EMAIL.finditer(text)
    ]
    doubts += [
        Doubt(_("This looks like a telephone number."), match.group())
        for match in _NUMBER.finditer(text)
        if not _YEARS.fullmatch(match.group())
    ]
    if any(report.channel in _ASKED and not report.may_publish for report in incident.reports.all()):
        doubts.append(Doubt(_("A reporter was asked and did not agree to publication.")))
    return doubts

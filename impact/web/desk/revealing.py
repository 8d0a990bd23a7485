"""What a moderator has to answer for before a case is public, beside what stands in the words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from impact.incidents.models import Incident
from impact.vocabulary import Channel

# A text message has no box to tick: silence there is not a no.
ASKED = frozenset({Channel.WEB, Channel.API, Channel.OPENROSA})


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a case should be looked at again before it is public."""

    message: str


def publication_doubts(incident: Incident) -> list[Doubt]:
    """A reporter who was asked and said no."""
    if any(report.channel in ASKED and not report.may_publish for report in incident.reports.all()):
        return [Doubt(_("A reporter was asked and did not agree to publication."))]
    return []

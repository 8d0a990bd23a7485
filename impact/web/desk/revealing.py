"""What a moderator has to answer for before a case is public, beside what stands in the words."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from impact.incidents.models import Incident
from impact.publication.twins import public_twins
from impact.vocabulary import Channel

# A text message has no box to tick: silence there is not a no.
ASKED = frozenset({Channel.WEB, Channel.API, Channel.OPENROSA})


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a case should be looked at again before it is public; `address` leads to what is meant."""

    message: str
    address: str = ""


def publication_doubts(incident: Incident) -> list[Doubt]:
    """A reporter who was asked and said no; what may be public already."""
    doubts = []
    if any(report.channel in ASKED and not report.may_publish for report in incident.reports.all()):
        doubts.append(Doubt(_("A reporter was asked and did not agree to publication.")))
    for twin in public_twins(incident):
        if twin.public_id:
            address = reverse("web:incident", args=[twin.public_id])
            doubts.append(Doubt(_("It may be public already: the same harm, time and hexagon."), address))
        else:
            said = _("%(reference)s waits for its day: the same harm, time and hexagon.")
            doubts.append(Doubt(said % {"reference": twin.reference}))
    return doubts

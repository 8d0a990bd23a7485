"""A draft of the public words, from what the case holds and never from what a reporter wrote."""

from django.utils.translation import gettext as _

from impact.incidents.models import Incident
from impact.places.basemap import country_name
from impact.vocabulary import Harm, Mineral, PeopleKind, Perpetrator


def drafted_text(incident: Incident) -> str:
    """Plain sentences in the reader's language: harms, country, mineral, people, who. "" without a harm."""
    harms = [str(Harm(harm).label) for harm in incident.harm_codes]
    if not harms:
        return ""
    minerals = [str(Mineral(code).label).lower() for code in incident.minerals if code in Mineral.values]
    where = country_name(incident.country) if incident.country else ""
    sentences = [_("%(harms)s beside a mine.") % {"harms": ", ".join([harms[0], *map(_lower, harms[1:])])}]
    if where:
        sentences[0] = _("%(harms)s beside a mine in %(country)s.") % {
            "harms": ", ".join([harms[0], *map(_lower, harms[1:])]),
            "country": where,
        }
    if minerals:
        sentences.append(_("Mined there: %(minerals)s.") % {"minerals": ", ".join(minerals)})
    people = [
        f"{incident.people[kind]['low']} {str(PeopleKind(kind).label).lower()}"
        for kind in PeopleKind.values
        if incident.people.get(kind, {}).get("low")
    ]
    if people:
        sentences.append(_("People: %(people)s, at least.") % {"people": ", ".join(people)})
    if incident.perpetrator != Perpetrator.UNKNOWN:
        sentences.append(
            _("Attributed to: %(who)s.") % {"who": str(Perpetrator(incident.perpetrator).label).lower()}
        )
    return " ".join(sentences)


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]

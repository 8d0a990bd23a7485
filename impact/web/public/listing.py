"""Published incidents as lists show them: words for every code, in the reader's language."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from impact.formats.days import period_words
from impact.places.basemap import country_name
from impact.publication.models import PublishedIncident, PublishedLink
from impact.vocabulary import Harm, PeopleKind, Perpetrator, Theme, Verification


@dataclass(frozen=True, slots=True)
class ListedIncident:
    """One row of a list, or the head of an incident's page."""

    id: str
    theme: str
    theme_label: str
    harms: str
    when: str
    where: str
    people: str
    perpetrator: str
    verification: str
    grade: str
    text: str
    areas: tuple[PublishedLink, ...]
    is_fictional: bool


def listed_incident(incident: PublishedIncident) -> ListedIncident:
    """A published incident in words."""
    return ListedIncident(
        id=str(incident.pk),
        theme=incident.theme,
        theme_label=str(Theme(incident.theme).label),
        harms=", ".join(str(Harm(code).label) for code in incident.harm_codes),
        when=period_words(incident.occurred_from, incident.occurred_to, incident.occurred_precision),
        where=where_words(incident),
        people=people_words(incident),
        perpetrator=str(Perpetrator(incident.perpetrator).label),
        verification=str(Verification(incident.verification).label),
        grade=f"{incident.reliability}{incident.credibility}",
        text=incident.text,
        areas=tuple(incident.area_links.all()),
        is_fictional=incident.is_fictional,
    )


def where_words(incident: PublishedIncident) -> str:
    """The nearest producing area and the country; or what is not known."""
    country = country_name(incident.country) if incident.country else _("country not known")
    link = next(iter(incident.area_links.all()), None)
    if link is not None:
        return _("near %(area)s, %(country)s") % {"area": link.area.name, "country": country}
    return country


def people_words(incident: PublishedIncident) -> str:
    """ "2 killed, 3 injured"; "" where the reports count nobody."""
    counts = [(kind, getattr(incident, kind)) for kind in PeopleKind.values]
    return ", ".join(
        f"{count} {str(PeopleKind(kind).label).lower()}" for kind, count in counts if count is not None
    )

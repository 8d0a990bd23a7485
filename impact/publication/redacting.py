"""What in words for the public could point to somebody, and the reason that it may stay all the same."""

from collections.abc import Mapping
from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from impact.formats.joining import joined
from impact.incidents.models import Incident
from impact.moderation.refusing import DecisionRefused
from impact.places.basemap import COUNTRY_NAMES
from impact.places.gazetteer_store import current_gazetteer
from impact.understanding.redaction import Finding, find_identifying, find_unread

NOTED_AS = "left_in_text"  # in the log, beside the public text
_SHORTEST_REASON = 3


def identifying_in(text: str, country: str = "") -> tuple[Finding, ...]:
    """Everything found in a text, at home in a country (ISO 3166-1 alpha-2), in the order of the text;
    also the sentences in which no name could be found."""
    found = find_identifying(text, current_gazetteer(), country=country, said_anyway=_country_names())
    return tuple(sorted((*found, *find_unread(text)), key=lambda finding: finding.span.start))


@cache
def _country_names() -> tuple[str, ...]:
    """The names of countries in the languages of the interface."""
    names: set[str] = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            names |= {str(name) for name in COUNTRY_NAMES.values()}
    return tuple(sorted(names, key=len, reverse=True))


def require_reasons(incident: Incident, text: str, left: Mapping[str, str]) -> dict[str, str]:
    """The reasons, by the words found, for all that is left in a text.

    Raises DecisionRefused, naming the words, when one of them has none.
    """
    found = dict.fromkeys(finding.words for finding in identifying_in(text, incident.country))
    reasons = {words: left.get(words, "").strip() for words in found}
    unanswered = [words for words, reason in reasons.items() if len(reason) < _SHORTEST_REASON]
    if unanswered:
        raise DecisionRefused(
            _("Left in the public text without a reason: %(words)s.") % {"words": joined(unanswered)}
        )
    return reasons


def reasons_given_before(incident: Incident) -> dict[str, str]:
    """The reasons that were last logged for what was left in this case's public words."""
    for decision in incident.decisions.order_by("-sequence").only("after"):
        if NOTED_AS in decision.after:
            return dict(decision.after[NOTED_AS])
    return {}

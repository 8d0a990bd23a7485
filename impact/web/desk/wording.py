"""How the desk words what a case holds: people, places, days, languages, values in the log."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from impact.formats.joining import joined
from impact.incidents.models import Incident
from impact.moderation.models import Proposal
from impact.places.models import ProducingArea
from impact.vocabulary import (
    Credibility,
    DatePrecision,
    FollowUp,
    Harm,
    Mineral,
    PeopleKind,
    Perpetrator,
    PublicationStatus,
    Reliability,
    Scope,
    Triage,
    Verification,
)

DAY = "j M Y"
_LABELS: dict[str, Callable[[str], Any]] = {
    "triage": Triage,
    "verification": Verification,
    "publication": PublicationStatus,
    "reliability": Reliability,
    "credibility": Credibility,
    "perpetrator": Perpetrator,
    "occurred_precision": DatePrecision,
    "follow_up": FollowUp,
    "scope": Scope,
}


def people_words(people: dict[str, dict[str, int]]) -> str:
    """Such as "2 killed, 3–5 injured"; "" when nobody was counted."""
    words = []
    for kind in PeopleKind:
        count = people.get(kind)
        if count:
            low, high = count["low"], count["high"]
            number = str(low) if low == high else f"{low}–{high}"
            words.append(f"{number} {str(kind.label).lower()}")
    return ", ".join(words)


def days_words(first: date | None, last: date | None) -> str:
    """One day, or from one to another; "" when the day is not known."""
    if first is None:
        return ""
    if last is None or first == last:
        return date_format(first, DAY)
    return f"{date_format(first, DAY)} – {date_format(last, DAY)}"


def distance_words(distance_m: float) -> str:
    """Metres below a kilometre, to the nearest hundred; kilometres above, one decimal below ten."""
    if distance_m < 950:
        return _("%(count)d m") % {"count": round(distance_m, -2)}
    km = distance_m / 1000
    return _("%(count)s km") % {"count": number_format(km, decimal_pos=1 if km < 9.95 else 0)}


def language_words(code: str) -> str:
    """A language's name; the code itself where it has none here."""
    if not code or code == "und":
        return _("not recognised")
    own = {
        "ln": _("Lingala"),
        "sg": _("Sango"),
        "kri": _("Krio"),
        "sn": _("Shona"),
        "ht": _("Haitian Creole"),
    }
    if code in own:
        return own[code]
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def harms_words(codes: list[str]) -> str:
    return ", ".join(str(Harm(code).label) for code in codes)


def minerals_words(codes: list[str]) -> str:
    return ", ".join(str(Mineral(code).label) for code in codes if code in Mineral.values)


def value_words(name: str, value: Any) -> str:
    """One value of `case_state`, as the history shows it."""
    if value in (None, "", [], {}):
        return _("nothing")
    if name == "proposed":
        return ", ".join(str(Proposal.Step(step.split(":")[0]).label) for step in value)
    if name == "has_identifiable_children":
        return _("yes") if value else _("no")
    if isinstance(value, list) and name == "reports":
        return ", ".join(str(one) for one in value)
    if name in _LABELS:
        return str(_LABELS[name](value).label)
    if name == "harms":
        return harms_words(value)
    if name == "minerals":
        return minerals_words(value)
    if name == "people":
        return people_words(value)
    if name == "left_in_text":
        return joined(f"{words}: {reason}" for words, reason in value.items())
    if name == "occurred":
        days = [date.fromisoformat(day) for day in value]
        return days_words(days[0], days[-1])
    if name in {"contacted_on", "due_on"}:
        return date_format(date.fromisoformat(value), DAY)
    if name == "point":
        return f"{value[1]:.4f}, {value[0]:.4f}"
    if name in {"confirmed_areas", "refused_areas"}:
        names = dict(ProducingArea.objects.filter(pk__in=value).values_list("pk", "name"))
        return ", ".join(names.get(key, str(key)) for key in value)
    if name == "uncertainty_m":
        return distance_words(value)
    return str(value)


def column_words(name: str) -> str:
    """What a column of `case_state` is called on the desk."""
    return {
        "triage": _("Sorting"),
        "verification": _("Verification"),
        "publication": _("Publication"),
        "shared": _("Shared in the coalition"),
        "reliability": _("Reliability"),
        "credibility": _("Credibility"),
        "perpetrator": _("Alleged perpetrator"),
        "people": _("People"),
        "minerals": _("Minerals"),
        "occurred": _("When"),
        "occurred_precision": _("Precision of the day"),
        "point": _("Point"),
        "uncertainty_m": _("True place within"),
        "place_name": _("Place"),
        "country": _("Country"),
        "harms": _("Harms"),
        "public_text": _("Public text"),
        "left_in_text": _("Left in the public text, and why"),
        "proposed": _("Proposed"),
        "scope": _("Kimberley Process scope"),
        "has_identifiable_children": _("Identifiable children"),
        "follow_up": _("Follow-up"),
        "merged_into": _("Merged into"),
        "merged": _("Taken in"),
        "taken_out": _("Taken out"),
        "reports": _("Reports"),
        "assigned_to": _("With"),
        "contacted": _("Contacted"),
        "contacted_on": _("On"),
        "due_on": _("Come back to it on"),
        "confirmed_areas": _("Producing areas confirmed"),
        "refused_areas": _("Producing areas refused"),
    }.get(name, name)


def status_words(incident: Incident) -> str:
    """Where a case stands, in one line."""
    parts = [
        str(Triage(incident.triage).label),
        str(Verification(incident.verification).label),
        str(PublicationStatus(incident.publication).label),
    ]
    return " · ".join(parts)


def usual_reasons() -> list[str]:
    """Reasons that are offered while typing. They are only a start: the log takes any words."""
    return [
        _("Two independent sources say the same."),
        _("A monitor whom we know was there."),
        _("Asked the reporter again."),
        _("The place was misread."),
        _("One source only; waiting for a second."),
        _("Advertising."),
        _("Not about a mine."),
    ]


def failure_words(code: str) -> str:
    """Why a message did not reach a reporter, by the code of the error; the code itself where it says all."""
    known = {
        "twilio 63016": _(
            "WhatsApp lets nobody write more than 24 hours after their latest message. "
            "Wait until they write again, or reach them in another way."
        ),
        "twilio 21655": _("The provider does not know the approved text that is set for this language."),
        "twilio 21610": _("They said STOP to the provider."),
        "opted out": _("They said STOP: nothing may be sent to them. What they write still arrives."),
        "number erased": _("The reporter’s number was erased: nothing can be sent to them."),
    }
    return known.get(code, code)


def consent_words(name: str) -> str:
    """What a reporter agrees to: follow_up, share or publish."""
    return {
        "follow_up": _("may be asked more"),
        "share": _("may be shared in the coalition"),
        "publish": _("may be published"),
    }.get(name, name)


def agreed_words(names: str) -> str:
    """What a reporter agrees to from now on, of names with spaces between."""
    return ", ".join(map(consent_words, names.split())) or _("nothing but that it is read")

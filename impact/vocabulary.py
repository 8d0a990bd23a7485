"""The words of the field: codes that are stable for ever, labels that are translated.

No database here. Sources: the harms are those that Kimberley Process Civil Society Coalition,
OECD Due Diligence Guidance (Annex II) and IPIS use; the two grading axes are the Admiralty system.
"""

from collections.abc import Mapping, Sequence

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Theme(TextChoices):
    VIOLENCE = "violence", _("Violence")
    LABOUR = "labour", _("Labour")
    ENVIRONMENT = "environment", _("Environment")
    CONFLICT_FINANCE = "conflict_finance", _("Conflict finance")
    OTHER = "other", _("Other")


class Harm(TextChoices):
    KILLING = "killing", _("Killing")
    INJURY = "injury", _("Injury or beating")
    SEXUAL_VIOLENCE = "sexual_violence", _("Sexual violence")
    ARREST = "arrest", _("Arrest or detention")
    THREATS = "threats", _("Threats")
    EVICTION = "eviction", _("Eviction or destruction of homes")
    DISAPPEARANCE = "disappearance", _("Disappearance or abduction")
    FORCED_LABOUR = "forced_labour", _("Forced labour")
    CHILD_LABOUR = "child_labour", _("Child labour")
    UNSAFE_WORK = "unsafe_work", _("Unsafe work or pit collapse")
    UNPAID_WAGES = "unpaid_wages", _("Unpaid wages")
    WATER_POLLUTION = "water_pollution", _("Polluted water")
    RIVER_DAMAGE = "river_damage", _("Damage to a river")
    LAND_DAMAGE = "land_damage", _("Damage to land or forest")
    CHEMICALS = "chemicals", _("Dangerous chemicals")
    AIR_NOISE = "air_noise", _("Dust, air or noise")
    ARMED_PRESENCE = "armed_presence", _("Armed presence at a mine")
    EXTORTION = "extortion", _("Extortion or illegal tax")
    SMUGGLING = "smuggling", _("Smuggling or fraud")
    OTHER = "other", _("Something else")


HARMS_BY_THEME: dict[Theme, tuple[Harm, ...]] = {
    Theme.VIOLENCE: (
        Harm.KILLING,
        Harm.INJURY,
        Harm.SEXUAL_VIOLENCE,
        Harm.ARREST,
        Harm.THREATS,
        Harm.EVICTION,
        Harm.DISAPPEARANCE,
    ),
    Theme.LABOUR: (Harm.FORCED_LABOUR, Harm.CHILD_LABOUR, Harm.UNSAFE_WORK, Harm.UNPAID_WAGES),
    Theme.ENVIRONMENT: (
        Harm.WATER_POLLUTION,
        Harm.RIVER_DAMAGE,
        Harm.LAND_DAMAGE,
        Harm.CHEMICALS,
        Harm.AIR_NOISE,
    ),
    Theme.CONFLICT_FINANCE: (Harm.ARMED_PRESENCE, Harm.EXTORTION, Harm.SMUGGLING),
    Theme.OTHER: (Harm.OTHER,),
}
_THEME_OF = {harm: theme for theme, harms in HARMS_BY_THEME.items() for harm in harms}


def theme_of(harm: str) -> Theme:
    """The theme that a harm code belongs to; ValueError for a code that is not in the vocabulary."""
    return _THEME_OF[Harm(harm)]


class Perpetrator(TextChoices):
    ARMY = "army", _("Army")
    POLICE = "police", _("Police")
    PRIVATE_SECURITY = "private_security", _("Private security")
    ARMED_GROUP = "armed_group", _("Armed group")
    COMPANY = "company", _("Company")
    AUTHORITIES = "authorities", _("Authorities")
    CIVILIANS = "civilians", _("Civilians")
    UNKNOWN = "unknown", _("Unknown")


SECURITY_FORCES = (Perpetrator.ARMY, Perpetrator.POLICE, Perpetrator.PRIVATE_SECURITY)


class PeopleKind(TextChoices):
    KILLED = "killed", _("Killed")
    INJURED = "injured", _("Injured")
    ARRESTED = "arrested", _("Arrested")
    DISPLACED = "displaced", _("Displaced")
    AFFECTED = "affected", _("Otherwise affected")


# Told to the public in counts only: no page, no point, no row in any file.
COUNTED_ONLY_HARMS = frozenset({Harm.SEXUAL_VIOLENCE})
FEWEST_CHILDREN = 5  # fewer can be told apart by those who live there


def is_counted_only(harms: Sequence[str], people: Mapping[str, int]) -> bool:
    """Whether an incident may be published in counts only: sexual violence, and children at work few enough
    to be told apart.

    `people` are counts by PeopleKind. Children at work are counted as affected; where nobody is, all who are
    counted may be children.
    """
    if COUNTED_ONLY_HARMS.intersection(harms):
        return True
    children = people.get(PeopleKind.AFFECTED) or max(people.values(), default=0)
    return Harm.CHILD_LABOUR in harms and 0 < children < FEWEST_CHILDREN


class AreaKind(TextChoices):
    ARTISANAL = "artisanal", _("Artisanal")
    INDUSTRIAL = "industrial", _("Industrial")
    MIXED = "mixed", _("Artisanal and industrial")
    UNKNOWN = "unknown", _("Not known")


class ProductionKind(TextChoices):
    """How what is produced was dug. A total says nothing of the parts: they are then not disclosed."""

    TOTAL = "total", _("Total")
    ARTISANAL = "artisanal", _("Artisanal")
    INDUSTRIAL = "industrial", _("Industrial")


class StoneQuality(TextChoices):
    """The split by quality, where somebody discloses it; empty for all stones together."""

    GEM = "gem", _("Gem quality")
    NEAR_GEM = "near_gem", _("Near-gem quality")
    INDUSTRIAL = "industrial", _("Industrial quality")
    UNSORTED = "unsorted", _("Unsorted")


class Mineral(TextChoices):
    DIAMOND = "diamond", _("Diamonds")
    GOLD = "gold", _("Gold")
    TIN = "tin", _("Tin")
    TANTALUM = "tantalum", _("Tantalum")
    TUNGSTEN = "tungsten", _("Tungsten")
    COBALT = "cobalt", _("Cobalt")
    COPPER = "copper", _("Copper")
    COLOURED_GEMSTONES = "coloured_gemstones", _("Coloured gemstones")
    OTHER = "other", _("Other minerals")


class Triage(TextChoices):
    NEW = "new", pgettext_lazy("one case", "New")
    TRIAGED = "triaged", _("Triaged")
    SPAM = "spam", _("Spam")
    OUT_OF_SCOPE = "out_of_scope", _("Out of scope")
    DUPLICATE = "duplicate", _("Duplicate")


SORTED_OUT = (Triage.SPAM, Triage.OUT_OF_SCOPE, Triage.DUPLICATE)


class Verification(TextChoices):
    UNVERIFIED = "unverified", _("Unverified")
    UNDER_VERIFICATION = "under_verification", _("Under verification")
    PARTIALLY_CORROBORATED = "partially_corroborated", _("Partially corroborated")
    VERIFIED = "verified", _("Verified")
    NOT_SUBSTANTIATED = "not_substantiated", _("Not substantiated")
    FALSELY_ATTRIBUTED = "falsely_attributed", _("Falsely attributed")


REJECTED = (Verification.NOT_SUBSTANTIATED, Verification.FALSELY_ATTRIBUTED)


class PublicationStatus(TextChoices):
    INTERNAL = "internal", _("Internal")
    SHARED = "shared", _("Shared in the coalition")
    PUBLIC = "public", _("Public")
    RETRACTED = "retracted", _("Retracted")


class FollowUp(TextChoices):
    NONE = "none", _("None")
    IN_FOLLOW_UP = "in_follow_up", _("In follow-up")
    PERSISTENT = "persistent", _("Persistent")
    RESOLVED = "resolved", _("Resolved")
    UNRESOLVED = "unresolved", _("Unresolved")


class Scope(TextChoices):
    """How a case stands to the Kimberley Process: its definition of conflict diamonds, or beyond it."""

    CURRENT = "current_definition", _("Within the definition as it is")
    PROPOSED = "proposed_definition", _("Within the definition that is asked for")
    WIDER = "wider", _("Wider than both")


class Urgency(TextChoices):
    """Why a case goes first; the label is shown beside the case."""

    DANGER_NOW = "danger_now", _("people in danger now")
    TAKEN_BACK = "taken_back", _("the reporter took back what this rests on")
    CHILDREN = "children", _("children")
    KILLING = "killing", _("killing or disappearance")
    SEXUAL_VIOLENCE = "sexual_violence", _("sexual violence")
    THREATS = "threats", _("people threatened")


class Reliability(TextChoices):
    """How far the source can be relied on, whatever it says this time."""

    A = "A", _("A - completely reliable")
    B = "B", _("B - usually reliable")
    C = "C", _("C - fairly reliable")
    D = "D", _("D - not usually reliable")
    E = "E", _("E - unreliable")
    F = "F", _("F - cannot be judged")


class Credibility(TextChoices):
    """How far the information can be believed, whoever says it."""

    CONFIRMED = "1", _("1 - confirmed by other sources")
    PROBABLE = "2", _("2 - probably true")
    POSSIBLE = "3", _("3 - possibly true")
    DOUBTFUL = "4", _("4 - doubtful")
    IMPROBABLE = "5", _("5 - improbable")
    UNJUDGED = "6", _("6 - cannot be judged")


class Channel(TextChoices):
    SMS = "sms", _("Text message")
    WHATSAPP = "whatsapp", "WhatsApp"
    WEB = "web", _("Web form")
    API = "api", _("Program")
    OPENROSA = "openrosa", _("ODK or Kobo form")
    SIMULATOR = "simulator", _("Simulated phone")
    IMPORT = "import", _("Another system")


class DatePrecision(TextChoices):
    DAY = "day", _("Day")
    WEEK = "week", _("Week")
    MONTH = "month", _("Month")
    YEAR = "year", _("Year")


class PlaceMethod(TextChoices):
    """How a point came to be: Darwin Core's georeferenceProtocol, in our few words."""

    GAZETTEER = "gazetteer", _("Name found in the gazetteer")
    PRODUCING_AREA = "producing_area", _("Name of a producing area")
    COORDINATES = "coordinates", _("Coordinates in the text")
    REPORTER_POINT = "reporter_point", _("Point placed by the reporter")
    MODERATOR = "moderator", _("Placed by a moderator")

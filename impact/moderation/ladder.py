"""What each step of the verification ladder asks for, by the settings, and what a case has of it."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from impact.incidents.models import Evidence, Incident
from impact.moderation.refusing import DecisionRefused
from impact.moderation.sources import independent_sources
from impact.vocabulary import Verification

REASON_INSTEAD_LETTERS = 25  # of a reason that stands in for sources: a sentence, not "ok"


@dataclass(frozen=True, slots=True)
class Footing:
    """What a case stands on: independent sources, and pieces of evidence that are kept."""

    sources: int
    evidence: int


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a step asks for, in words, and whether the case has it. What is not met wants a written reason."""

    words: str
    is_met: bool


def footing_of(incident: Incident) -> Footing:
    return Footing(
        sources=len(independent_sources(incident)),
        evidence=Evidence.objects.filter(report__incident=incident, state=Evidence.State.KEPT).count(),
    )


def sources_needed(step: Verification) -> int:
    """Independent sources that a step asks for; 0 for a step that asks for none."""
    needed = {
        Verification.VERIFIED: settings.SOURCES_TO_VERIFY,
        Verification.PARTIALLY_CORROBORATED: settings.SOURCES_TO_CORROBORATE,
    }
    return int(needed.get(step, 0))


def requirement_of(step: Verification, footing: Footing) -> Requirement:
    """What a step asks for of a case that stands on `footing`."""
    needed = sources_needed(step)
    words = ngettext(
        "%(count)d independent source, or evidence, or a sentence that says what it rests on instead",
        "%(count)d independent sources, or evidence, or a sentence that says what it rests on instead",
        needed,
    ) % {"count": needed}
    return Requirement(words, footing.sources >= needed or footing.evidence > 0)


def require_footing(locked: Incident, step: Verification, reason: str) -> None:
    """Refuse a step that neither sources nor evidence nor a reason of some length carries."""
    requirement = requirement_of(step, footing_of(locked))
    if requirement.is_met or len(reason.strip()) >= REASON_INSTEAD_LETTERS:
        return
    raise DecisionRefused(_("This step asks for %(requirement)s.") % {"requirement": requirement.words})

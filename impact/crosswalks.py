"""The same incident in the words of others: the coalition's asks, OECD Annex II, the categories of IPIS.

The asks are those of 2018: Canada's proposal to the Brussels plenary of the Kimberley Process, carried by the
civil society coalition and the industry, and the coalition's own call about environmental harm. OECD: Due
Diligence Guidance for Responsible Supply Chains of Minerals, third edition (2016), Annex II, by paragraph.
IPIS: the categories of its incident tracker in eastern Congo (Kufatilia). One may count twice.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from impact.vocabulary import HARMS_BY_THEME, Harm, Perpetrator, Theme

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

_VIOLENCE = frozenset(HARMS_BY_THEME[Theme.VIOLENCE])
_ENVIRONMENT = frozenset(HARMS_BY_THEME[Theme.ENVIRONMENT])
# Harms that international humanitarian law forbids those who fight to do to those who do not.
_AGAINST_CIVILIANS = frozenset(
    {Harm.KILLING, Harm.INJURY, Harm.SEXUAL_VIOLENCE, Harm.DISAPPEARANCE, Harm.EVICTION, Harm.FORCED_LABOUR}
)
_FIGHTING = frozenset({Perpetrator.ARMY, Perpetrator.ARMED_GROUP})
_FORCES = frozenset({Perpetrator.ARMY, Perpetrator.POLICE, Perpetrator.PRIVATE_SECURITY})
_TAXING = frozenset({Harm.EXTORTION, Harm.ARMED_PRESENCE})


class Ask(TextChoices):
    """What the coalition asks that the definition of conflict diamonds should reach."""

    VIOLENCE = "violence", _("Systematic and widespread violence")
    FORCED_LABOUR = "forced_labour", _("Forced labour")
    CHILD_LABOUR = "child_labour", _("Worst forms of child labour")
    HUMANITARIAN_LAW = "humanitarian_law", _("Violations of international humanitarian law")
    SECURITY_FINANCE = "security_finance", _("Illicit financing of security forces and armed groups")
    ENVIRONMENT = "environment", _("Environmental harm")


class AnnexII(TextChoices):
    """Risks of OECD Annex II, by paragraph."""

    CRUELTY = "1.i", _("1(i) Torture, cruel, inhuman and degrading treatment")
    FORCED_LABOUR = "1.ii", _("1(ii) Forced or compulsory labour")
    CHILD_LABOUR = "1.iii", _("1(iii) Worst forms of child labour")
    GROSS_VIOLATIONS = "1.iv", _("1(iv) Other gross human rights violations and abuses")
    WAR_CRIMES = "1.v", _("1(v) War crimes and other serious violations of humanitarian law")
    ARMED_GROUPS = "3", _("3 Support to non-state armed groups")
    SECURITY_FORCES = "5", _("5 Public or private security forces that control, tax or extort")
    FRAUD = "11", _("11 Bribery and misrepresentation of origin")
    OUTSIDE = "outside", _("Outside Annex II")


class IpisCategory(TextChoices):
    ACCIDENT = "accident", _("Accident")
    VIOLENCE = "violence", _("Violence")
    ARMED_INTERFERENCE = "armed_interference", _("Interference by armed groups or security forces")
    CHILD_LABOUR = "child_labour", _("Child labour")
    FORCED_LABOUR = "forced_labour", _("Forced labour")
    ILLEGAL_TAX = "illegal_tax", _("Illegal taxation, corruption and fraud")
    ENVIRONMENT = "environment", _("Environmental problems")
    OTHER = "other", _("Other")


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """One way of counting the same incidents. `codes_of(harms, perpetrator)` gives the categories."""

    label: "str | StrPromise"
    categories: type[TextChoices]
    codes_of: Callable[[Collection[str], str], frozenset[str]]


def asks_of(harms: Collection[str], perpetrator: str) -> frozenset[str]:
    """The asks that an incident bears on. Humanitarian law: acts by the army or an armed group against
    people; whether there was an armed conflict is for jurists, and the brief says so."""
    found: set[str] = set()
    has = set(harms)
    if has & _VIOLENCE:
        found.add(Ask.VIOLENCE)
    if Harm.FORCED_LABOUR in has:
        found.add(Ask.FORCED_LABOUR)
    if Harm.CHILD_LABOUR in has:
        found.add(Ask.CHILD_LABOUR)
    if has & _AGAINST_CIVILIANS and perpetrator in _FIGHTING:
        found.add(Ask.HUMANITARIAN_LAW)
    if has & _TAXING and perpetrator in _FORCES | {Perpetrator.ARMED_GROUP}:
        found.add(Ask.SECURITY_FINANCE)
    if has & _ENVIRONMENT:
        found.add(Ask.ENVIRONMENT)
    return frozenset(found)


def annex_ii_of(harms: Collection[str], perpetrator: str) -> frozenset[str]:
    """The paragraphs of OECD Annex II that an incident bears on; "outside" when none."""
    has = set(harms)
    found: set[str] = set()
    if has & {Harm.INJURY}:
        found.add(AnnexII.CRUELTY)
    if Harm.FORCED_LABOUR in has:
        found.add(AnnexII.FORCED_LABOUR)
    if Harm.CHILD_LABOUR in has:
        found.add(AnnexII.CHILD_LABOUR)
    if has & {Harm.KILLING, Harm.SEXUAL_VIOLENCE, Harm.DISAPPEARANCE, Harm.ARREST, Harm.EVICTION}:
        found.add(AnnexII.GROSS_VIOLATIONS)
    if has & _AGAINST_CIVILIANS and perpetrator in _FIGHTING:
        found.add(AnnexII.WAR_CRIMES)
    if has & _TAXING and perpetrator == Perpetrator.ARMED_GROUP:
        found.add(AnnexII.ARMED_GROUPS)
    if has & _TAXING and perpetrator in _FORCES:
        found.add(AnnexII.SECURITY_FORCES)
    if Harm.SMUGGLING in has or (Harm.EXTORTION in has and perpetrator == Perpetrator.AUTHORITIES):
        found.add(AnnexII.FRAUD)
    return frozenset(found or {AnnexII.OUTSIDE})


def ipis_of(harms: Collection[str], perpetrator: str) -> frozenset[str]:
    """The categories of IPIS that an incident has; "other" when none."""
    has = set(harms)
    found: set[str] = set()
    if Harm.UNSAFE_WORK in has:
        found.add(IpisCategory.ACCIDENT)
    if has & _VIOLENCE:
        found.add(IpisCategory.VIOLENCE)
    if Harm.ARMED_PRESENCE in has:
        found.add(IpisCategory.ARMED_INTERFERENCE)
    if Harm.CHILD_LABOUR in has:
        found.add(IpisCategory.CHILD_LABOUR)
    if Harm.FORCED_LABOUR in has:
        found.add(IpisCategory.FORCED_LABOUR)
    if has & {Harm.EXTORTION, Harm.SMUGGLING}:
        found.add(IpisCategory.ILLEGAL_TAX)
    if has & _ENVIRONMENT:
        found.add(IpisCategory.ENVIRONMENT)
    return frozenset(found or {IpisCategory.OTHER})


CROSSWALKS: dict[str, Crosswalk] = {
    "asks": Crosswalk(_("The coalition’s asks of 2018"), Ask, asks_of),
    "oecd": Crosswalk(_("OECD Annex II"), AnnexII, annex_ii_of),
    "ipis": Crosswalk(_("Categories of IPIS"), IpisCategory, ipis_of),
}

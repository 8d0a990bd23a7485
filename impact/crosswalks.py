"""The same incident in the words of others: the coalition's asks, OECD Annex II, the categories of IPIS.

The asks are those of 2018: Canada's proposal to the Brussels plenary of the Kimberley Process, carried by the
civil society coalition and the industry, and the coalition's own call about environmental harm. OECD: Due
Diligence Guidance for Responsible Supply Chains of Minerals, third edition (2016), Annex II, by paragraph.
IPIS: the categories of its incident tracker in eastern Congo (Kufatilia). One may count twice.
"""

from collections.abc import Collection, Mapping
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
class Rule:
    """Any of `harms`, done by any of `perpetrators`; by anybody where that is empty."""

    harms: frozenset[str]
    perpetrators: frozenset[str] = frozenset()

    def holds(self, harms: Collection[str], perpetrator: str) -> bool:
        return not self.harms.isdisjoint(harms) and (
            not self.perpetrators or perpetrator in self.perpetrators
        )


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """One way of counting the same incidents: a category has an incident that any of its rules holds for.

    `otherwise` is the category of an incident that no rule holds for; "" where there is none.
    """

    label: "str | StrPromise"
    categories: type[TextChoices]
    rules: Mapping[str, tuple[Rule, ...]]
    otherwise: str = ""

    def codes_of(self, harms: Collection[str], perpetrator: str) -> frozenset[str]:
        """The categories of an incident with these harms, done by this kind of perpetrator."""
        found = {
            str(code)
            for code, rules in self.rules.items()
            if any(rule.holds(harms, perpetrator) for rule in rules)
        }
        return frozenset(found or ({self.otherwise} if self.otherwise else ()))


def _any(*harms: Harm) -> Rule:
    return Rule(frozenset(harms))


# Humanitarian law: acts by the army or an armed group against people. Whether there was an armed conflict is
# for jurists, and whatever prints the count says so.
ASKS = Crosswalk(
    _("The coalition’s asks of 2018"),
    Ask,
    {
        Ask.VIOLENCE: (Rule(_VIOLENCE),),
        Ask.FORCED_LABOUR: (_any(Harm.FORCED_LABOUR),),
        Ask.CHILD_LABOUR: (_any(Harm.CHILD_LABOUR),),
        Ask.HUMANITARIAN_LAW: (Rule(_AGAINST_CIVILIANS, _FIGHTING),),
        Ask.SECURITY_FINANCE: (Rule(_TAXING, _FORCES | {Perpetrator.ARMED_GROUP}),),
        Ask.ENVIRONMENT: (Rule(_ENVIRONMENT),),
    },
)
OECD = Crosswalk(
    _("OECD Annex II"),
    AnnexII,
    {
        AnnexII.CRUELTY: (_any(Harm.INJURY),),
        AnnexII.FORCED_LABOUR: (_any(Harm.FORCED_LABOUR),),
        AnnexII.CHILD_LABOUR: (_any(Harm.CHILD_LABOUR),),
        AnnexII.GROSS_VIOLATIONS: (
            _any(Harm.KILLING, Harm.SEXUAL_VIOLENCE, Harm.DISAPPEARANCE, Harm.ARREST, Harm.EVICTION),
        ),
        AnnexII.WAR_CRIMES: (Rule(_AGAINST_CIVILIANS, _FIGHTING),),
        AnnexII.ARMED_GROUPS: (Rule(_TAXING, frozenset({Perpetrator.ARMED_GROUP})),),
        AnnexII.SECURITY_FORCES: (Rule(_TAXING, _FORCES),),
        AnnexII.FRAUD: (
            _any(Harm.SMUGGLING),
            Rule(frozenset({Harm.EXTORTION}), frozenset({Perpetrator.AUTHORITIES})),
        ),
    },
    AnnexII.OUTSIDE,
)
IPIS = Crosswalk(
    _("Categories of IPIS"),
    IpisCategory,
    {
        IpisCategory.ACCIDENT: (_any(Harm.UNSAFE_WORK),),
        IpisCategory.VIOLENCE: (Rule(_VIOLENCE),),
        IpisCategory.ARMED_INTERFERENCE: (_any(Harm.ARMED_PRESENCE),),
        IpisCategory.CHILD_LABOUR: (_any(Harm.CHILD_LABOUR),),
        IpisCategory.FORCED_LABOUR: (_any(Harm.FORCED_LABOUR),),
        IpisCategory.ILLEGAL_TAX: (_any(Harm.EXTORTION, Harm.SMUGGLING),),
        IpisCategory.ENVIRONMENT: (Rule(_ENVIRONMENT),),
    },
    IpisCategory.OTHER,
)
CROSSWALKS: dict[str, Crosswalk] = {"asks": ASKS, "oecd": OECD, "ipis": IPIS}

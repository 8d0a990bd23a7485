"""The same incidents in the categories of others: counted in the database, by the rules of the crosswalk."""

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from impact.crosswalks import CROSSWALKS, Crosswalk, Rule
from impact.publication.filtering import IncidentFilter
from impact.publication.models import PublishedHarm
from impact.publication.published import published_incidents
from impact.summaries.charts import Chart, bar_chart
from impact.summaries.statistics import KeyCount
from impact.vocabulary import Harm, Perpetrator


def crosswalk_chart(chosen: IncidentFilter, by: str) -> Chart:
    """Incidents by the categories of one of CROSSWALKS, in their own order; one can count in several.

    KeyError for a crosswalk that there is not.
    """
    crosswalk = CROSSWALKS[by]
    counted = _counted(chosen, crosswalk)
    counts = [
        KeyCount(code, str(label), counted[_name(index)])
        for index, (code, label) in enumerate(crosswalk.categories.choices)
    ]
    total = counted["total"]
    most = max(counts, key=lambda row: (row.key != crosswalk.otherwise and row.count > 0, row.count))
    chart = bar_chart(
        _("The same published incidents by: %(words)s. One incident can count in several.")
        % {"words": crosswalk.label},
        str(crosswalk.label),
        counts,
        title=_("%(label)s: %(count)s of %(total)s")
        % {"label": most.label, "count": most.count, "total": total},
    )
    return replace(
        chart,
        columns=(*chart.columns, _("What counts")),
        rows=tuple((row.label, row.count, rule_words(crosswalk, row.key)) for row in counts),
    )


def rule_words(crosswalk: Crosswalk, code: str) -> str:
    """What makes an incident count in a category, in the reader's language."""
    if code == crosswalk.otherwise:
        return _("none of the others")
    return "; ".join(_words(rule) for rule in crosswalk.rules[code])


def _counted(chosen: IncidentFilter, crosswalk: Crosswalk) -> dict[str, int]:
    conditions = {
        code: _any_of([_condition(rule) for rule in rules]) for code, rules in crosswalk.rules.items()
    }
    if crosswalk.otherwise:
        conditions[crosswalk.otherwise] = ~_any_of(list(conditions.values()))
    figures: dict[str, int] = (
        published_incidents(chosen)
        .order_by()
        .aggregate(
            total=Count("pk"),
            **{
                _name(index): Count("pk", filter=conditions[code])
                for index, code in enumerate(crosswalk.categories.values)
            },
        )
    )
    return figures


def _name(index: int) -> str:
    return f"category_{index}"


def _any_of(conditions: Sequence[Q]) -> Q:
    joined = Q()
    for condition in conditions:
        joined |= condition
    return joined


def _condition(rule: Rule) -> Q:
    harms = PublishedHarm.objects.filter(published=OuterRef("pk"), harm__in=sorted(rule.harms))
    done_by = Q(perpetrator__in=sorted(rule.perpetrators)) if rule.perpetrators else Q()
    return Q(Exists(harms)) & done_by


def _words(rule: Rule) -> str:
    harms = ", ".join(str(harm.label) for harm in Harm if harm in rule.harms)
    if not rule.perpetrators:
        return harms
    who = ", ".join(str(one.label) for one in Perpetrator if one in rule.perpetrators)
    return _("%(harms)s, by: %(who)s") % {"harms": harms, "who": who}

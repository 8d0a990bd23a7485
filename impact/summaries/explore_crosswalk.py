"""The same incidents in the categories of others, by the rules of the crosswalk."""

from collections import Counter
from dataclasses import replace

from django.utils.translation import gettext as _

from impact.crosswalks import CROSSWALKS, Crosswalk, Rule
from impact.formats.joining import joined
from impact.publication.filtering import IncidentFilter
from impact.summaries.charts import Chart, bar_chart
from impact.summaries.numbers import grouped
from impact.summaries.sets import harm_sets
from impact.summaries.statistics import KeyCount
from impact.vocabulary import Harm, Perpetrator


def crosswalk_chart(chosen: IncidentFilter, by: str) -> Chart:
    """Incidents by the categories of one of CROSSWALKS, in their own order; one can count in several.

    KeyError for a crosswalk that there is not.
    """
    crosswalk = CROSSWALKS[by]
    counted, total = _counted(chosen, crosswalk)
    counts = [KeyCount(code, str(label), counted[code]) for code, label in crosswalk.categories.choices]
    most = max(counts, key=lambda row: (row.key != crosswalk.otherwise and row.count > 0, row.count))
    chart = bar_chart(
        _("The same published incidents by: %(words)s. One incident can count in several.")
        % {"words": crosswalk.label},
        str(crosswalk.label),
        counts,
        title=_("%(label)s: %(count)s of %(total)s")
        % {"label": most.label, "count": grouped(most.count), "total": grouped(total)},
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
    return joined(_words(rule) for rule in crosswalk.rules[code])


def _counted(chosen: IncidentFilter, crosswalk: Crosswalk) -> tuple[Counter[str], int]:
    """How many incidents each category has, and how many there are."""
    counts: Counter[str] = Counter()
    sets = harm_sets(chosen)
    for (harms, perpetrator), count in sets.items():
        for code in crosswalk.codes_of(harms, perpetrator):
            counts[code] += count
    return counts, sets.total()


def _words(rule: Rule) -> str:
    harms = ", ".join(str(harm.label) for harm in Harm if harm in rule.harms)
    if not rule.perpetrators:
        return harms
    who = ", ".join(str(one.label) for one in Perpetrator if one in rule.perpetrators)
    return _("%(harms)s, by: %(who)s") % {"harms": harms, "who": who}

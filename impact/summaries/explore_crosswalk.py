"""The same incidents in the categories of others, by the rules of the crosswalk."""

from collections import Counter
from dataclasses import replace

from django.db import connection
from django.utils.translation import gettext as _

from impact.crosswalks import CROSSWALKS, Crosswalk, Rule
from impact.publication.filtering import IncidentFilter
from impact.publication.models import PublishedHarm
from impact.publication.published import published_incidents
from impact.summaries.charts import Chart, bar_chart
from impact.summaries.numbers import grouped
from impact.summaries.statistics import KeyCount
from impact.vocabulary import Harm, Perpetrator

_BITS = {str(harm): 1 << place for place, harm in enumerate(Harm)}
_CASES = " ".join(f"WHEN '{harm}' THEN {bit}" for harm, bit in _BITS.items())
# Codes of the vocabulary and our own query: nothing in it comes from a reader.
_SETS = f"""
SELECT COALESCE(told.bits, 0), shown.perpetrator, COUNT(*)
FROM ({{incidents}}) AS shown
LEFT JOIN (
  SELECT published_id, SUM(CASE harm {_CASES} ELSE 0 END) AS bits
  FROM {PublishedHarm._meta.db_table} GROUP BY published_id
) AS told ON told.published_id = shown.id
GROUP BY 1, 2
"""  # noqa: S608


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
    return "; ".join(_words(rule) for rule in crosswalk.rules[code])


def _counted(chosen: IncidentFilter, crosswalk: Crosswalk) -> tuple[Counter[str], int]:
    """How many incidents each category has, and how many there are: grouped in the database by their set of
    harms and their perpetrator, each group put into its categories here."""
    counts: Counter[str] = Counter()
    total = 0
    for bits, perpetrator, count in _by_harms_and_perpetrator(chosen):
        total += count
        harms = [harm for harm, bit in _BITS.items() if bits & bit]
        for code in crosswalk.codes_of(harms, perpetrator):
            counts[code] += count
    return counts, total


def _by_harms_and_perpetrator(chosen: IncidentFilter) -> list[tuple[int, str, int]]:
    """Django cannot join a query that groups, and asking for the harms of each row alone takes both databases
    three times as long."""
    shown = published_incidents(chosen).order_by().values_list("id", "perpetrator")
    incidents, parameters = shown.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_SETS.format(incidents=incidents), parameters)
        return list(cursor.fetchall())


def _words(rule: Rule) -> str:
    harms = ", ".join(str(harm.label) for harm in Harm if harm in rule.harms)
    if not rule.perpetrators:
        return harms
    who = ", ".join(str(one.label) for one in Perpetrator if one in rule.perpetrators)
    return _("%(harms)s, by: %(who)s") % {"harms": harms, "who": who}

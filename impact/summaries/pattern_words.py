"""What a pattern comes to, in plain sentences that claim no more than was counted."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from impact.summaries.numbers import grouped, rounded
from impact.summaries.pattern import (
    LEAST_FOR_TREND,
    SYSTEMATIC_INCIDENTS,
    SYSTEMATIC_MONTHS,
    WIDESPREAD_INCIDENTS,
    WIDESPREAD_SITES,
    Direction,
    Pattern,
    Trend,
)


def pattern_sentence(found: Pattern) -> str:
    """How many, where and when, in one sentence."""
    if not found.incidents:
        return _("Nothing is published here. That is no finding that nothing happened.")
    incidents = ngettext("%(count)s published incident", "%(count)s published incidents", found.incidents) % {
        "count": grouped(found.incidents)
    }
    sites = ngettext("at %(count)s site", "at %(count)s sites", found.sites) % {"count": grouped(found.sites)}
    if not found.months_covered:
        return f"{incidents} {sites}."
    months = ngettext(
        "in %(count)s of the %(months)s months in which people were there to report",
        "in %(count)s of the %(months)s months in which people were there to report",
        found.months_with,
    ) % {"count": grouped(found.months_with), "months": grouped(found.months_covered)}
    return f"{incidents} {sites}, {months}."


def verdict_sentence(found: Pattern) -> str:
    """Whether it is widespread and systematic by the measure that the method states, and the measure."""
    if found.is_widespread and found.is_systematic:
        said = _("By our measure this is widespread and systematic.")
    elif found.is_widespread:
        said = _("By our measure this is widespread, but no perpetrator is known to come again and again.")
    elif found.is_systematic:
        said = _("By our measure this is systematic, but not widespread.")
    else:
        said = _("What is published is not enough to call it widespread or systematic.")
    measure = _(
        "Widespread: %(incidents)s incidents or more at %(sites)s sites or more. Systematic: the same kind "
        "of perpetrator in %(again)s incidents or more, in %(months)s different months or more."
    ) % {
        "incidents": WIDESPREAD_INCIDENTS,
        "sites": WIDESPREAD_SITES,
        "again": SYSTEMATIC_INCIDENTS,
        "months": SYSTEMATIC_MONTHS,
    }
    return f"{said} {measure}"


def recurring_sentences(found: Pattern) -> list[str]:
    """Who comes again: one sentence for each kind of perpetrator, the most frequent first."""
    return [
        _("%(perpetrator)s: %(incidents)s %(months)s %(sites)s.")
        % {
            "perpetrator": one.perpetrator.label,
            "incidents": ngettext("%(count)s incident", "%(count)s incidents", one.incidents)
            % {"count": grouped(one.incidents)},
            "months": ngettext("in %(count)s month", "in %(count)s months", one.months)
            % {"count": grouped(one.months)},
            "sites": ngettext("at %(count)s site", "at %(count)s sites", one.sites)
            % {"count": grouped(one.sites)},
        }
        for one in found.recurring
    ]


def trend_sentence(found: Pattern) -> str:
    """Which way it goes, and whether chance or a growing number of reports would explain it."""
    trend = found.trend
    if trend is None:
        return _("A trend is not told from fewer than %(count)s dated incidents.") % {
            "count": LEAST_FOR_TREND
        }
    if not trend.is_beyond_chance:
        return _("No trend: chance alone would often spread the incidents like this (%(p)s).") % {
            "p": p_words(trend.p)
        }
    said = (
        _("More incidents in the later months than chance would make (%(p)s).")
        if trend.direction is Direction.MORE
        else _("Fewer incidents in the later months than chance would make (%(p)s).")
    ) % {"p": p_words(trend.p)}
    return f"{said} {_given_reports(trend)}".strip()


def p_words(p: float) -> str:
    """A probability as papers print it."""
    if p < 0.001:
        return f"p < {rounded(0.001, 3)}"
    return f"p = {rounded(p, 3 if p < 0.1 else 2)}"


def _given_reports(trend: Trend) -> str:
    if trend.p_given_reports is None:
        return _("How many reports came in each month is not known well enough to set it against that.")
    if trend.is_beyond_reporting:
        return _("The number of reports received in each month does not explain it (%(p)s).") % {
            "p": p_words(trend.p_given_reports)
        }
    return _("But no more than the number of reports received in each month would make (%(p)s).") % {
        "p": p_words(trend.p_given_reports)
    }

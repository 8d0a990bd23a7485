"""Charts of what is published, beside those by theme and place: who did it, to how many, how sure it is."""

from django.db.models import Count, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from impact.publication.filtering import IncidentFilter
from impact.publication.published import published_incidents
from impact.summaries.charts import Chart, bar_chart
from impact.summaries.statistics import KeyCount
from impact.vocabulary import Credibility, PeopleKind, Perpetrator, Verification


def perpetrator_chart(chosen: IncidentFilter) -> Chart:
    """Incidents by who did it, as far as that is known."""
    return bar_chart(
        _("Published incidents by perpetrator"),
        _("Perpetrator"),
        _counted(chosen, "perpetrator", Perpetrator),
    )


def verification_chart(chosen: IncidentFilter) -> Chart:
    """Incidents by how far they are verified."""
    return bar_chart(
        _("Published incidents by verification. Nothing else is published."),
        _("Verification"),
        _counted(chosen, "verification", Verification),
    )


def credibility_chart(chosen: IncidentFilter) -> Chart:
    """Incidents by how far the information can be believed, in the order of the grades."""
    counts = sorted(_counted(chosen, "credibility", Credibility), key=lambda row: row.key)
    total = sum(row.count for row in counts)
    sure = sum(row.count for row in counts if row.key in {Credibility.CONFIRMED, Credibility.PROBABLE})
    return bar_chart(
        _("Published incidents by the grade of the information (Admiralty system)"),
        _("Grade"),
        counts,
        title=_("%(count)s of %(total)s are confirmed or probably true") % {"count": sure, "total": total},
    )


def people_chart(chosen: IncidentFilter) -> Chart:
    """People harmed, added up over the incidents that count any: at least so many."""
    incidents = published_incidents(chosen).order_by()
    kinds = [str(kind) for kind in PeopleKind]
    figures = incidents.aggregate(
        total=Count("pk"),
        **{f"{kind}_sum": Sum(kind) for kind in kinds},
        **{f"{kind}_stated": Count(kind) for kind in kinds},
    )
    counts = [
        KeyCount(kind, str(PeopleKind(kind).label), figures[f"{kind}_sum"] or 0)
        for kind in kinds
        if figures[f"{kind}_stated"]
    ]
    killed, stated = figures["killed_sum"] or 0, figures["killed_stated"]
    title = (
        ngettext(
            "At least %(count)s person killed, counted in %(stated)s of %(total)s incidents",
            "At least %(count)s people killed, counted in %(stated)s of %(total)s incidents",
            killed,
        )
        % {"count": killed, "stated": stated, "total": figures["total"]}
        if stated
        else _("No incident counts people killed")
    )
    chart = bar_chart(
        _("People harmed, added up where an incident counts them. Not counted is not nought."),
        _("How they were harmed"),
        counts,
        title=title,
        counted=_("People, at least"),
    )
    return Chart(
        title=chart.title,
        subtitle=chart.subtitle,
        svg=chart.svg,
        columns=(*chart.columns, _("Incidents that count them")),
        rows=tuple((row.label, row.count, figures[f"{row.key}_stated"]) for row in counts),
    )


def _counted(
    chosen: IncidentFilter, column: str, labels: type[Perpetrator | Verification | Credibility]
) -> list[KeyCount]:
    rows = published_incidents(chosen).order_by().values_list(column).annotate(count=Count("pk"))
    counts = [KeyCount(str(key), str(labels(key).label), count) for key, count in rows]
    return sorted(counts, key=lambda row: (-row.count, row.label))

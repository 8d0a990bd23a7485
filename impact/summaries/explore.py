"""Charts of what is published, beside those by theme and place: who did it, to how many, how sure it is."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from impact.summaries.charts import Chart, bar_chart
from impact.summaries.numbers import grouped
from impact.summaries.statistics import KeyCount
from impact.summaries.tally import Tally
from impact.vocabulary import Credibility, PeopleKind, Perpetrator, Verification


def perpetrator_chart(counted: Tally) -> Chart:
    """Incidents by who did it, as far as that is known."""
    return bar_chart(
        _("Published incidents by alleged perpetrator"),
        _("Alleged perpetrator"),
        _labelled(counted.by_perpetrator, Perpetrator),
    )


def verification_chart(counted: Tally) -> Chart:
    """Incidents by how far they are verified."""
    return bar_chart(
        _("Published incidents by verification. Nothing else is published."),
        _("Verification"),
        _labelled(counted.by_verification, Verification),
    )


def credibility_chart(counted: Tally) -> Chart:
    """Incidents by how far the information can be believed, in the order of the grades."""
    counts = sorted(_labelled(counted.by_credibility, Credibility), key=lambda row: row.key)
    total = sum(row.count for row in counts)
    sure = sum(row.count for row in counts if row.key in {Credibility.CONFIRMED, Credibility.PROBABLE})
    return bar_chart(
        _("Published incidents by the grade of the information (Admiralty system)"),
        _("Credibility"),
        counts,
        title=_("%(count)s of %(total)s are confirmed or probably true")
        % {"count": grouped(sure), "total": grouped(total)},
    )


def people_chart(counted: Tally) -> Chart:
    """People harmed, added up over the incidents that count any: at least so many."""
    counts = [
        KeyCount(kind, str(PeopleKind(kind).label), found.people)
        for kind, found in counted.people.items()
        if found.stated
    ]
    killed, stated = (
        counted.people[PeopleKind.KILLED].people,
        counted.people[PeopleKind.KILLED].stated,
    )
    title = (
        ngettext(
            "At least %(count)s person killed, counted in %(stated)s of %(total)s incidents",
            "At least %(count)s people killed, counted in %(stated)s of %(total)s incidents",
            killed,
        )
        % {"count": grouped(killed), "stated": grouped(stated), "total": grouped(counted.total)}
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
        rows=tuple((row.label, row.count, counted.people[row.key].stated) for row in counts),
    )


def _labelled(
    counts: Mapping[str, int], labels: type[Perpetrator | Verification | Credibility]
) -> list[KeyCount]:
    listed = [KeyCount(key, str(labels(key).label), count) for key, count in counts.items()]
    return sorted(listed, key=lambda row: (-row.count, row.label))

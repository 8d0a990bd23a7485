"""How long reports wait for their verification, by month: the step within which half of the cases lay."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from impact.publication.models import VerificationMonth
from impact.summaries.charts import WIDTH, Chart, year_marks

_MOST_MONTHS = 24
_LINE, _DOT = 40, 28  # of one step: its height, where its dots are


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    label: str


@dataclass(frozen=True, slots=True)
class WaitLine:
    """One step with a dot for each month that it was reached in, the shortest wait first."""

    label: str
    offset: int
    dots: tuple[Dot, ...]


def waits_chart() -> Chart | None:
    """The latest two years of all cases, whatever is chosen; None where no month can be told."""
    months = list(VerificationMonth.objects.order_by("-month")[:_MOST_MONTHS])[::-1]
    told = [month for month in months if month.wait]
    if not told:
        return None
    step = WIDTH / max(len(months), 12)
    lines = [
        WaitLine(
            label=str(wait.label),
            offset=index * _LINE,
            dots=tuple(
                Dot(round(place * step + step / 2, 1), date_format(month.month, "YEAR_MONTH_FORMAT"))
                for place, month in enumerate(months)
                if month.wait == wait
            ),
        )
        for index, wait in enumerate(VerificationMonth.Wait)
    ]
    last = told[-1]
    finding = _("%(month)s: half verified after %(wait)s") % {
        "month": date_format(last.month, "YEAR_MONTH_FORMAT"),
        "wait": VerificationMonth.Wait(last.wait).label,
    }
    title = capfirst(finding)
    subtitle = _(
        "From the first report to verification, by month of verification. All cases of all countries, "
        "whatever is chosen above. No dot: fewer than five cases."
    )
    context = {
        "title": title,
        "subtitle": subtitle,
        "lines": lines,
        "width": WIDTH,
        "height": len(lines) * _LINE + 20,
        "dot_y": _DOT,
        "years_y": len(lines) * _LINE + 14,
        "years": year_marks([month.month for month in months], step),
    }
    return Chart(
        title=title,
        subtitle=subtitle,
        svg=render_to_string("summaries/_waits.svg", context),
        columns=(_("Month"), _("Cases, at least"), _("Half waited")),
        rows=tuple(
            (
                date_format(month.month, "YEAR_MONTH_FORMAT"),
                _("fewer than 5") if month.cases_at_least is None else month.cases_at_least,
                str(VerificationMonth.Wait(month.wait).label) if month.wait else "–",
            )
            for month in months
        ),
    )

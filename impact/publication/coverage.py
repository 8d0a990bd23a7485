"""Where and when anybody was there to report: what "no incidents" means, and what it does not.

Numbers below five are never stored here: they come as None, "fewer than 5".
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from impact.publication.models import CoverageCell, CoverageMonth, VerificationMonth

FEWER_THAN = 5


@dataclass(frozen=True, slots=True)
class Effort:
    """The reporting behind the figures of a country in a stretch of time.

    `reports` is at least so many, for months with fewer than five count as one. `months_covered` are those
    in which somebody reported or could have; `months` all that there were.
    """

    country: str
    reports: int
    is_exact: bool
    most_reporters: int | None
    months_covered: int
    months_silent: int
    months: int
    first_on: date | None
    last_on: date | None

    @property
    def words(self) -> str:
        """One sentence part in the reader's language."""
        if not self.first_on and self.months:
            return _("no report reached us from there in this time: nothing published is no finding")
        if not self.first_on:
            return _("no report ever reached us from there: nothing published is no finding")
        form = ngettext("%(count)s report", "%(count)s reports", self.reports) % {"count": self.reports}
        reports = form if self.is_exact else _("at least %(reports)s") % {"reports": form}
        reporters = (
            _("fewer than 5 people reporting in each month")
            if self.most_reporters is None
            else _("up to %(count)s people reporting in a month, each web report taken for one")
            % {"count": self.most_reporters}
        )
        covered = _("%(covered)s of %(months)s months covered") % {
            "covered": self.months_covered,
            "months": self.months,
        }
        # Translated, because French has a space before its semicolons.
        return _("%(reports)s; %(reporters)s; %(covered)s") % {
            "reports": reports,
            "reporters": reporters,
            "covered": covered,
        }


def coverage_months(
    country: str, from_on: date | None = None, to_on: date | None = None
) -> list[CoverageMonth]:
    """The months of a country in order, from the first report that ever came from there."""
    months = CoverageMonth.objects.filter(country=country).order_by("month")
    return months_of(months, from_on, to_on)


def months_of(
    months: Iterable[CoverageMonth], from_on: date | None = None, to_on: date | None = None
) -> list[CoverageMonth]:
    """The months that lie between two days, both included."""
    return [
        month
        for month in months
        if (not from_on or month.month >= from_on.replace(day=1)) and (not to_on or month.month <= to_on)
    ]


def together(months: Iterable[CoverageMonth]) -> list[CoverageMonth]:
    """The months of several countries as of one: covered where any was, its reports those of all.

    Not to be saved. `reports` is None where they are fewer than five everywhere.
    """
    by_month: dict[date, CoverageMonth] = {}
    for month in months:
        found = by_month.setdefault(
            month.month, CoverageMonth(month=month.month, state=CoverageMonth.State.NO_COVERAGE)
        )
        found.state = min(found.state, month.state, key=_MOST_COVERED.index)
        if month.reports is not None:
            found.reports = (found.reports or 0) + month.reports
    return [by_month[month] for month in sorted(by_month)]


_MOST_COVERED = [state.value for state in CoverageMonth.State]


def effort(country: str, from_on: date | None = None, to_on: date | None = None) -> Effort:
    """How much reporting there was from a country between two days, both included."""
    return effort_of(country, coverage_months(country, from_on, to_on), from_on, to_on)


def efforts(from_on: date | None = None, to_on: date | None = None) -> list[Effort]:
    """The same of every country from which a report ever came, by code; some have none between the days."""
    months: dict[str, list[CoverageMonth]] = {}
    for month in CoverageMonth.objects.order_by("country", "month"):
        if month.country:
            months.setdefault(month.country, []).extend(months_of([month], from_on, to_on))
    return [effort_of(country, found, from_on, to_on) for country, found in months.items()]


def effort_of(
    country: str, months: Sequence[CoverageMonth], from_on: date | None, to_on: date | None
) -> Effort:
    """The effort that the months of a country between two days add up to."""
    with_reports = [month for month in months if month.state == CoverageMonth.State.REPORTS]
    known = [month.reports for month in with_reports if month.reports is not None]
    reporters = [month.reporters for month in with_reports if month.reporters is not None]
    silent = sum(month.state == CoverageMonth.State.NO_REPORTS for month in months)
    return Effort(
        country=country,
        reports=sum(known) + len(with_reports) - len(known),
        is_exact=len(known) == len(with_reports),
        most_reporters=max(reporters, default=None),
        months_covered=len(with_reports) + silent,
        months_silent=silent,
        months=_months_between(from_on, to_on) or len(months),
        first_on=months[0].month if months else None,
        last_on=months[-1].month if months else None,
    )


def covered_by_month(countries: Collection[str]) -> dict[date, tuple[int, int]]:
    """By month: in how many of these countries somebody was there to report; of how many it is known."""
    months = (
        CoverageMonth.objects.filter(country__in=countries)
        .order_by()
        .values_list("month")
        .annotate(
            covered=Count("pk", filter=~Q(state=CoverageMonth.State.NO_COVERAGE)),
            known=Count("pk"),
        )
    )
    return {month: (covered, known) for month, covered, known in months}


def reporting_stamp() -> str:
    """Changes when the reporting effort or the waits for verification were counted anew."""
    counted = CoverageMonth.objects.aggregate(last=Max("counted_at"))["last"]
    return f"{counted} {VerificationMonth.objects.aggregate(last=Max('month'))['last']}"


def coverage_cells() -> list[CoverageCell]:
    """The cells from which enough people reported to be shown, each with how much at least."""
    return list(CoverageCell.objects.order_by("cell"))


def _months_between(from_on: date | None, to_on: date | None) -> int:
    if not from_on or not to_on:
        return 0
    return (to_on.year - from_on.year) * 12 + to_on.month - from_on.month + 1

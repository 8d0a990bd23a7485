"""What the published incidents add up to: counts by one key."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from impact.places.basemap import country_name
from impact.places.nearness.reach_words import reach_words
from impact.publication.counting import counted_by, counted_cells
from impact.publication.filtering import IncidentFilter
from impact.publication.models import PublishedHarm, PublishedLink
from impact.publication.published import published_incidents
from impact.summaries.sets import nearest_kinds
from impact.summaries.tally import months_by_theme
from impact.vocabulary import AreaKind, Harm, Theme

KEYS = ("month", "theme", "harm", "country", "area", "kind")


@dataclass(frozen=True, slots=True)
class KeyCount:
    """How many incidents have a key; `label` is in the active language. An empty key is "not known".

    `is_rounded`: there are at least so many, in steps of five; some of them may be told in counts only.
    """

    key: str
    label: str
    count: int
    is_rounded: bool = False


def counts_by(chosen: IncidentFilter | None, by: str) -> list[KeyCount]:
    """Incidents by one of KEYS: months in order, others largest first. ValueError for another key.

    What may be told in counts only is counted by harm alone, rounded, where the filter allows it at all:
    everywhere else, figures count the incidents that are listed, and add up. An incident counts once a
    month (that of its first day), theme, country and kind (of the nearest producing area); once for each of
    its harms and each of its areas, so those add up to more.
    """
    incidents = published_incidents(chosen).order_by()
    if by == "month":
        months = months_by_theme(chosen or IncidentFilter())
        return month_counts({month: themes.total() for month, themes in months.items()})
    if by == "theme":
        return theme_counts(_grouped(incidents, "theme"))
    if by == "country":
        return country_counts(_grouped(incidents, "country"))
    keys = incidents.values("pk")
    if by == "harm":
        harms = PublishedHarm.objects.filter(published__in=keys).order_by()
        return _with_counted_only(_grouped(harms, "harm"), counted_by(counted_cells(chosen), "harm"))
    links = PublishedLink.objects.filter(published__in=keys).order_by()
    if by == "area":
        rows = (
            links.values_list("area", "area__name")
            .annotate(count=Count("pk"))
            .order_by("-count", "area__name")
        )
        return [KeyCount(str(pk), name, count) for pk, name, count in rows]
    if by == "kind":
        return kind_counts(chosen, incidents.count())
    raise ValueError(f"not something to count by: {by}")


def month_counts(counts: Mapping[date | None, int]) -> list[KeyCount]:
    """Counts by the first day of a month, in order as they come; None is a month that is not known."""
    return [
        KeyCount(f"{month:%Y-%m}", date_format(month, "YEAR_MONTH_FORMAT"), count)
        if month
        else KeyCount("", _("month not known"), count)
        for month, count in counts.items()
    ]


def theme_counts(counts: Mapping[str, int]) -> list[KeyCount]:
    """Counts by theme, the largest first."""
    return _labelled(counts, lambda key: str(Theme(key).label))


def country_counts(counts: Mapping[str, int]) -> list[KeyCount]:
    """Counts by country, the largest first."""
    return _labelled(counts, country_name)


def kind_counts(chosen: IncidentFilter | None, total: int) -> list[KeyCount]:
    """Incidents by the kind of their nearest area, the largest first; the rest of `total` has none near."""
    counts = nearest_kinds(chosen or IncidentFilter())
    counts[""] = total - counts.total()
    return _labelled(
        counts,
        lambda key: str(AreaKind(key).label),
        _("No area known within %(reach)s") % {"reach": reach_words()},
    )


def _with_counted_only(listed: dict[str, int], rounded: dict[str, int]) -> list[KeyCount]:
    rows = [
        KeyCount(key, str(Harm(key).label), listed.get(key, 0) + rounded.get(key, 0), key in rounded)
        for key in {**listed, **rounded}
    ]
    return sorted((row for row in rows if row.count), key=lambda row: (-row.count, row.label))


def _grouped(rows: Any, column: str) -> dict[str, int]:
    return dict(rows.values_list(column).annotate(count=Count("pk")))


def _labelled(counts: Mapping[str, int], label: Callable[[str], str], unknown: str = "") -> list[KeyCount]:
    unknown = unknown or _("not known")
    listed = [KeyCount(key, label(key) if key else unknown, count) for key, count in counts.items() if count]
    return sorted(listed, key=lambda row: (-row.count, row.label))

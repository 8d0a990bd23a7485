"""What a brief is narrowed to, in words: killings beside artisanal diggings are not all incidents."""

from dataclasses import replace

from impact.publication.filtering import FilterError, IncidentFilter
from impact.publication.models import Snapshot
from impact.summaries.brief.options import BriefOptions


def scope_words(snapshot: Snapshot, options: BriefOptions) -> str:
    """The filter but for what the title and the period say already; "" when nothing else is narrowed."""
    try:
        chosen = IncidentFilter.parse(snapshot.filter)
    except FilterError:  # of another version, that knew other filters
        return ", ".join(f"{name}={value}" for name, value in sorted(snapshot.filter.items()))
    country = () if chosen.country == (options.country,) else chosen.country
    return replace(chosen, country=country, from_on=None, to_on=None).words()

"""How long ago something was, in words. Django has them in English, French and Portuguese, not in Swahili."""

from datetime import datetime
from typing import Any

from django.utils.timesince import timesince
from django.utils.translation import ngettext_lazy

_UNITS: dict[str, Any] = {
    "year": ngettext_lazy("%(num)d year", "%(num)d years", "num"),
    "month": ngettext_lazy("%(num)d month", "%(num)d months", "num"),
    "week": ngettext_lazy("%(num)d week", "%(num)d weeks", "num"),
    "day": ngettext_lazy("%(num)d day", "%(num)d days", "num"),
    "hour": ngettext_lazy("%(num)d hour", "%(num)d hours", "num"),
    "minute": ngettext_lazy("%(num)d minute", "%(num)d minutes", "num"),
}


def age_words(since: datetime, now: datetime | None = None) -> str:
    """The largest whole unit alone: "5 days". Less than a minute is "0 minutes"."""
    return timesince(since, now, time_strings=_UNITS, depth=1)

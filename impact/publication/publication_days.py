"""When the world sees what was decided: on a publication day, which tells nothing of the day of what
happened."""

from datetime import date, timedelta

from impact.publication.coarsening import CoarseDate
from impact.vocabulary import DatePrecision


def publication_day(decided_on: date, period: CoarseDate | None, delay_days: int) -> date:
    """The Monday on which a decision becomes public: after the delay, and after the published period is over.

    Otherwise a week that is published on its Thursday is three days less. Years don't wait: what is
    published as a year was spread over more than a month that is past. Without a delay everything is public
    at once.
    """
    if not delay_days:
        return decided_on
    earliest = decided_on + timedelta(days=delay_days)
    if period is not None and period.precision != DatePrecision.YEAR:
        earliest = max(earliest, period.to_on + timedelta(days=1))
    return earliest + timedelta(days=-earliest.weekday() % 7)

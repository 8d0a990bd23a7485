"""To which organisation a report belongs: by the country and the channel that it came in by."""

from django.db import connection

from impact.accounts.models import IntakeRoute, Organisation, default_organisation

# In one statement, and not put together anew for each report. Names of our own.
_FITTING = (
    f"SELECT 1, country, channel, organisation_id FROM {IntakeRoute._meta.db_table} "  # noqa: S608
    "WHERE country IN ('', %s) AND channel IN ('', %s) "
    f"UNION ALL SELECT 0, '', '', id FROM {Organisation._meta.db_table} WHERE is_default"
)


def organisation_for(*, country: str, channel: str) -> int:
    """The id of the organisation that receives a report.

    The most exact route wins: country and channel, then country, then channel, then a route for
    everything; without any it is the default organisation. `country` is ISO 3166-1, "" where unknown.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FITTING, [country, channel])
        fitting = cursor.fetchall()
    if not fitting:
        return default_organisation().pk
    *_, organisation_id = max(fitting, key=lambda route: (route[0], bool(route[1]), bool(route[2])))
    return int(organisation_id)

"""To which organisation a report belongs: by the country and the channel that it came in by."""

from django.db.models import Q

from impact.accounts.models import IntakeRoute, default_organisation


def organisation_for(*, country: str, channel: str) -> int:
    """The id of the organisation that receives a report.

    The most exact route wins: country and channel, then country, then channel, then a route for
    everything; without any it is the default organisation. `country` is ISO 3166-1, "" where unknown.
    """
    fitting = list(
        IntakeRoute.objects.filter(
            Q(country="") | Q(country=country), Q(channel="") | Q(channel=channel)
        ).values_list("country", "channel", "organisation_id")
    )
    if not fitting:
        return default_organisation().pk
    _country, _channel, organisation_id = max(fitting, key=lambda route: (bool(route[0]), bool(route[1])))
    return organisation_id

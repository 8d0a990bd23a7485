"""A moderator says whether an incident has to do with a producing area: the rule only proposes."""

from datetime import datetime

from django.utils.translation import gettext as _

from impact.accounts.models import User
from impact.incidents.linking import area_link, measured_from
from impact.incidents.models import AreaLink, Incident, RefusedLink
from impact.moderation.deciding import DecisionRefused, decide
from impact.moderation.models import Action
from impact.places.models import ProducingArea


def confirm_link(
    *,
    incident: Incident,
    area: ProducingArea,
    moderator: User,
    reason: str,
    expected_version: int,
    now: datetime | None = None,
) -> Incident:
    """Say that an incident has to do with an area, whether the rule proposed it or not.

    The link stays when the area or the incident moves; its distance is then measured anew. An earlier
    refusal is taken back. Raises DecisionRefused.
    """

    def change(locked: Incident) -> list[str]:
        if locked.point is None:
            raise DecisionRefused(_("Say first where it happened."))
        locked.refused_links.filter(area=area).delete()
        link = locked.area_links.filter(area=area).first()
        if link is None:
            link = area_link(locked, measured_from(locked, area), AreaLink.Method.MODERATOR)
            link.rank = locked.area_links.filter(distance_m__lt=link.distance_m).count()
        link.method = AreaLink.Method.MODERATOR
        link.save()
        return []

    return decide(incident, moderator, Action.LINK, reason, expected_version, change, now)


def refuse_link(
    *,
    incident: Incident,
    area: ProducingArea,
    moderator: User,
    reason: str,
    expected_version: int,
    now: datetime | None = None,
) -> Incident:
    """Say that an incident has nothing to do with an area. The rule never proposes it again for this one.

    The next nearest moves up when the worker comes by. Raises DecisionRefused.
    """

    def change(locked: Incident) -> list[str]:
        RefusedLink.objects.get_or_create(incident=locked, area=area)
        locked.area_links.filter(area=area).delete()
        return _wait_for_linking(locked)

    return decide(incident, moderator, Action.LINK, reason, expected_version, change, now)


def reopen_link(
    *,
    incident: Incident,
    area: ProducingArea,
    moderator: User,
    reason: str,
    expected_version: int,
    now: datetime | None = None,
) -> Incident:
    """Take a confirmation or a refusal back: the rule proposes again, or does not. Raises DecisionRefused."""

    def change(locked: Incident) -> list[str]:
        locked.refused_links.filter(area=area).delete()
        locked.area_links.filter(area=area).update(method=AreaLink.Method.RULE)
        return _wait_for_linking(locked)

    return decide(incident, moderator, Action.LINK, reason, expected_version, change, now)


def _wait_for_linking(locked: Incident) -> list[str]:
    locked.linked_at = None
    locked.link_request += 1
    return ["linked_at", "link_request"]

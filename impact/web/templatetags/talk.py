"""`{% talk_panel incident %}`: the talk with the reporters of a case, wherever a page has room for it."""

from typing import Any

from django import template

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.moderation.access import writable_incidents
from impact.web.desk.talk import talks

register = template.Library()


@register.inclusion_tag("desk/_talk.html", takes_context=True)
def talk_panel(context: template.Context, incident: Incident) -> dict[str, Any]:
    """The panel, with forms for those who may write to the reporters of this case."""
    user = context["request"].user
    can_write = isinstance(user, User) and writable_incidents(user).filter(pk=incident.pk).exists()
    return {
        "incident": incident,
        "talks": talks(incident, can_write=can_write),
        "csrf_token": context.get("csrf_token"),
    }

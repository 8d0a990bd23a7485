"""The open alerts, for a page of the desk: `{% load alerts %}{% open_alerts %}`."""

from typing import Any

from django import template

from impact.web.desk import alerts

register = template.Library()


@register.inclusion_tag("desk/_alerts.html", takes_context=True)
def open_alerts(context: dict[str, Any]) -> dict[str, Any]:
    """The alerts that the reader of the page may see."""
    return {"alerts": alerts.open_alerts(context["request"].user)}

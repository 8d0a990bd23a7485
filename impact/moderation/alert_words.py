"""A rule in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from impact.moderation.alert_models import Alert, AlertRule
from impact.places.basemap import country_name
from impact.vocabulary import Theme


def rule_words(rule: AlertRule) -> str:
    """ "3 or more incidents within 10 km in 30 days: violence, Angola"."""
    words = ngettext(
        "%(least)s or more incidents within %(km)s km in %(days)s day",
        "%(least)s or more incidents within %(km)s km in %(days)s days",
        rule.window_days,
    ) % {"least": rule.least, "km": rule.radius_km, "days": rule.window_days}
    theme = str(Theme(rule.theme).label) if rule.theme else _("all themes")
    where = country_name(rule.country) if rule.country else _("all countries")
    return _("%(what)s: %(theme)s, %(where)s") % {"what": words, "theme": theme, "where": where}


def alert_words(alert: Alert) -> str:
    """The rule as it was when this alert was raised."""
    return rule_words(AlertRule(**alert.met_terms) if alert.met_terms else alert.rule)

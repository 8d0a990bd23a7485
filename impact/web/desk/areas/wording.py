"""How the desk words what was changed of a producing area."""

from typing import Any

from django.utils.translation import gettext as _

from impact.places.models import ProducingArea
from impact.vocabulary import AreaKind
from impact.web.desk.wording import minerals_words


def area_value_words(name: str, value: Any) -> str:
    """One value of an area, before or after a change."""
    if value in (None, "", [], False):
        return _("nothing")
    if value is True:
        return _("yes")
    if name == "kind":
        return str(AreaKind(value).label)
    if name == "minerals":
        return minerals_words(value)
    if name == "joined_to":
        other = ProducingArea.objects.filter(pk=value).first()
        return str(other or value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def area_reason_words(reason: str) -> str:
    """Why an area was changed: as somebody wrote it, or what an import says of it."""
    source = reason.removeprefix("no longer in ")
    return reason if source == reason else _("no longer in %(source)s") % {"source": source}


def area_column_words(name: str) -> str:
    """What a column of an area is called on the desk; the column itself for one that is not known."""
    return {
        "name": _("Name"), "aliases": _("Other names"), "country": _("Country"), "kind": _("Kind of mining"),
        "minerals": _("Minerals"), "operator": _("Operator"), "title_holder": _("Title holder"),
        "active_from": _("Worked from"), "active_to": _("Worked until"), "geometry": _("Where it is"),
        "accuracy_m": _("True place within (m)"), "is_approximate": _("Approximate"),
        "source": _("Source"), "source_date": _("Date of the source"), "licence": _("Licence"),
        "note": _("Note"), "absent_since": _("No longer in its source"), "retired_on": _("Retired"),
        "retired_because": _("Why"), "joined_to": _("Joined to"), "other": _("The other one"),
    }.get(name, name)  # fmt: skip

"""A row of the log as people read it: the reason, and what moved. Files keep the names of the columns."""

from typing import Any

from django.utils.translation import gettext as _

from impact.ledger.models import Entry
from impact.moderation.models import Decision
from impact.web.desk.log_details import detail_facts
from impact.web.desk.wording import column_words, value_words

_NOTHING: tuple[Any, ...] = ("", None, [], {})

Facts = tuple[tuple[str, str], ...]


def row_words(entry: Entry, decision: Decision | None) -> tuple[str, Facts]:
    """The reason that was given, "" where none is asked for, and the names and values of the rest."""
    content = getattr(entry, "content", None)
    if decision and not decision.erased_at:
        after = decision.after.items()
        return decision.reason, tuple((column_words(name), value_words(name, value)) for name, value in after)
    if decision or content is None or content.erased_at:
        return "", ((_("Details"), _("erased")),)
    told = {name: value for name, value in content.details.items() if value not in _NOTHING}
    reason = str(told.pop("reason", ""))
    return reason, tuple(detail_facts(entry.kind, told))

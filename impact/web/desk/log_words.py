"""A row of the log as people read it: the reason, and what moved. Files keep the names of the columns."""

from typing import Any

from django.utils.translation import gettext as _

from impact.incidents.custody import Deed
from impact.ledger.models import Entry
from impact.moderation.models import Decision
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
    return reason, tuple((detail_words(name), _plain(name, value)) for name, value in told.items())


def _plain(name: str, value: Any) -> str:
    if name in {"act", "deed"}:
        return deed_words(str(value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def deed_words(deed: str) -> str:
    """What was done with a piece of evidence or an export; one that this version does not know as it is."""
    return {
        Deed.SEEN: _("saw the copy"),
        Deed.DOWNLOADED: _("downloaded the original"),
        Deed.DERIVED: _("made a working copy"),
        Deed.BLURRED: _("blurred a part in a new copy"),
        Deed.LISTED: _("took the manifest"),
        "ordered": _("had it made"),
        "taken": _("took a file"),
    }.get(deed, deed)


def detail_words(name: str) -> str:
    """What a detail of a row of the log is called where it is read by people; files keep `name`."""
    return {
        "name": _("Name"),
        "device": _("Device"),
        "what": _("What"),
        "act": _("Deed"),
        "action": _("Deed"),
        "deed": _("Deed"),
        "why": _("Why"),
        "for_whom": _("For whom"),
        "file": _("File"),
        "format": _("Format"),
        "role": _("Role"),
        "organisation": _("Organisation"),
        "countries": _("Countries"),
        "factor": _("Second factor"),
        "source": _("Source"),
        "digest": _("Digest"),
        "export": _("Export"),
        "reporter": _("The reporter"),
        "sha256": "SHA-256",
    }.get(name) or column_words(name).replace("_", " ")

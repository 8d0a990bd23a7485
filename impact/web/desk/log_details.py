"""What a row of the log says besides a decision, in words. It is kept in codes and in phrases of ours, which
are the same in every language of whoever wrote them; what people wrote is told as they wrote it.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from impact.accounts.models import Role
from impact.exports.models import ExportKind
from impact.incidents.custody import Deed
from impact.ledger.models import Kind
from impact.places.area_records import AreaChange
from impact.places.basemap import country_name
from impact.vocabulary import Channel, Theme
from impact.web.desk.areas.wording import area_column_words, area_value_words
from impact.web.desk.wording import column_words, consent_words

_TERMS = {"theme", "least", "radius_km", "window_days"}


def detail_facts(kind: str, details: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The details of a row as names and values; what was changed as "before → after"."""
    before, after = details.get("before") or {}, details.get("after") or {}
    for name in sorted(details.keys() - {"before", "after"}, key=_place):
        yield detail_words(name), value_words(kind, name, details[name])
    for column in sorted(after, key=_place):
        old, now = (value_words(kind, column, side.get(column)) for side in (before, after))
        yield _changed_words(kind, column), f"{old} → {now}"


def _place(name: str) -> tuple[int, str]:
    """What was done comes first. PostgreSQL does not keep the order in which details were written."""
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST)), name


def value_words(kind: str, name: str, value: Any) -> str:
    """One detail of a row of this kind; what this version does not know is told as it is."""
    if kind == Kind.AREA and name not in _OF_ROWS:
        return area_value_words(name, value)
    if value in ("", None, [], {}):
        return _("nothing")
    if name in {"what", "action"}:
        return _deed_of(kind, str(value))
    if isinstance(value, list):
        return ", ".join(value_words(kind, name, one) for one in value)
    words = _VALUES.get(name)
    return words(str(value)) if words else str(value)


def _deed_of(kind: str, value: str) -> str:
    if kind == Kind.EXPORT:
        code, _space, name = value.partition(" ")
        return f"{_label(ExportKind, code)} · {name}"
    if kind == Kind.AREA:
        return _label(AreaChange.Action, value)
    return phrase_words(value)


def phrase_words(phrase: str) -> str:
    """A phrase of ours that says what was done, in the language of the page."""
    return {
        "added": _("added"),
        "removed": _("removed"),
        "made anew": _("made anew"),
        "changed": _("changed"),
        "chosen": _("chosen"),
        "invited": _("invited"),
        "made by command": _("made by command"),
        "role given": _("role given"),
        "role taken": _("role taken"),
        "account opened": _("account opened"),
        "account closed": _("account closed"),
        "password and second factors taken away": _("password and second factors taken away"),
        "password and second factors taken away, by command": _(
            "password and second factors taken away, by command"
        ),
        "organisation added": _("organisation added"),
        "route set": _("route set"),
        "route removed": _("route removed"),
        "rule added": _("rule added"),
        "rule changed": _("rule changed"),
        "rule switched on": _("rule switched on"),
        "rule switched off": _("rule switched off"),
        "key made": _("key made"),
        "key revoked": _("key revoked"),
        "webhook added": _("webhook added"),
        "webhook changed": _("webhook changed"),
        "webhook removed": _("webhook removed"),
        "webhook stopped": _("webhook stopped"),
        "webhook secret renewed": _("webhook secret renewed"),
        "seen to": _("seen to"),
        "let in": _("let in"),
        "discarded": _("discarded"),
    }.get(phrase, phrase)


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
        "rule": _("Rule"),
        "channel": _("Channel"),
        "created": _("New"),
        "updated": _("Changed"),
        "retired": _("Retired"),
        "messages": _("Messages"),
        "told": _("Told"),
        "rows": _("Rows"),
        "head": _("Head"),
        "scopes": _("Opens"),
        "until": _("Ends"),
        "agreed": _("Agreed to"),
    }.get(name) or (_term_words(name) if name in _TERMS else column_words(name).replace("_", " "))


def _changed_words(kind: str, column: str) -> str:
    return area_column_words(column) if kind == Kind.AREA else detail_words(column)


def _term_words(name: str) -> str:
    """What a term of an alert rule is called, as on the form of the rule."""
    return {
        "theme": _("theme"),
        "least": _("incidents at least"),
        "radius_km": _("within kilometres"),
        "window_days": _("in days"),
    }[name].capitalize()


def _rule_words(value: str) -> str:
    number = value.removeprefix("alert rule ")
    return _("rule %(number)s") % {"number": number} if number.isdecimal() else value


def _factor_words(value: str) -> str:
    return {
        "totp": _("app on a telephone"),
        "webauthn": _("passkey"),
        "recovery_codes": _("recovery codes"),
    }.get(value, value)


def _witness_words(value: str) -> str:
    return {"file": _("the file"), "mail": _("by e-mail")}.get(value, value)


def _label(choices: Any, code: str) -> str:
    return str(choices(code).label) if code in choices.values else code


_FIRST = ("act", "action", "deed", "what", "factor", "name", "role", "organisation", "country", "countries")
_OF_ROWS = {"action", "source", "created", "updated", "retired"}
_VALUES: dict[str, Callable[[str], str]] = {
    "act": deed_words,
    "deed": deed_words,
    "role": lambda code: _label(Role, code),
    "channel": lambda code: _label(Channel, code),
    "theme": lambda code: _label(Theme, code),
    "country": country_name,
    "countries": country_name,
    "factor": _factor_words,
    "rule": _rule_words,
    "told": _witness_words,
    "agreed": consent_words,
}

"""How the desk names what was found in words that could point to somebody."""

from django.utils.translation import gettext as _

from impact.understanding.redaction import Finding, Kind


def kind_words(kind: Kind) -> str:
    return {
        Kind.EMAIL: _("e-mail address"),
        Kind.LINK: _("link or handle"),
        Kind.COORDINATES: _("coordinates"),
        Kind.IDENTITY: _("identity number"),
        Kind.PLATE: _("licence plate"),
        Kind.PHONE: _("telephone number"),
        Kind.ADDRESS: _("address"),
        Kind.RELATION: _("somebody’s relation"),
        Kind.NAME: _("name"),
        Kind.PLACE: _("exact place"),
        Kind.UNREAD: _("words in a script in which names are not found"),
    }[kind]


def finding_words(finding: Finding) -> str:
    """The kind with a capital, and the sign where it is not plain: "Name (written with a capital)"."""
    kind = kind_words(finding.kind)
    why = {
        "beside_title": _("beside a title"),
        "introduced": _("introduced as a name"),
        "written_large": _("written with a capital"),
        "in_words": _("in words"),
        "gazetteer": _("known to the list of places"),
    }.get(finding.why, "")
    words = f"{kind} ({why})" if why else kind
    return words[:1].upper() + words[1:]

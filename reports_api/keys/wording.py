"""The kinds of errors of deliveries, as people read them; programs are told the kinds themselves."""

from django.utils.translation import gettext as _


def error_words(kind: str) -> str:
    """What went wrong last, in the language of the page; a kind that this version does not know as it is."""
    if kind.startswith("status "):
        return _("it answered %(status)s") % {"status": kind.removeprefix("status ")}
    return {
        "too slow": _("it took longer than ten seconds"),
        "not reached": _("it could not be reached"),
        "no such host": _("its name is not known"),
        "no HTTP answer": _("it did not answer as a web server does"),
        "certificate or TLS": _("its certificate is not good for its name"),
        "unsafe address": _("it leads into a private network, and is not called"),
        "redirect, not followed": _("it sends on to another address, which is not followed"),
        "secret not readable": _("its secret is sealed with a key that is not here"),
    }.get(kind, kind)

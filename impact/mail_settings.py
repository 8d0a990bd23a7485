"""How mail leaves: one address in the environment, read strictly, and off unless it says otherwise."""

from email.utils import parseaddr
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
_WITHOUT_SERVER = ("consolemail", "filemail", "memorymail", "dummymail")
_OFF = "dummymail://"
TIMEOUT_S = 15


def mail_settings(url: str, sender: str) -> dict[str, Any]:
    """Django's e-mail settings from HEADLAMP_EMAIL_URL and HEADLAMP_EMAIL_FROM; without a URL, no mail.

    `EMAIL_IS_ON` says whether anything leaves at all. Raises ImproperlyConfigured, which names the
    variable and never its value: a password is part of it.
    """
    scheme = (url or _OFF).partition("://")[0]
    if scheme not in _PORTS and scheme not in _WITHOUT_SERVER:
        known = ", ".join(f"{name}://" for name in (*_PORTS, *_WITHOUT_SERVER))
        raise ImproperlyConfigured(f"HEADLAMP_EMAIL_URL must begin with one of {known}")
    try:
        config = dict(environ.Env.email_url_config(url or _OFF))
    except ValueError:
        raise ImproperlyConfigured("HEADLAMP_EMAIL_URL is not a valid address") from None
    if scheme in _PORTS and not config["EMAIL_HOST"]:
        raise ImproperlyConfigured("HEADLAMP_EMAIL_URL names no server")
    if scheme in _PORTS and not sender:
        raise ImproperlyConfigured("HEADLAMP_EMAIL_FROM is not set, and HEADLAMP_EMAIL_URL needs it")
    if sender:
        _refuse_bad_sender(sender)
    return {
        **config,
        "EMAIL_HOST": config["EMAIL_HOST"] or "",
        "EMAIL_HOST_USER": config["EMAIL_HOST_USER"] or "",
        "EMAIL_HOST_PASSWORD": config["EMAIL_HOST_PASSWORD"] or "",
        "EMAIL_PORT": config["EMAIL_PORT"] or _PORTS.get(scheme, 0),
        "EMAIL_FILE_PATH": f"/{config['EMAIL_FILE_PATH']}" if scheme == "filemail" else None,
        "EMAIL_TIMEOUT": TIMEOUT_S,
        "EMAIL_IS_ON": scheme != "dummymail",
        "DEFAULT_FROM_EMAIL": sender or "headlamp@localhost",
        "SERVER_EMAIL": sender or "headlamp@localhost",
    }


def _refuse_bad_sender(sender: str) -> None:
    try:
        validate_email(parseaddr(sender)[1])
    except ValidationError:
        raise ImproperlyConfigured("HEADLAMP_EMAIL_FROM is not an e-mail address") from None

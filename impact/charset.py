"""A request that names a character set which is none must not become an error of ours.

Python knows codecs between bytes ("hex", "base64") by the same register as character sets, so Django takes
their names (5.2: `HttpRequest._set_content_type_params`), and fails where it first decodes the query: in
making the request, before any middleware. Anybody could fill the log with errors that way.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.http import parse_header_parameters

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def only_character_sets(application: Application) -> Application:
    """The application, with a content type without parameters where its charset can't decode text."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        content_type = environ.get("CONTENT_TYPE", "")
        if "charset" in content_type.lower() and not _can_decode(content_type):
            environ["CONTENT_TYPE"] = content_type.partition(";")[0]
        return application(environ, start_response)

    return answer


def _can_decode(content_type: str) -> bool:
    try:
        charset = parse_header_parameters(content_type)[1].get("charset", "utf-8")
        return isinstance(b"a=b".decode(charset, "replace"), str)
    except (LookupError, ValueError):
        return False

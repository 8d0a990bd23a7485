"""A request that names a character set which is none must not become an error of ours.

Python knows codecs between bytes ("hex", "base64") by the same register as character sets, so Django
takes their names, and fails where it first decodes a query.
"""

import codecs
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class CharacterSetMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.encoding and not _is_character_set(request.encoding):
            request.encoding = "utf-8"
        return self.get_response(request)


def _is_character_set(name: str) -> bool:
    try:
        return isinstance(b"".decode(codecs.lookup(name).name), str)
    except LookupError:
        return False

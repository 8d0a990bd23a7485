import io
from typing import Any

import pytest

from impact.wsgi import application

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "charset", ["hex", "base64", "rot13", "zlib", "undefined", "nothing", "utf-8", "latin-1", '"', "hex; a=b"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_name_of_a_character_set_breaks_a_page(charset: str, method: str) -> None:
    said: list[str] = []

    def start(status: str, headers: Any, *more: Any) -> None:
        said.append(status)

    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": "/sms/kannel/guess/",
        "QUERY_STRING": "id=1&a=%ff",
        "CONTENT_TYPE": f"text/plain; charset={charset}",
        "CONTENT_LENGTH": "3",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(b"a=b"),
        "wsgi.errors": io.StringIO(),
    }
    b"".join(application(environ, start))
    assert int(said[0][:3]) < 500

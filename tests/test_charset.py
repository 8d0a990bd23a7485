import io
import threading
from importlib import import_module
from typing import Any

import pytest

from impact.charset import Application


@pytest.fixture
def application(db: None) -> Application:
    """As a server has it: imported where the database may be asked, and left when the thread that loads names
    at its start is done. At the head of a test file it would ask while the suite is still being collected."""
    served: Application = import_module("impact.wsgi").application
    for thread in threading.enumerate():
        if thread.name == "loading names":
            thread.join()
    return served


@pytest.mark.parametrize(
    "charset", ["hex", "base64", "rot13", "zlib", "undefined", "nothing", "utf-8", "latin-1", '"', "hex; a=b"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_name_of_a_character_set_breaks_a_page(
    application: Application, charset: str, method: str
) -> None:
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

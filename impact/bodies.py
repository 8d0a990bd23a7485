"""Bodies between the server and Django: one without a length gets one, and HEAD gets none.

A body may come in parts, with no length said before (RFC 9112, 7.1). Django reads as many bytes as
Content-Length says, none where there is none. OpenRosa asks servers to take chunked submissions, and a
program that sends so would lose its report behind an error that says it was empty. A proxy that buffers (as
deploy/nginx.conf does) has counted already; this is for the rest.
"""

import io
from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def with_lengths(application: Application, *, most_bytes: int) -> Application:
    """The application, with a Content-Length wherever the server knows the end of a body without one.

    At most a byte more than `most_bytes` is read and held, in memory: what is longer is refused behind.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("wsgi.input_terminated") and not environ.get("CONTENT_LENGTH"):
            body = environ["wsgi.input"].read(most_bytes + 1)
            environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
        return application(environ, start_response)

    return answer


def without_bodies(application: Application) -> Application:
    """The application, which answers HEAD with headers alone (RFC 9110, 9.3.2).

    Django leaves that to the server, and gunicorn drops the body with a warning for every such request: one
    a minute from whoever watches the site.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = application(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return body
        if close := getattr(body, "close", None):
            close()
        return ()

    return answer

"""What every answer has: the headers by which Collect knows an OpenRosa server, and its envelope."""

from http import HTTPStatus
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpResponse

LARGEST_BODY_BYTES = settings.FILE_UPLOAD_MAX_MEMORY_SIZE
HEADERS = {
    "X-OpenRosa-Version": "1.0",
    "X-OpenRosa-Accept-Content-Length": str(LARGEST_BODY_BYTES),
}
_XML = "text/xml; charset=utf-8"


def xml_response(document: str, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    """An XML document, with its declaration where it has none."""
    if not document.startswith("<?xml"):
        document = f'<?xml version="1.0" encoding="UTF-8"?>{document}'
    return HttpResponse(document, status=status, content_type=_XML, headers=HEADERS)


def answer(status: HTTPStatus, message: str) -> HttpResponse:
    """A sentence (translated) that Collect shows to the person with the phone."""
    nature = "submit_success" if status < HTTPStatus.BAD_REQUEST else "submit_error"
    return xml_response(
        f'<OpenRosaResponse xmlns="http://openrosa.org/http/response"><message nature="{nature}">'
        f"{escape(message)}</message></OpenRosaResponse>",
        status,
    )

"""What Collect asks for before it sends: the list of forms, and the form. And a page for people."""

from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from reports_api.openrosa.envelope import xml_response
from reports_api.openrosa.form import FORM_ID, report_form


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """For the person who sets up a phone: the address to write into Collect."""
    address = request.build_absolute_uri(reverse("openrosa:about")).rstrip("/")
    return render(request, "reports_api/openrosa.html", {"address": address})


@require_safe
def form_list(request: HttpRequest) -> HttpResponse:
    """The one form, with the hash by which Collect sees that it changed."""
    form = report_form()
    address = request.build_absolute_uri(reverse("openrosa:form"))
    return xml_response(
        '<xforms xmlns="http://openrosa.org/xforms/xformsList"><xform>'
        f"<formID>{FORM_ID}</formID><name>{escape(form.title)}</name><version>{form.version}</version>"
        f"<hash>{form.hash}</hash><downloadUrl>{escape(address)}</downloadUrl></xform></xforms>"
    )


@require_safe
def form(request: HttpRequest) -> HttpResponse:
    """The XForm itself."""
    return xml_response(report_form().xml.decode())

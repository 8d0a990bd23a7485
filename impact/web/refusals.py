"""A form that came without its token: said in the reader's language, and nothing that was written is lost."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field
_OWN_WORDS = ("text", "words", "reason")


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for Django's CSRF_FAILURE_VIEW.

    A report can be sent again from it as it was: it acts in nobody's name, so that another site gains nothing
    by making somebody press that button. Every other form gives back the words alone.
    """
    match = request.resolver_match
    is_report = match is not None and match.view_name == "web:report"
    given = [(name, value) for name, values in request.POST.lists() for value in values if name != _TOKEN]
    context = {
        "again": given if is_report else [],
        "words": "" if is_report else "\n\n".join(value for name, value in given if name in _OWN_WORDS),
    }
    return render(request, "403_csrf.html", context, status=403)

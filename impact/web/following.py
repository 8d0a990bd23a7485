"""Where a reporter comes back with the code of a report.

There is no limit on tries: a code has 117 bits, which no number of tries exhausts, and a limit by
address would lock out a whole village behind one operator's gateway.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from impact.incidents.following import report_by_code

_LONGEST_CODE = 100  # characters; a code has 29, and people add spaces


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for the code; on POST say where the report stands. The code is never in an address."""
    code = request.POST.get("code", "").strip()[:_LONGEST_CODE] if request.method == "POST" else ""
    status = report_by_code(code) if code else None
    context = {"status": status, "code": code, "is_refused": request.method == "POST" and status is None}
    return render(request, "following/follow.html", context)

"""Where a reporter comes back with the code of a report.

There is no limit on tries: a code has 117 bits, which no number of tries exhausts, and a limit by
address would lock out a whole village behind one operator's gateway.
"""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from impact.incidents.consenting import change_consents
from impact.incidents.draft import Consents, DraftError
from impact.incidents.evidence import LIMIT_BYTES, EvidenceRefused, too_large
from impact.incidents.following import answer_by_code, evidence_by_code, mark_read, report_by_code

_LONGEST_CODE = 100  # characters; a code has 29, and people add spaces
_LONGEST_KEY = 40


@never_cache
@sensitive_post_parameters("code", "words")
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for the code; on POST say where the report stands, and take what the reporter adds.

    The code is never in an address.
    """
    code = request.POST.get("code", "").strip()[:_LONGEST_CODE] if request.method == "POST" else ""
    context = {"code": code, "words": "", "key": uuid4().hex, "is_refused": False}
    if code and "words" in request.POST:
        words, key = request.POST["words"], request.POST.get("key", "")[:_LONGEST_KEY]
        try:
            context["is_added"] = answer_by_code(code, words, key)
        except DraftError as error:
            context |= {"words": words, "key": key, "error": error.message}
    elif code and "consents" in request.POST:
        agreed = Consents(**{name: name in request.POST for name in ("follow_up", "share", "publish")})
        context["is_changed"] = change_consents(code=code, consents=agreed)
    elif code and request.content_type == "multipart/form-data":
        context |= _taken(code, request.FILES.getlist("evidence"))
    status = report_by_code(code) if code else None
    if status is not None:
        mark_read(code)
    context |= {"status": status, "is_refused": request.method == "POST" and status is None}
    return render(request, "following/follow.html", context)


def _taken(code: str, sent: "Sequence[UploadedFile[Any]]") -> dict[str, object]:
    """Keep files with the report; what is refused says why. A larger body than is read has no file."""
    if not sent:
        return {
            "file_error": _("Choose a file of at most %(limit)s MB.") % {"limit": LIMIT_BYTES // 1_000_000}
        }
    refusals, kept = [], False
    try:
        for file in sent:
            name = file.name or ""
            try:
                if file.size is None or file.size > LIMIT_BYTES:
                    raise EvidenceRefused(too_large())
                kept = evidence_by_code(code, file.read(), name) or kept
            except EvidenceRefused as refused:
                refusals.append(refused.message if len(sent) == 1 else f"{name}: {refused.message}")
        return {"is_added": kept, "file_error": " ".join(refusals)}
    except OSError:
        return {
            "file_error": _("There is no room for files at the moment. Your words are safe; try again later.")
        }

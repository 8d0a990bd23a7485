"""The gateways on the desk: how each line is, and what was held for review. Under /moderate/gateways/."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from impact.accounts.models import User
from impact.accounts.permissions import moderator_required
from impact.places.basemap import country_name
from sms_gateway.desk.health import SILENT_FROM, line_healths, spool_health
from sms_gateway.desk.reviewing import ReasonMissing, discard_held, held_messages, release_held


@moderator_required
@require_safe
def gateways(request: HttpRequest) -> HttpResponse:
    """The lines, the spool, and what waits for this moderator."""
    assert isinstance(request.user, User)  # noqa: S101 - moderator_required let nobody else in
    return render(
        request,
        "sms_gateway/gateways.html",
        {
            "lines": line_healths(),
            "spool": spool_health(),
            "held": [
                replace(group, country=country_name(group.country) if group.country else "")
                for group in held_messages(request.user)
            ],
            "silent_from": int(SILENT_FROM),
        },
    )


@moderator_required
@require_POST
def review(request: HttpRequest, contact_id: int, action: str) -> HttpResponse:
    """Let in or discard what is held of one person."""
    if action not in {"release", "discard"} or not isinstance(request.user, User):
        raise Http404
    if action == "release":
        count = release_held(contact_id=contact_id, moderator=request.user)
        said = ngettext("%d message goes on its way.", "%d messages go on their way.", count) % count
        messages.success(request, said)
        return redirect("gateways:gateways")
    try:
        count = discard_held(
            contact_id=contact_id, moderator=request.user, reason=request.POST.get("reason", "")
        )
    except ReasonMissing:
        messages.error(request, _("Say why these messages are discarded."))
    else:
        said = ngettext(
            "%d message is discarded and on file.", "%d messages are discarded and on file.", count
        )
        messages.success(request, said % count)
    return redirect("gateways:gateways")

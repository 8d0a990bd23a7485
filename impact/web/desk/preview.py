"""The public page of a case as it would be with these words, and nothing saved."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from impact.accounts.permissions import desk_required
from impact.moderation.access import get_visible_incident
from impact.publication.previewing import as_if_public
from impact.publication.redacting import identifying_in
from impact.web.desk.highlighting import Segment, highlighted
from impact.web.public.incidents import page_of

TEXT_LIMIT = 5000


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("text")
@desk_required
def preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The draft comes by POST, so that it stands in no address; without one, what the case holds."""
    incident = get_visible_incident(request.user, pk)
    text = request.POST.get("text", incident.public_text)
    with as_if_public(incident, text[:TEXT_LIMIT]) as published:
        if published is not None:
            return render(request, "public/incident.html", page_of(published))
    messages.info(request, gettext("It has no page: the world sees it only as one more in a rounded count."))
    return redirect("desk:case", pk)


def public_words(text: str, country: str) -> list[Segment]:
    """Words for the public, marked where something could point to somebody, exact places too."""
    return highlighted(text, None, identifying_in(text, country), marks_places=True)

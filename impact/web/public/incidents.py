"""One published incident: its public version, and nothing else."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from impact.publication.freshness import fresh
from impact.publication.models import PublishedIncident
from impact.publication.published import published_incidents
from impact.web.public.citing import citation
from impact.web.public.listing import listed_incident


@require_safe
@fresh
def incident(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A published incident; 410 with a stone for one that was taken back."""
    published = published_incidents().filter(pk=pk).first()
    if published is not None:
        return render(
            request,
            "public/incident.html",
            page_of(published),
        )
    if PublishedIncident.objects.filter(pk=pk).exists():
        return render(request, "public/retracted.html", status=410)
    raise Http404(_("There is no such incident."))


def page_of(published: PublishedIncident) -> dict[str, object]:
    """What the page of a published incident is made of."""
    shown = listed_incident(published)
    return {
        "incident": shown,
        "citation": citation(f"{shown.harms}, {shown.where}, {shown.when}", "web:incident", published.pk),
        "record": published,
        "uncertainty_km": round((published.uncertainty_m or 0) / 1000),
    }

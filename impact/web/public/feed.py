"""The Atom feed (RFC 4287) of what was published lately, and what was taken back (RFC 6721)."""

from datetime import UTC, date, datetime, time
from typing import Any
from xml.sax.xmlreader import AttributesImpl  # to write with, not to read

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, rfc3339_date
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from impact.publication.filtering import FilterError, IncidentFilter, filter_parameters
from impact.publication.freshness import fresh
from impact.publication.models import PublishedIncident
from impact.publication.published import published_incidents
from impact.web.public.listing import listed_incident
from impact.web.templatetags.languages import in_language

ENTRIES = 50
_STONES = 500
_BEFORE_ANY = datetime(2000, 1, 1, tzinfo=UTC)


class IncidentFeed(Atom1Feed):
    """An Atom feed with deleted entries, points, and no clock: only days on which something became public."""

    def __init__(self, *, updated_at: datetime, stones: list[tuple[str, datetime]], **named: Any) -> None:
        super().__init__(**named)
        self._updated_at = updated_at
        self._stones = stones

    def latest_post_date(self) -> datetime:
        return self._updated_at

    def root_attributes(self) -> dict[str, str]:
        return {
            **super().root_attributes(),
            "xmlns:at": "http://purl.org/atompub/tombstones/1.0",
            "xmlns:georss": "http://www.georss.org/georss",
        }

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        for identifier, when in self._stones:
            attributes = AttributesImpl({"ref": identifier, "when": rfc3339_date(when)})
            handler.startElement("at:deleted-entry", attributes)
            handler.addQuickElement("at:comment", _("Taken back."))
            handler.endElement("at:deleted-entry")

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item["point"]:
            handler.addQuickElement("georss:point", item["point"])


@require_safe
@fresh
def incidents(request: HttpRequest) -> HttpResponse:
    """The latest published incidents that pass the filter in the address; stones pass every filter."""
    try:
        chosen = IncidentFilter.parse(filter_parameters(request.GET))
    except FilterError as error:
        return HttpResponse(f"{error}\n", status=400, content_type="text/plain; charset=utf-8")
    stones = list(
        PublishedIncident.objects.filter(retracted_on__isnull=False)
        .order_by("-retracted_on", "id")
        .values_list("id", "retracted_on")[:_STONES]
    )
    latest = list(published_incidents(chosen).order_by("-published_on", "id")[:ENTRIES])
    days = [incident.published_on for incident in latest] + [day for _id, day in stones if day]
    query = f"?{urlencode(chosen.as_params())}" if chosen.as_params() else ""
    words = chosen.words()
    feed = IncidentFeed(
        title=_("Published incidents") + (f": {words}" if words else ""),
        link=f"{settings.PUBLIC_URL}{reverse('web:map')}{query}",
        description=_("Public versions: a hexagon instead of a place, a week or month instead of a day."),
        feed_url=f"{settings.PUBLIC_URL}{reverse('web:feed')}{query}",
        author_name="Headlamp",
        language=get_language(),
        updated_at=max(map(_moment, days), default=_BEFORE_ANY),
        stones=[(f"urn:uuid:{public_id}", _moment(day)) for public_id, day in stones if day],
    )
    for incident in latest:
        listed = listed_incident(incident)
        meta = " · ".join(part for part in (listed.when, listed.where, listed.people) if part)
        marked = _("FICTIONAL") + ": " if incident.is_fictional else ""
        feed.add_item(
            title=f"{marked}{listed.harms}, {listed.where}",
            link=f"{settings.PUBLIC_URL}{reverse('web:incident', args=[incident.pk])}",
            description=_told(meta, listed.text),
            unique_id=f"urn:uuid:{incident.pk}",
            pubdate=_moment(incident.published_on),
            updateddate=_moment(incident.published_on),
            point=f"{incident.latitude} {incident.longitude}" if incident.latitude is not None else "",
        )
    body = feed.writeString("utf-8")
    return HttpResponse(body, content_type="application/atom+xml; charset=utf-8")


def _told(meta: str, text: str) -> str:
    """The words of an entry, which are declared as HTML: those of the incident in their own language."""
    return f"{escape(meta)}." + (f" <span{in_language(text)}>{escape(text)}</span>" if text else "")


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(0), UTC)

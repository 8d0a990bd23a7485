"""/metrics in Prometheus' text format: how long the queues are and how old what is in them. No personal data.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Min, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from impact.incidents.models import Incident
from impact.operations.models import Heartbeat
from sms_gateway.desk.health import line_healths, spool_health
from sms_gateway.models import InboundMessage, OutboundMessage

_LOOPBACK = {"127.0.0.1", "::1"}


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever holds HEADLAMP_METRICS_TOKEN (`Authorization: Bearer …`); without one set, for this
    machine itself, unless a proxy stands in front. To others the address does not exist."""
    if not _may_read(request):
        raise Http404
    return HttpResponse("\n".join([*_lines(), ""]), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}")
    is_forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    is_behind_proxy = getattr(settings, "SECURE_PROXY_SSL_HEADER", None) is not None
    return request.META.get("REMOTE_ADDR") in _LOOPBACK and not is_forwarded and not is_behind_proxy


def _lines() -> Iterator[str]:
    now = timezone.now()
    received = InboundMessage.objects.filter(state=InboundMessage.State.RECEIVED)
    unsent = OutboundMessage.objects.filter(
        state__in=(OutboundMessage.State.QUEUED, OutboundMessage.State.SENDING)
    )
    spool = spool_health()
    yield from _gauge("headlamp_spool_messages", "Messages outside the database", [("", spool.waiting)])
    yield from _gauge("headlamp_spool_age_seconds", "Of the oldest", [("", _age_s(spool.oldest_at, now))])
    yield from _queue("headlamp_received", "Messages not taken in yet", received, now)
    yield from _queue("headlamp_unsent", "Messages not sent yet", unsent, now)
    for name, model in (("inbound", InboundMessage), ("outbound", OutboundMessage)):
        rows = model._default_manager.order_by().values_list("provider", "state").annotate(count=Count("pk"))
        values = [(f'{{line="{line}",state="{state}"}}', count) for line, state, count in rows]
        yield from _gauge(f"headlamp_{name}_messages", f"{name.capitalize()} messages by state", values)
    silent = [(f'{{line="{line.name}"}}', int(line.is_silent)) for line in line_healths(now)]
    yield from _gauge("headlamp_line_silent", "1 for a line that is silent against its habits", silent)
    unlinked = Incident.objects.filter(linked_at__isnull=True).count()
    yield from _gauge("headlamp_unlinked_incidents", "Incidents not linked to areas yet", [("", unlinked)])
    beat_at = Heartbeat.objects.order_by("-beat_at").values_list("beat_at", flat=True).first()
    if beat_at is not None:
        yield from _gauge(
            "headlamp_worker_beat_age_seconds", "Since a worker was seen", [("", _age_s(beat_at, now))]
        )


def _queue(
    name: str, told: str, rows: "QuerySet[InboundMessage] | QuerySet[OutboundMessage]", now: datetime
) -> Iterator[str]:
    found = rows.aggregate(count=Count("pk"), oldest=Min("created_at"))
    yield from _gauge(f"{name}_messages_waiting", told, [("", found["count"])])
    yield from _gauge(f"{name}_age_seconds", "Of the oldest", [("", _age_s(found["oldest"], now))])


def _gauge(name: str, told: str, values: Sequence[tuple[str, float]]) -> Iterator[str]:
    yield f"# HELP {name} {told}"
    yield f"# TYPE {name} gauge"
    for labels, value in values:
        yield f"{name}{labels} {value:g}"


def _age_s(moment: datetime | None, now: datetime) -> float:
    return round(max(0.0, (now - moment).total_seconds()), 1) if moment else 0.0

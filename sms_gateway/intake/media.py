"""Pictures and recordings that came with a message: noted with it, fetched by a worker, kept as evidence."""

import logging
import time
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from impact.incidents.evidence import LIMIT_BYTES, EvidenceRefused, keep_original
from impact.incidents.models import Report
from impact.operations.claiming import claim
from impact.sealing import seal_bytes, unseal_bytes
from sms_gateway.faults import fault
from sms_gateway.inbound import Media
from sms_gateway.models import InboundMedia, InboundMessage
from sms_gateway.providers import PROVIDERS
from sms_gateway.providers.contract import MediaError

# Twilio makes a picture available some seconds after its message; an outage lasts a day.
WAITS = (
    timedelta(seconds=15),
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
TURN_S = 20.0  # then what is to be sent has its turn, before the next is fetched
_MOST_OF_A_MESSAGE = 20

logger = logging.getLogger("headlamp.sms")


def note_media(message: InboundMessage, media: Sequence[Media]) -> None:
    """Note what came with a message, in the transaction that keeps it. Twice is once."""
    if not media:
        return
    now = timezone.now()
    InboundMedia.objects.bulk_create(
        [
            InboundMedia(
                message=message,
                position=position,
                content_type=_clean(item.content_type)[:100],
                file_name=_clean(item.file_name)[:200],
                url=_clean(item.url),
                content=seal_bytes(item.content) if item.content else b"",
                try_after=now,
            )
            for position, item in enumerate(media[:_MOST_OF_A_MESSAGE])
        ],
        ignore_conflicts=True,
    )


def _clean(said: str) -> str:
    """Without what a database can't hold: NUL, and half a surrogate pair."""
    return said.encode("utf-8", "replace").decode().replace("\0", "")


def keep_media(limit: int = 20) -> int:
    """Fetch what waits and keep it with its report: a worker's turn. Returns how many were kept."""
    ends = time.monotonic() + TURN_S
    due = InboundMedia.objects.select_related("message").filter(
        state=InboundMedia.State.WAITING,
        try_after__lte=timezone.now(),
        message__state=InboundMessage.State.DONE,
    )
    return sum(_keep(item) for item in due.order_by("try_after")[:limit] if time.monotonic() < ends)


def _keep(item: InboundMedia) -> bool:
    wait = WAITS[min(item.attempts, len(WAITS) - 1)]
    if not claim(item, still={"state": InboundMedia.State.WAITING}, try_after=timezone.now() + wait):
        return False
    report = Report.objects.filter(reference=item.message.report_reference).only("pk").first()
    try:
        if report is None:
            raise MediaError("no report", permanent=True)
        evidence = keep_original(
            report_id=report.pk,
            content=_content(item),
            file_name=item.file_name,
            source=item.message.provider,
            received_at=item.message.received_at,
        )
    except EvidenceRefused:
        _end(item, InboundMedia.State.REFUSED, "not taken")
    except MediaError as error:
        if error.permanent or item.attempts + 1 >= len(WAITS):
            _end(item, InboundMedia.State.FAILED, error.code)
    except Exception as error:  # noqa: BLE001  (one that fails must not hold up the others)
        logger.error("media %s not kept: %s", item.pk, fault(error))
    else:
        item.evidence = evidence
        _end(item, InboundMedia.State.KEPT, "")
        return True
    return False


def _content(item: InboundMedia) -> bytes:
    if item.content:
        return unseal_bytes(bytes(item.content))
    media = Media(item.content_type, item.url)
    provider = PROVIDERS.get(item.message.provider)
    if provider is None:
        raise MediaError("line is gone", permanent=False)
    return provider.fetch_media(media, LIMIT_BYTES)


def _end(item: InboundMedia, state: InboundMedia.State, error: str) -> None:
    if state is not InboundMedia.State.KEPT:
        logger.warning("media %s %s: %s", item.pk, state, error)
    # What is kept as evidence is not kept here as well; what was refused stays for a moderator to ask for.
    content = {"content": b""} if state is InboundMedia.State.KEPT else {}
    InboundMedia.objects.filter(pk=item.pk).update(
        state=state, error=error, evidence=item.evidence, **content
    )

"""Saying on, in the transaction of the change, that an incident became public or was taken back."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string


class PublicEvent(StrEnum):
    """What the world can see for itself. What is told in counts only is never among it."""

    PUBLISHED = "incident.published"
    RETRACTED = "incident.retracted"


def announce(event: PublicEvent, published_id: UUID, at: datetime) -> None:
    """Tell those whom settings.ANNOUNCE names. What they note stays or goes with the change itself."""
    for name in settings.ANNOUNCE:
        told: Callable[[PublicEvent, UUID, datetime], None] = import_string(name)
        told(event, published_id, at)

"""How a page is cited: who says it, what it is, and the address, which no address bar has to give."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from impact.publication.models import Snapshot
from impact.publication.snapshots.taking import latest_snapshot


@dataclass(frozen=True, slots=True)
class Citation:
    """`words` go before the `address`. `snapshot` is the latest one of everything, which never changes, for a
    page that does change."""

    words: str
    address: str
    snapshot: Snapshot | None = None


def citation(title: str, name: str, key: object) -> Citation:
    """Of a page that changes when more is published or taken back: who reads it adds the day."""
    if settings.DEMO:
        title = f"{title} ({_('FICTIONAL DEMONSTRATION DATA')})"
    return Citation(f"{settings.ORGANISATION}. {title}.", address_of(name, key), latest_snapshot())


def address_of(name: str, key: object) -> str:
    """The address of a page as the world knows it, without a language or a filter."""
    return f"{settings.PUBLIC_URL}{reverse(name, args=[key])}"

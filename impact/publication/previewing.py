"""An incident as if it were public with these words: written as publishing writes it, seen, and undone."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from impact.incidents.models import Incident
from impact.publication.models import PublishedIncident
from impact.publication.published import published_incidents
from impact.publication.publishing import preview_day
from impact.publication.versions import public_version, write_version
from impact.publication.wording import public_words


@contextmanager
def as_if_public(incident: Incident, text: str) -> Iterator[PublishedIncident | None]:
    """The published incident while the block runs; None for one that is only counted. Nothing stays."""
    with transaction.atomic():
        version = public_version(incident, public_words(text))
        written = write_version(incident.pk, version, preview_day(incident, timezone.now()))
        yield published_incidents().filter(pk=written.pk).first() if written else None
        transaction.set_rollback(True)

from collections.abc import Iterator

from django.apps import AppConfig
from django.conf import settings


class PublicationConfig(AppConfig):
    name = "impact.publication"
    label = "publication"

    def doctor_lines(self) -> Iterator[tuple[str, str, bool]]:
        """What `doctor` says of when the world sees a decision."""
        days = settings.PUBLICATION_DELAY_DAYS
        delayed = f"on the first Monday after {days} days, and after the published period"
        yield "publication", delayed if days else "at once: the day of publication can narrow the day", False

"""What can be chosen of a brief."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from impact.publication.published import PublishedRecord
from impact.summaries.brief.queries import Where

SENTENCES = 5
MOST_CASES = 8


@dataclass(frozen=True, slots=True)
class BriefOptions:
    """`country`: ISO 3166-1 alpha-2. Days are inclusive and touch what happened on any day between them.

    `cases`: ids of published incidents that are told one by one; without any, a few are chosen.
    `sentences`: an advocate's own words for some of the five sentences, by number from 1.
    `is_one_page`: key figures, sentences and map alone.
    """

    language: str = "en"
    country: str = ""
    from_on: date | None = None
    to_on: date | None = None
    title: str = ""
    cases: tuple[str, ...] = ()
    sentences: tuple[tuple[int, str], ...] = ()
    is_one_page: bool = False

    def where(self) -> Where:
        """What narrows every figure of the brief."""
        return Where(
            country=self.country,
            from_on=self.from_on.isoformat() if self.from_on else "",
            to_on=self.to_on.isoformat() if self.to_on else "",
        )

    def narrowed(self, records: Sequence[PublishedRecord]) -> list[PublishedRecord]:
        """The incidents that the brief is about."""
        where = self.where()
        return [record for record in records if where.holds(record)]

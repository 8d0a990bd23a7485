"""Finding cases by words and references: one function over PostgreSQL's and SQLite's full-text indexes.

Both index the same folded document (no accents, ɛ as e, ŋ as n), so both find the same. The indexes hang
on the row of SearchEntry by the database itself, and change in the transaction that changes the row.
"""

import re
from collections.abc import Iterable

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from impact.incidents.models import Incident, Message, SearchEntry
from impact.places.names import fold_letters

MOST_WORDS = 12
_DOCUMENT_LIMIT = 200_000  # letters; far below what a tsvector can hold
_WORD = re.compile(r"[^\W_]+")
_POSTGRESQL = (
    "SELECT id FROM incidents_searchentry WHERE to_tsvector('simple', document) @@ to_tsquery('simple', %s)"
)
_SQLITE = "SELECT rowid FROM incidents_search WHERE incidents_search MATCH %s"


def incidents_with_words(cases: QuerySet[Incident], words: str) -> QuerySet[Incident]:
    """Those of `cases` in which every word begins a word of the case: its reports, place or references.

    Case and accents do not count. Without a word to look for, all of `cases`.
    """
    wanted = list(dict.fromkeys(_folded_words(words)))[:MOST_WORDS]
    if not wanted:
        return cases
    if connection.vendor == "postgresql":
        query, sql = " & ".join(f"{word}:*" for word in wanted), _POSTGRESQL
    else:
        query, sql = " ".join(f'"{word}"*' for word in wanted), _SQLITE
    # The statement is ours; the words are a parameter, and letters and digits only.
    found = SearchEntry.objects.filter(pk__in=RawSQL(sql, (query,)))  # noqa: S611
    return cases.filter(pk__in=found.values("incident"))


def index_incident(incident: Incident) -> None:
    """Write the words of a case anew. Call inside the transaction that changed them."""
    SearchEntry.objects.update_or_create(
        incident=incident,
        defaults={
            "document": document_of(
                incident,
                incident.reports.order_by("received_at").values_list("reference", "text"),
                later_words(incident),
            )
        },
    )


def later_words(incident: Incident) -> list[str]:
    """What reporters said about a case after their reports, the first words first."""
    said = Message.objects.filter(report__incident=incident, kind__in=Message.SAID_BY_REPORTER)
    return list(said.values_list("text", flat=True))


def document_of(incident: Incident, reports: Iterable[tuple[str, str]], later: Iterable[str] = ()) -> str:
    """The folded words of a case, each once. `reports` are references with texts, `later` what was said after
    them."""
    parts = [incident.reference, incident.place_name, incident.place_words, incident.public_text]
    parts += [part for report in reports for part in report]
    parts += later
    words = dict.fromkeys(word for part in parts for word in _folded_words(part))
    return " ".join(words)[:_DOCUMENT_LIMIT]


def _folded_words(text: str) -> list[str]:
    return [word[:64] for word in _WORD.findall(fold_letters(text))]

"""Which published incidents changed, in the order in which the changes became visible: kept by triggers, so
that every writer keeps it exact.

A copy of what is public names the last change that it has (its mark), reads on from there, and is made anew
where that change is not in the log any more.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection, models, transaction

_LOG, _INCIDENTS = "publication_publicchange", "publication_publishedincident"
# Where a change shows which incident is another one now.
_KEYS = {
    _INCIDENTS: "id",
    "publication_publishedharm": "published_id",
    "publication_publishedlink": "published_id",
}
_VERBS = ("insert", "update", "delete")
_KEPT = 100_000
_MOST_AT_ONCE = 5_000  # past so many in one statement, PostgreSQL says "all"
# Writers wait for each other from their first change to their commit: so changes become visible in the order
# of their numbers, and who has read number 7 missed no number 6.
_LOCK = 7_264_011


class PublicChange(models.Model):
    """That a published incident was written, changed or deleted; all of them where `published_id` is None.

    Only the triggers write here. The nonce tells apart two changes that got one number, one of which was
    rolled back.
    """

    published_id = models.UUIDField(null=True)
    nonce = models.CharField(max_length=16)

    def __str__(self) -> str:
        return f"{self.pk}"


@dataclass(frozen=True, slots=True)
class Mark:
    """The last change that a copy has."""

    number: int
    nonce: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed after a mark. `keys` is None where it has to be taken for everything."""

    mark: Mark
    keys: frozenset[UUID] | None


def last_change() -> Mark | None:
    """The mark of a copy that is made now; None where the triggers never were."""
    row = PublicChange.objects.order_by("-pk").values_list("pk", "nonce").first()
    return Mark(*row) if row else None


def changes_since(mark: Mark, most: int) -> Changes | None:
    """What changed after a mark; more than `most` are all. None where the mark is not in the log."""
    rows = list(
        PublicChange.objects.filter(pk__gte=mark.number)
        .order_by("pk")
        .values_list("pk", "nonce", "published_id")[: most + 2]
    )
    if not rows or rows[0][:2] != (mark.number, mark.nonce):
        return None
    last = Mark(*rows[-1][:2])
    keys = [key for *_mark, key in rows[1:]]
    is_all = len(keys) > most or None in keys
    return Changes(last, None if is_all else frozenset(key for key in keys if key is not None))


def forget_old_changes() -> int:
    """Keep the log short: a worker's turn. Copies that are older than it are made anew."""
    last = last_change()
    if last is None:
        return 0
    return PublicChange.objects.filter(pk__lte=last.number - _KEPT).delete()[0]


def keep_changes() -> None:
    """Put the triggers in place, and say that all may have changed: at the end of every `migrate`."""
    with transaction.atomic(), connection.cursor() as cursor:
        if not {_LOG, *_KEYS} <= set(connection.introspection.table_names(cursor)):
            return
        for table, key in _KEYS.items():
            for statement in _statements(table, key):
                cursor.execute(statement)
        cursor.execute(f"INSERT INTO {_LOG} (published_id, nonce) VALUES (NULL, {_nonce()})")  # noqa: S608


def forget_changes() -> None:
    """Take the triggers away: before the log's table goes."""
    with connection.cursor() as cursor:
        for table in _KEYS:
            for verb in _VERBS:
                cursor.execute(_drop(table, verb))
            if connection.vendor == "postgresql":
                cursor.execute(_drop(table, "truncate"))


def _drop(table: str, verb: str) -> str:
    on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {table}_log_{verb}{on_table}"


def _nonce() -> str:
    if connection.vendor == "postgresql":
        return "left(replace(gen_random_uuid()::text, '-', ''), 16)"
    return "lower(hex(randomblob(8)))"


def _statements(table: str, key: str) -> list[str]:
    on_postgresql = connection.vendor == "postgresql"
    make = _on_postgresql if on_postgresql else _on_sqlite
    statements = []
    for verb in (*_VERBS, "truncate") if on_postgresql else _VERBS:
        name = f"{table}_log_{verb}"
        statements += [_drop(table, verb), *make(name, table, key, verb)]
    return statements


def _on_sqlite(name: str, table: str, key: str, verb: str) -> list[str]:
    rows = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}[verb]
    said = "".join(
        f"INSERT INTO {_LOG} (published_id, nonce) SELECT {row}.{key}, {_nonce()}"
        + (f" WHERE OLD.{key} <> NEW.{key}; " if len(rows) == 2 and row == "OLD" else "; ")
        for row in rows
    )
    return [f"CREATE TRIGGER {name} AFTER {verb} ON {table} BEGIN {said} END"]


def _on_postgresql(name: str, table: str, key: str, verb: str) -> list[str]:
    """By statement, not by row: a million rows that are copied in are one change of all."""
    inserted = f"INSERT INTO {_LOG} (published_id, nonce)"
    tables = {
        "insert": ("NEW TABLE AS written",),
        "update": ("OLD TABLE AS gone", "NEW TABLE AS written"),
        "delete": ("OLD TABLE AS gone",),
        "truncate": (),
    }[verb]
    changed = " UNION ".join(f"SELECT {key} AS changed FROM {one.split()[-1]}" for one in tables)  # noqa: S608
    if tables:
        body = (
            f"SELECT count(*) INTO number FROM ({changed} LIMIT {_MOST_AT_ONCE + 1}) AS found; "  # noqa: S608
            f"IF number > {_MOST_AT_ONCE} THEN {inserted} VALUES (NULL, {_nonce()}); "
            f"ELSIF number > 0 THEN {inserted} SELECT changed, {_nonce()} FROM ({changed}) AS found; END IF;"
        )
    else:
        body = f"{inserted} VALUES (NULL, {_nonce()});"
    referencing = f"REFERENCING {' '.join(tables)} " if tables else ""
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"DECLARE number integer; BEGIN PERFORM pg_advisory_xact_lock({_LOCK}); {body} RETURN NULL; END $$",
        f"CREATE TRIGGER {name} AFTER {verb} ON {table} {referencing}"
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]

"""How many public incidents each point of the map has: kept by triggers, so that every writer keeps it exact.

Points are the centres of cells, so there are few of them. A map of a million incidents then reads some ten
thousand rows instead of a million. The counts change in the transaction of the change, whoever makes it.
"""

from django.db import connection, models, transaction

from impact.vocabulary import PeopleKind, Theme

_INCIDENTS, _CELLS = "publication_publishedincident", "publication_publishedcell"
_KEY = ("longitude", "latitude", "cell", "country")
_PEOPLE = tuple(PeopleKind.values)
_COUNTS = ("incidents", "people", *Theme.values)
_READ = ("theme", "retracted_on", *_KEY, *_PEOPLE)
_NAMES = tuple(f"{_CELLS}_{verb}" for verb in ("insert", "update", "delete"))


class PublishedCell(models.Model):
    """How much is public at one point. Only the triggers below write here."""

    longitude = models.FloatField(help_text="Of the masked point, WGS 84")
    latitude = models.FloatField()
    cell = models.CharField(max_length=16, blank=True)
    country = models.CharField(max_length=2, blank=True)
    incidents = models.PositiveIntegerField()
    people = models.PositiveBigIntegerField()
    violence = models.PositiveIntegerField()
    labour = models.PositiveIntegerField()
    environment = models.PositiveIntegerField()
    conflict_finance = models.PositiveIntegerField()
    other = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("longitude", "latitude", "cell", "country"), name="published_cell_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.incidents} in {self.cell}"


def keep_cells() -> None:
    """Put the triggers in place and count everything again: at the end of every `migrate`."""
    with transaction.atomic(), connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        if not {_INCIDENTS, _CELLS} <= set(tables):
            return
        if connection.vendor == "postgresql":
            cursor.execute(f"LOCK TABLE {_INCIDENTS} IN SHARE ROW EXCLUSIVE MODE")
        for statement in (*_drop(), *_create(), *_count_again()):
            cursor.execute(statement)


def forget_cells() -> None:
    """Take the triggers away: before their table goes."""
    with connection.cursor() as cursor:
        for statement in _drop():
            cursor.execute(statement)


def _drop() -> list[str]:
    if connection.vendor == "postgresql":
        return [f"DROP TRIGGER IF EXISTS {name} ON {_INCIDENTS}" for name in _NAMES]
    return [f"DROP TRIGGER IF EXISTS {name}" for name in _NAMES]


def _create() -> list[str]:
    insert, update, delete = _NAMES
    events = (
        (insert, "INSERT", ("NEW",)),
        (update, f"UPDATE OF {', '.join(_READ)}", ("OLD", "NEW")),
        (delete, "DELETE", ("OLD",)),
    )
    statements = []
    for name, event, rows in events:
        body = "; ".join(statement for row in rows for statement in _change(row))
        if connection.vendor == "postgresql":
            statements += [
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN {body}; RETURN NULL; END $$",
                f"CREATE TRIGGER {name} AFTER {event} ON {_INCIDENTS} FOR EACH ROW EXECUTE FUNCTION {name}()",
            ]
        else:
            statements.append(f"CREATE TRIGGER {name} AFTER {event} ON {_INCIDENTS} BEGIN {body}; END")
    return statements


def _change(row: str) -> list[str]:
    """Count a row of an incident in (NEW) or out (OLD)."""
    worth = _worth(f"{row}.")
    if row == "NEW":
        added = ", ".join(f"{name} = {_CELLS}.{name} + excluded.{name}" for name in _COUNTS)
        return [
            f"INSERT INTO {_CELLS} ({', '.join((*_KEY, *_COUNTS))}) "
            f"SELECT {', '.join((*(f'NEW.{name}' for name in _KEY), *worth))} WHERE {_is_counted('NEW.')} "
            f"ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET {added}"
        ]
    here = " AND ".join(f"{name} = OLD.{name}" for name in _KEY)
    taken = ", ".join(f"{name} = {name} - ({value})" for name, value in zip(_COUNTS, worth, strict=True))
    return [
        f"UPDATE {_CELLS} SET {taken} WHERE {here} AND {_is_counted('OLD.')}",  # noqa: S608 (fixed names)
        f"DELETE FROM {_CELLS} WHERE {here} AND incidents = 0",  # noqa: S608
    ]


def _count_again() -> list[str]:
    key = ", ".join(_KEY)
    sums = ", ".join(f"SUM({value})" for value in _worth(""))
    counted = f"SELECT {key}, {sums} FROM {_INCIDENTS} WHERE {_is_counted('')} GROUP BY {key}"  # noqa: S608
    return [
        f"DELETE FROM {_CELLS}",  # noqa: S608
        f"INSERT INTO {_CELLS} ({key}, {', '.join(_COUNTS)}) {counted}",
    ]


def _is_counted(row: str) -> str:
    return f"{row}retracted_on IS NULL AND {row}longitude IS NOT NULL AND {row}latitude IS NOT NULL"


def _worth(row: str) -> list[str]:
    """What one incident adds to each of _COUNTS."""
    people = " + ".join(f"COALESCE({row}{kind}, 0)" for kind in _PEOPLE)
    return ["1", people, *(f"CASE WHEN {row}theme = '{theme}' THEN 1 ELSE 0 END" for theme in Theme.values)]

"""Whether PostgreSQL's own log keeps what a statement said: words and places of reports, when one fails.

By default it writes a statement that fails in full, and the row that it refuses
(https://www.postgresql.org/docs/current/runtime-config-logging.html). An ordinary role cannot change that for
itself; docs/running.md says what its owner does.
"""

from collections.abc import Iterator

from django.db import connection

# What writes words down, by the values that do not.
_QUIET = {
    "log_min_error_statement": {"panic"},
    "log_error_verbosity": {"terse"},
    "log_statement": {"none", "ddl"},
    "log_min_duration_statement": {"-1"},
    "log_min_duration_sample": {"-1"},
}


def talkative_settings() -> list[str]:
    """The settings by which the server's log may get words of reports; none on SQLite, which has no log."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(_QUIET)])
        return sorted(name for name, value in cursor.fetchall() if value not in _QUIET[name])


def doctor_lines() -> Iterator[tuple[str, str, bool]]:
    """What `doctor` says of it."""
    if connection.vendor == "postgresql":
        loud = ", ".join(talkative_settings())
        said = f"may keep words of reports: {loud} (docs/running.md)" if loud else "keeps no statement"
        yield "PostgreSQL's log", said, False

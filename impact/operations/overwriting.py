"""What was erased is gone from the file of the embedded database too, and not only from its tables."""

from django.db import connection


def overwrite_erased() -> None:
    """Bring the journal into the file, where what was erased is overwritten (`secure_delete`), and empty it.

    Does nothing on PostgreSQL, within a transaction, and while others read: the next time does it then.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.fetchall()

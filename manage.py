#!/usr/bin/env python
"""Headlamp's commands: `manage.py help` lists them."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "impact.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit(f"manage.py: {error}; run `make install` and use .venv/bin/python") from error
    from django.core.exceptions import ImproperlyConfigured
    from django.db.utils import InterfaceError, OperationalError, ProgrammingError

    try:
        execute_from_command_line(sys.argv)
        sys.stdout.flush()
    except BrokenPipeError:
        # Who read the output (head, less) has left. Python would complain again when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except ImproperlyConfigured as error:
        raise SystemExit(f"manage.py: {error}") from None
    except (InterfaceError, OperationalError, ProgrammingError) as error:
        if "--traceback" in sys.argv:
            raise
        raise SystemExit(f"manage.py: {_told(error)}") from None


def _told(error: Exception) -> str:
    """The database's own words in one line: it is away, locked, or was never migrated."""
    words = " ".join(str(error).split("LINE 1:")[0].split()) or type(error).__name__
    is_unmade = "no such table" in words or "does not exist" in words
    return f"the database says: {words}" + ("; `manage.py migrate` sets it up" if is_unmade else "")


if __name__ == "__main__":
    main()

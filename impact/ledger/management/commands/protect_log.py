import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection, transaction

from impact.ledger.guarding import GUARDS, protect_tables

_ROLE = re.compile(r"[A-Za-z_][A-Za-z0-9_$-]{0,62}")


class Command(BaseCommand):
    help = (
        "Put the triggers of the log in place. With --role, on PostgreSQL and as the owner of the tables: "
        "let that role add to the log and read it, and never UPDATE, DELETE or TRUNCATE it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--role", help="the role that the web and worker processes sign in with")

    def handle(self, *args: Any, role: str | None = None, **options: Any) -> None:
        try:
            with transaction.atomic():
                protect_tables()
                if role:
                    self._restrict(role)
        except DatabaseError as error:
            raise CommandError(f"refused by the database: {str(error).splitlines()[0]}") from None
        self.stdout.write("The log is append-only" + (f", and {role} can only add to it." if role else "."))

    def _restrict(self, role: str) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("only PostgreSQL has roles")
        if not _ROLE.fullmatch(role):
            raise CommandError(f"not the name of a role: {role!r}")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'ledger_entry'")
            if cursor.fetchone()[0] == role:
                raise CommandError(f"{role} owns the tables, and an owner may always alter them")
            name = connection.ops.quote_name(role)
            for guard in GUARDS:
                cursor.execute(f"REVOKE ALL ON {guard.table} FROM {name}")
                cursor.execute(f"GRANT SELECT, INSERT ON {guard.table} TO {name}")
            # The head moves with every row; its trigger lets it move forward alone.
            cursor.execute(f"GRANT UPDATE ON ledger_head TO {name}")

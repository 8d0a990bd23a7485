from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from impact.ledger.chain import LogHead, log_head
from impact.ledger.witnessing import read_heads
from impact.moderation.log import first_broken_entry


class Command(BaseCommand):
    help = (
        "Walk the log; exit 1 and name the first row that was altered, removed, moved or cut off. "
        "Compares it with the heads that witnesses kept: --head, --heads FILE, HEADLAMP_WITNESS_FILE."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", action="append", default=[], metavar="SEQUENCE:DIGEST")
        parser.add_argument("--heads", metavar="FILE", help="one head a line, as a witness keeps them")

    def handle(self, *args: Any, **options: Any) -> None:
        heads = self._heads("\n".join(options["head"]))
        for name in filter(None, (options["heads"], settings.WITNESS_FILE)):
            file = Path(name)
            if file.exists():
                heads += self._heads(file.read_text(encoding="utf-8"))
            elif name == options["heads"]:
                raise CommandError(f"no such file: {name}")
        broken = first_broken_entry(heads)
        if broken is not None:
            raise CommandError(f"row {broken.sequence}: {broken.why}")
        head = log_head()
        witnessed = f", {len(heads)} witnessed heads found in it" if heads else ""
        self.stdout.write(f"{head.sequence} rows, unbroken{witnessed}. Head: {head}")

    def _heads(self, text: str) -> list[LogHead]:
        try:
            return read_heads(text)
        except ValueError as error:
            raise CommandError(str(error)) from None

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from impact.moderation.log import first_broken_decision, log_head


class Command(BaseCommand):
    help = "Walk the decision log; exit 1 and name the first row that was altered, removed or moved."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = first_broken_decision()
        if broken is not None:
            raise CommandError(f"decision {broken.sequence}: {broken.why}")
        count, head = log_head()
        self.stdout.write(f"{count} decisions, unbroken. Head: {head or 'none'}")

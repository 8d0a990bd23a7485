from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from impact.demo.cast import sign_ins
from impact.demo.loading import DemoRefused, load_demo

_SAY_EVERY = 50


class Command(BaseCommand):
    help = (
        "Fill a demo with fictional reports of three years in four languages, sent through the real intake, "
        "and moderate a part of them. Run again, it adds only what is missing. Refuses where there are real "
        "reports."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reports", type=int, default=500, metavar="N", help="how many (default: 500)")
        parser.add_argument(
            "--yes-fictional",
            action="store_true",
            help="also on an installation that is no demo, if it has no real report",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["reports"] < 1:
            raise CommandError("--reports: at least one")
        try:
            loaded = load_demo(options["reports"], say=self._say, is_sure=options["yes_fictional"])
        except DemoRefused as refused:
            raise CommandError(str(refused)) from None
        if loaded.reports or loaded.decisions:
            self.stdout.write(f"{loaded.reports} fictional reports sent, {loaded.decisions} decisions taken")
        else:
            self.stdout.write("the demo is complete: nothing to add")
        if settings.DEMO or settings.DEBUG:
            for username, role, password in sign_ins(loaded.cast):
                self.stdout.write(f"sign in as {username:<8}{password}  ({role})")

    def _say(self, what: str, done: int, total: int) -> None:
        if done % _SAY_EVERY == 0 or done == total:
            self.stderr.write(f"{what}: {done} of {total}")

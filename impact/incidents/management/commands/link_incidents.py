from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from impact.incidents.linking import link_unlinked, mark_unlinked

_TURN = 200


class Command(BaseCommand):
    help = (
        "Link incidents to the producing areas around them: those that wait for it, or with --all every one "
        "again, as after areas were imported. Links made by a moderator stay."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="link every incident again")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"]:
            self.stderr.write(f"{mark_unlinked()} incidents to link again")
        linked = 0
        while turn := link_unlinked(_TURN):
            linked += turn
            self.stderr.write(f"{linked} linked")
        self.stdout.write(f"linked {linked}")

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from impact.incidents.bulk_linking import CHUNK, link_waiting
from impact.incidents.models import Incident
from impact.incidents.relinking import mark_around_changed_areas, mark_unlinked

_USUAL_PROCESSES = 2


class Command(BaseCommand):
    help = (
        "Link incidents to the producing areas around them: those that wait for it, as those near areas that "
        "changed do, or with --all every one again. What a moderator confirmed or refused stays."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="link every incident again")
        parser.add_argument(
            "--processes",
            type=int,
            default=0,
            metavar="N",
            help="how many measure at once; up to 2 if not given",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        while changed := mark_around_changed_areas():
            self.stderr.write(f"looked around {changed} changed areas")
        if options["all"]:
            self.stderr.write(f"{mark_unlinked()} incidents to link again")
        waiting = Incident.objects.filter(linked_at__isnull=True).count()
        processes = options["processes"] or min(_USUAL_PROCESSES, os.cpu_count() or 1)
        linked = link_waiting(
            processes=processes if waiting > CHUNK else 1,
            say=lambda done: self.stderr.write(f"{done} of {waiting} linked"),
        )
        self.stdout.write(f"linked {linked}")

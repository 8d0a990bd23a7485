import re
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from sms_gateway.intake.catching_up import catch_up, lines_to_catch_up
from sms_gateway.providers import PROVIDERS
from sms_gateway.providers.contract import SendError

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Command(BaseCommand):
    help = "Ask the providers that keep a list for messages that did not reach us. The worker does so too."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--provider", help="one line; by default all that keep a list")
        parser.add_argument(
            "--since", default="24h", help="30m, 24h, 7d, or a moment in ISO 8601; 24h by default"
        )

    def handle(self, *args: Any, provider: str | None, since: str, **options: Any) -> None:
        moment = _moment(since)
        failed = []
        names = [provider] if provider else lines_to_catch_up()
        if not names:
            self.stdout.write("no provider that keeps a list is configured")
        for name in names:
            if name not in PROVIDERS:
                raise CommandError(f"no line is called {name}; there are {', '.join(PROVIDERS)}")
            if not PROVIDERS[name].can_catch_up:
                raise CommandError(f"{name} keeps no list of messages")
            try:
                caught_up = catch_up(name, moment)
            except SendError as error:
                failed.append(name)
                self.stderr.write(f"{name}: cannot be asked: {error}")
                continue
            self.stdout.write(f"{name}: {caught_up.listed} listed, {caught_up.new} had not reached us")
        if failed:
            raise CommandError(f"not caught up with: {', '.join(failed)}")


def _moment(written: str) -> datetime:
    if found := re.fullmatch(r"([0-9]{1,5})([mhd])", written):
        return timezone.now() - timedelta(**{_UNITS[found[2]]: int(found[1])})
    try:
        moment = parse_datetime(written)
        day = parse_date(written)
    except ValueError:
        moment = day = None
    if moment is None and day is not None:
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    if moment is None:
        raise CommandError(f"--since: {written!r} is neither 30m, 24h, 7d nor a moment in ISO 8601")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sms_gateway.receiving import NotStored
from sms_gateway.simulation import SimulatorOff, simulate_message


class Command(BaseCommand):
    help = "Send one fictional message through the simulator, and print the replies. Demo and debug only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="sender", required=True, help="a number such as +243810000001")
        parser.add_argument(
            "--id", dest="message_id", default="", help="the same id again is the same message"
        )
        parser.add_argument("text", help="what the message says; - reads it from standard input")

    def handle(self, *args: Any, sender: str, message_id: str, text: str, **options: Any) -> None:
        try:
            exchange = simulate_message(sender, _text(text), message_id=message_id)
        except ValueError as error:
            raise CommandError(str(error)) from None
        except SimulatorOff:
            raise CommandError("the simulator is off: it needs HEADLAMP_DEMO or HEADLAMP_DEBUG") from None
        except NotStored as error:
            raise CommandError(f"the message was not stored: {error}") from None
        for reply in exchange.replies:
            self.stdout.write(reply)


def _text(argument: str) -> str:
    return argument if argument != "-" else sys.stdin.read()

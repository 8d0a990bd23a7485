import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sms_gateway.providers import PROVIDERS
from sms_gateway.providers.contract import Malformed
from sms_gateway.providers.gammu import Gammu
from sms_gateway.receiving import NotStored, receive_message


class Command(BaseCommand):
    help = "Receive the message that gammu-smsd put into the environment. For its `runonreceive`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--line", default="gammu", help="the line, where there is more than one modem")
        parser.add_argument("names", nargs="*", help="what smsd appends: files, or ids of rows")

    def handle(self, *args: Any, line: str, names: list[str], **options: Any) -> None:
        provider = PROVIDERS.get(line)
        if not isinstance(provider, Gammu):
            raise CommandError(f"{line} is no line of gammu: see HEADLAMP_SMS_LINES")
        try:
            receive_message(provider.received(_environment(), names))
        except Malformed as error:
            raise CommandError(f"this is not an environment of RunOnReceive: no {error.field}") from None
        except NotStored as error:
            # The file stays in the inbox: the sweeper brings it once the database is back.
            raise CommandError(f"the message was not stored: {error}") from None


def _environment() -> dict[str, str]:
    """The environment as UTF-8, whatever the locale of smsd makes of it."""
    encoding = sys.getfilesystemencoding()
    return {
        name: value.encode(encoding, "surrogateescape").decode("utf-8", "replace")
        for name, value in os.environ.items()
        if name.startswith(("SMS_", "DECODED_"))
    }

"""Debian's Kannel delivers a thousand messages into a running server that is killed five times: once each.

Run: .venv/bin/python -m bench.kannel [--messages 1000] [--kills 5] [--database postgis]

The kills (kill -9 of the web processes) are spread over the messages; the worker drains what went
into the spool. Exits 1 when a message is missing, doubled, or not the words that were sent.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from bench.stand import Stand, bench_database


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--database", choices=("spatialite", "postgis"), default="spatialite")
    given = parser.parse_args()
    with bench_database(given.database) as (folder, url):
        stand = Stand(
            folder / "stand", url, KANNEL_FROM="8000", KANNEL_TOKEN="k" * 32, HEADLAMP_FLOOD_BLOCK="0"
        )
        stand.manage("migrate", "--verbosity", "0")
        os.environ.update(stand.environment)
        try:
            return _run(stand, folder, given.messages, given.kills)
        finally:
            stand.stop()


def _run(stand: Stand, folder: Path, messages: int, kills: int) -> int:
    import django

    django.setup()
    from sms_gateway.models import InboundMessage
    from tests.sms_gateway.gateways.kannel import Kannel

    expected = [f"Soldiers at pit {number} beat people, tué à midi" for number in range(messages)]
    kannel = Kannel(folder, f"http://127.0.0.1:{stand.port}/sms/kannel/{'k' * 32}/")
    began = time.monotonic()
    stand.start("web", "worker")
    kannel.start()
    try:
        for number, words in enumerate(expected):
            kannel.text(f"+24381{number:07}", words)
        for kill in range(1, kills + 1):
            while InboundMessage.objects.count() < messages * kill // (kills + 1):
                if time.monotonic() - began > 1800:
                    break
                time.sleep(0.1)
            stand.kill("web")
            print(f"kill {kill} of {kills} after {InboundMessage.objects.count()}", file=sys.stderr)
        while InboundMessage.objects.count() < messages and time.monotonic() - began < 1800:
            time.sleep(0.5)
        time.sleep(5)  # what would come twice would come now
    finally:
        kannel.stop()
    texts = list(InboundMessage.objects.values_list("text", flat=True))
    lost, doubled = len(set(expected) - set(texts)), len(texts) - len(set(texts))
    altered = len(set(texts) - set(expected))
    print(
        f"{messages} messages by Kannel, {kills} kills, {time.monotonic() - began:.0f} s: "
        f"{lost} lost, {doubled} doubled, {altered} altered"
    )
    return 0 if lost == doubled == altered == 0 else 1


if __name__ == "__main__":
    sys.exit(main())

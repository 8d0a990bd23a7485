"""A ledger of acknowledgements: is every message that was answered with success there, once, after the kills?

Run: .venv/bin/python -m bench.durability [--database postgis] [--messages 100000] [--kills 150] [--seed N]

A sender notes the id of each message that was answered with 200, and syncs the note, before it goes on. It
tries a message that got no answer again, and sends one in twenty of the answered ones once more. Meanwhile
the web processes, the worker and PostgreSQL are killed with -9 at random, and exit points end processes
between each two steps of receiving. At the end everything is started once more and left to finish; then
each noted id has to be one row with the very words, and each report has to be one.

One message in --read-every is read, linked and answered, in its request or by the worker; the others go past
the limit of their number and are held for review, so that the bench is about keeping. With --control on
PostgreSQL the same is done with synchronous_commit=off, which has to lose messages: if it does not, the bench
proves nothing, and says so.
kill -9 leaves the caches of the operating system: what a loss of power does is not shown here.
"""

import argparse
import hashlib
import http.client
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.stand import Postgres, Stand

SENDERS = 8
NUMBERS = 400
POINTS = (
    "after-verify after-insert before-commit after-commit before-reply mid-spool-write before-spool-rename "
    "after-spool-rename after-spool-sync mid-drain after-drain-commit before-send after-send"
).split()


@dataclass
class Tally:
    """What the senders saw."""

    acknowledged: int = 0
    refused: int = 0
    unanswered: int = 0
    given_up: int = 0
    replayed: int = 0
    is_over: bool = False
    may_send: threading.Event = field(default_factory=threading.Event)
    statuses: dict[int, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def text_of(message_id: str) -> str:
    """The words of a message, the same whenever they are asked for."""
    digest = hashlib.sha256(message_id.encode()).hexdigest()[:12]
    return f"Soldiers beat two diggers at Koidu yesterday {digest} é"


def sender_of(message_id: str) -> str:
    return f"+2327600{int(hashlib.sha256(message_id.encode()).hexdigest()[-8:], 16) % NUMBERS * 10:04}"


def send_all(stand: Stand, path: str, ids: list[str], ledger: Path, tally: Tally, seed: int) -> None:
    """Send each id until it is answered with 200, and write it down, synced, when it is."""
    chance = random.Random(seed)
    connection: http.client.HTTPConnection | None = None
    with ledger.open("a", buffering=1) as notes:
        for message_id in ids:
            tally.may_send.wait()
            for _ in range(60):
                try:
                    if connection is None:
                        connection = http.client.HTTPConnection("127.0.0.1", stand.port, timeout=15)
                    status = post(connection, path, message_id)
                except (OSError, http.client.HTTPException):
                    connection = None
                    with tally.lock:
                        tally.unanswered += 1
                    time.sleep(0.1)
                    continue
                with tally.lock:
                    tally.statuses[status] = tally.statuses.get(status, 0) + 1
                if status == 200:
                    notes.write(message_id + "\n")
                    notes.flush()
                    os.fsync(notes.fileno())
                    with tally.lock:
                        tally.acknowledged += 1
                    break
                with tally.lock:
                    tally.refused += 1
                time.sleep(0.2)
            else:
                with tally.lock:
                    tally.given_up += 1
            if tally.is_over:
                return
            if chance.random() < 0.05:
                try:
                    connection = connection or http.client.HTTPConnection("127.0.0.1", stand.port, timeout=15)
                    post(connection, path, message_id)
                    with tally.lock:
                        tally.replayed += 1
                except (OSError, http.client.HTTPException):
                    connection = None


def post(connection: http.client.HTTPConnection, path: str, message_id: str) -> int:
    body = json.dumps({"from": sender_of(message_id), "text": text_of(message_id), "id": message_id})
    connection.request("POST", path, body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    response.read()
    return response.status


def kill_at_random(
    stand: Stand,
    postgres: Postgres | None,
    tally: Tally,
    messages: int,
    kills: int,
    chance: random.Random,
    until: float,
) -> dict[str, int]:
    """So many kills, spread over the acknowledged messages. Returns how many of each kind."""
    done: dict[str, int] = {}
    kinds = ["web", *(["web worker"] * 3), "worker", *(["postgres"] * 4 if postgres else [])]
    for turn in range(kills):
        goal = messages * (turn + chance.random()) / kills
        while tally.acknowledged + tally.given_up < goal:
            time.sleep(0.02)
            if time.monotonic() > until:
                tally.is_over = True
                return done
        kind = chance.choice(kinds)
        if kind == "postgres" and postgres:
            # Most times the senders wait with the next message until it is back and is asked again: the
            # spool is so much quicker that nearly all would go through it, and few through a commit.
            if chance.random() < 0.8:
                tally.may_send.clear()
            postgres.kill()
            postgres.start()
            time.sleep(2.5)
            tally.may_send.set()
        elif kind == "web worker":
            stand.kill_one_web_worker()
        else:
            stand.kill(kind)
        done[kind] = done.get(kind, 0) + 1
        print(f"\r{tally.acknowledged} acknowledged, {turn + 1} kills", end="", file=sys.stderr, flush=True)
    return done


def last_line(stand: Stand, code: str) -> str:
    return stand.manage("shell", "--no-imports", "-c", code).strip().splitlines()[-1]


def finish(stand: Stand, *, takes_in: bool) -> None:
    """Drain the spool, and let the worker take in what requests did not."""
    left = [int(last_line(stand, _DRAIN)), 0]
    if takes_in:
        stand.start("worker")
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < 6.0:
            left = json.loads(last_line(stand, _LEFT))
            if any(left):
                quiet_since = time.monotonic()
                print(f"\r{left[0]} in the spool, {left[1]} to take in    ", end="", file=sys.stderr)
            time.sleep(2.0)
        stand.stop()
    print(f"left in the spool {left[0]}")


_DRAIN = """
from sms_gateway.intake.draining import drain_spool
from sms_gateway.intake.spool import waiting_files
while drain_spool():
    pass
print(len(waiting_files()))
"""

_LEFT = """
import json
from django.utils import timezone
from sms_gateway.intake.spool import waiting_files
from sms_gateway.models import InboundMessage
InboundMessage.objects.filter(state="received", try_after__gt=timezone.now()).update(try_after=timezone.now())
print(json.dumps([len(waiting_files()), InboundMessage.objects.filter(state="received").count()]))
"""

_ROWS = """
import json
from django.db.models import Count
from impact.incidents.models import Incident, Report
from sms_gateway.models import Contact, InboundMessage, OutboundMessage
out = open(PATH, "w")
for row in InboundMessage.objects.values_list("provider_message_id", "text", "state").iterator():
    out.write(json.dumps(row) + "\\n")
out.close()
print(json.dumps({
    "reports": Report.objects.count(), "incidents": Incident.objects.count(),
    "done": InboundMessage.objects.filter(state="done").count(),
    "twice": Report.objects.values("source_key").annotate(n=Count("pk")).filter(n__gt=1).count(),
    "read_in_request": OutboundMessage.objects.filter(is_in_answer=True).count(),
    "read_by_worker": OutboundMessage.objects.filter(is_in_answer=False).count(),
    "contacts": Contact.objects.count(),
    "states": list(InboundMessage.objects.values_list("state").annotate(n=Count("pk")).order_by("state")),
}))
"""


def verify(stand: Stand, ledger: set[str], directory: Path) -> tuple[int, int, int, dict[str, object]]:
    """Lost, altered and doubled of the acknowledged, and the counts."""
    path = directory / "rows.jsonl"
    counts = json.loads(
        stand.manage("shell", "--no-imports", "-c", _ROWS.replace("PATH", repr(str(path))))
        .strip()
        .splitlines()[-1]
    )
    found: dict[str, int] = {}
    altered = 0
    with path.open() as rows:
        for line in rows:
            message_id, text, _ = json.loads(line)
            found[message_id] = found.get(message_id, 0) + 1
            altered += text != text_of(message_id)
    lost = len(ledger - set(found))
    doubled = sum(times - 1 for times in found.values()) + abs(counts["reports"] - counts["done"])
    return lost, altered, doubled + counts["twice"], counts


def run(arguments: argparse.Namespace) -> int:
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**6)
    chance = random.Random(seed)
    directory = Path(tempfile.mkdtemp(prefix="headlamp-durability-"))
    directory.chmod(0o755)
    postgres = None
    options = ["synchronous_commit=off", "wal_writer_delay=10s"] if arguments.control else []
    url = f"spatialite:///{directory}/headlamp.sqlite3"
    if arguments.database == "postgis":
        postgres = Postgres(directory / "postgres", *options)
        url = postgres.url
    limit = max(1, arguments.messages // NUMBERS // arguments.read_every)
    stand = Stand(directory, url, HEADLAMP_FLOOD_NUMBER=f"{limit}/86400", HEADLAMP_FLOOD_BLOCK="0")
    try:
        print(
            f"{arguments.database}{', control' if arguments.control else ''}: "
            f"{arguments.messages} messages, {arguments.kills} kills, seed {seed}"
        )
        stand.manage("migrate", "-v0")
        path = f"/sms/simulator/{last_line(stand, _ADDRESS)}/"
        exits = (
            {}
            if arguments.control
            else {"HEADLAMP_EXIT_AT": ",".join(f"{point}:{arguments.exit_every}" for point in POINTS)}
        )
        stand.start(settings=exits)
        tally, began = Tally(), time.monotonic()
        tally.may_send.set()
        ids = [f"{seed:06}-{n:07}" for n in range(arguments.messages)]
        senders = [
            threading.Thread(
                target=send_all,
                args=(stand, path, ids[n::SENDERS], directory / f"ledger-{n}", tally, seed + n),
                daemon=True,
            )
            for n in range(SENDERS)
        ]
        until = began + 60 * arguments.minutes
        for sender in senders:
            sender.start()
        kills = kill_at_random(
            stand,
            postgres,
            tally,
            arguments.messages,
            arguments.kills,
            chance,
            until,
        )
        while any(sender.is_alive() for sender in senders):
            time.sleep(0.1)
            tally.is_over = tally.is_over or time.monotonic() > until
        took_s = time.monotonic() - began
        if arguments.control and postgres:
            postgres.kill()
            postgres.start()
        exits_at_points = max(0, stand.starts["worker"] - 1 - kills.get("worker", 0)) + log_count(directory)
        stand.stop()
        print(file=sys.stderr)
        finish(stand, takes_in=not arguments.kept_only)
        ledger = {line for n in range(SENDERS) for line in (directory / f"ledger-{n}").read_text().split()}
        lost, altered, doubled, counts = verify(stand, ledger, directory)
        spooled = (directory / "web.log").read_text(errors="replace").count("is in the spool")
        print(
            f"acknowledged {len(ledger)} in {took_s:.0f} s ({len(ledger) / took_s:.0f}/s), "
            f"unanswered tries {tally.unanswered}, refused {tally.refused}, given up {tally.given_up}, "
            f"answers {tally.statuses}, replayed {tally.replayed}"
        )
        print(
            f"kills {kills}, exits at points {exits_at_points}; kept in a request {len(ledger) - spooled}, "
            f"through the spool {spooled}"
        )
        print(f"rows {counts}")
        print(f"lost {lost}, altered {altered}, doubled {doubled}")
        if arguments.control:
            print("the control lost messages, as it has to" if lost else "VOID: the control lost nothing")
            return 0 if lost else 2
        return 1 if lost or altered or doubled else 0
    finally:
        stand.stop()
        if postgres:
            postgres.stop()
        if arguments.keep:
            print(directory)
        else:
            shutil.rmtree(directory, ignore_errors=True)


_ADDRESS = """
from sms_gateway.providers import PROVIDERS
print(PROVIDERS["simulator"].token)
"""


def log_count(directory: Path) -> int:
    """How often gunicorn says that a worker ended with 9 by itself: os._exit(9), not a signal."""
    return (directory / "web.log").read_text(errors="replace").count("exited with code 9")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--database", choices=["spatialite", "postgis"], default="spatialite")
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=150)
    parser.add_argument("--minutes", type=float, default=600.0, help="stop sending after so long")
    parser.add_argument("--seed", type=int)
    parser.add_argument(
        "--exit-every", type=int, default=2_000, help="an exit point is taken once in so many"
    )
    parser.add_argument("--read-every", type=int, default=5, help="one message in so many is read")
    parser.add_argument("--kept-only", action="store_true", help="do not wait until all that is kept is read")
    parser.add_argument("--control", action="store_true", help="asynchronous commit, which has to lose")
    parser.add_argument("--keep", action="store_true", help="leave the folder for a look")
    return parser.parse_args()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(run(parse()))

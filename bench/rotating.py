"""New keys for many numbers, the rotation killed in the middle: is every number opened and found afterwards?

Run: .venv/bin/python -m bench.rotating [--database postgis] [--rows 10000] [--kills 3]

So many contacts are sealed with one key. A second key is put in front and `rotate_keys` is run, killed with
-9 at some point, run again, and so on, until it ends by itself. Then the first key is taken out: each number
has to open with the second alone, and the contact be found by it. Exits 1 when one is not.
"""

import argparse
import base64
import json
import os
import secrets
import subprocess
import sys
import time

from bench.stand import MANAGE, ROOT, Stand, bench_database, kill_tree

_MAKE = """
from django.utils import timezone
from impact.incidents.models import Reporter
from impact.sealing import fingerprints, seal
from sms_gateway.contacts import block_digest
from sms_gateway.models import Contact
numbers = [f"+24381{n:07}" for n in range(ROWS)]
reporters = Reporter.objects.bulk_create([Reporter(pseudonym=number[1:]) for number in numbers])
Contact.objects.bulk_create(
    [
        Contact(number_sealed=seal(number), number_digest=fingerprints(number, "contact")[0],
                block_digest=block_digest(number), reporter=reporter, last_heard_at=timezone.now())
        for number, reporter in zip(numbers, reporters, strict=True)
    ],
    batch_size=500,
)
"""
_CHECK = """
import json
from impact.sealing import UnsealError
from sms_gateway.contacts import find_contact, number_of
from sms_gateway.models import Contact
opened = found = right = 0
for contact in Contact.objects.select_related("reporter"):
    try:
        number = number_of(contact)
    except UnsealError:
        continue
    opened += 1
    right += number[1:] == contact.reporter.pseudonym
    found += find_contact(number) == contact
print(json.dumps([Contact.objects.count(), opened, right, found]))
"""

_ROTATED = """
from sms_gateway.models import Contact
print(Contact.objects.filter(number_sealed__startswith="new:").count())
"""


def new_key(name: str) -> str:
    return f"{name}:{base64.b64encode(secrets.token_bytes(64)).decode()}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--database", choices=("spatialite", "postgis"), default="spatialite")
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=3)
    given = parser.parse_args()
    with bench_database(given.database) as (folder, url):
        return rotate(Stand(folder / "stand", url), given.database, given.rows, given.kills)


def rotate(stand: Stand, database: str, rows: int, kills: int) -> int:
    old, new = new_key("old"), new_key("new")
    stand.environment["HEADLAMP_KEYS"] = old
    stand.manage("migrate", "-v0")
    stand.manage("shell", "--no-imports", "-c", _MAKE.replace("ROWS", str(rows)))
    stand.environment["HEADLAMP_KEYS"] = f"{new},{old}"
    began, told = time.perf_counter(), []
    for kill in range(kills):
        process = subprocess.Popen(
            [*MANAGE, "rotate_keys"], env=stand.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        goal = rows * (kill + 1) // (kills + 1)
        while process.poll() is None and rotated(stand) < goal:
            pass
        kill_tree(process.pid)
        process.wait()
        told.append(rotated(stand))
    last = stand.manage("rotate_keys").splitlines()
    took_s = time.perf_counter() - began
    stand.environment["HEADLAMP_KEYS"] = new
    count, opened, right, found = json.loads(
        stand.manage("shell", "--no-imports", "-c", _CHECK).strip().splitlines()[-1]
    )
    print(f"{database}: {rows} numbers, killed after {', '.join(map(str, told))}, {took_s:.1f} s in all")
    print(f"  {'; '.join(line for line in last if line.startswith('numbers'))}")
    print(
        f"  with the new key alone {opened} open, {right} are the right one, {found} are found: "
        f"{rows - right} lost"
    )
    return 0 if count == opened == right == found == rows else 1


def rotated(stand: Stand) -> int:
    """How many numbers are sealed to the new key by now."""
    return int(stand.manage("shell", "--no-imports", "-c", _ROTATED).strip().splitlines()[-1])


if __name__ == "__main__":
    os.environ.pop("HEADLAMP_ENV_FILE", None)
    sys.exit(main())

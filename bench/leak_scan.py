"""What 10,000 published incidents give away, by reading everything public and by attacking it.

Run: .venv/bin/python -m bench.leak_scan [COUNT]

In a database of its own that is thrown away (that of DATABASE_URL's test). Prints how many bytes were read
by how many addresses and files, what leaked (nothing may), what each attack gained over the published point
(nothing may), and the two figures of re-identification. Ends with 1 when anything leaked.
"""

import os
import sys
import time

import tests.environment  # noqa: F401  (settings of the suite, before Django)

os.environ["DJANGO_SETTINGS_MODULE"] = "impact.settings"


def main(count: int) -> int:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_test_environment

    from impact.publication.models import PublishedIncident
    from impact.publication.reidentification import measure
    from impact.publication.snapshots.taking import snapshot_records, take_snapshot
    from tests.publication.attacking import all_gains
    from tests.publication.leaking import leaks_in, publish_fiction
    from tests.publication.test_leak_scan import public_bodies

    setup_test_environment()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    client = Client()
    started = time.monotonic()
    secrets = publish_fiction(count)
    print(f"{count} incidents published in {time.monotonic() - started:.0f} s")
    print(f"{len(secrets.counted_only)} of them are told in counts only")
    leaked, read, seen = 0, 0, 0
    for where, body in public_bodies(client):
        found = leaks_in(body, secrets)
        leaked += len(found)
        read += len(body)
        seen += 1
        for leak in found[:3]:
            print(f"LEAK {where}: {leak}")
    print(f"{seen} addresses and files, {read / 1e6:.1f} MB read: {leaked} leaks")
    measured = measure(snapshot_records(take_snapshot()))
    print(f"chance to trace an incident to a person: {measured.person_risk:.3%} (limit 3 %)")
    print(f"the only one of its hexagon, period and theme: {measured.unique_share:.1%}")

    def fresh_start() -> None:
        PublishedIncident.objects.all().delete()

    fresh_start()
    gained = 0.0
    for gain in all_gains(client, fresh_start):
        gained = max(gained, gain.off_m if gain.attack != "crossing distances" else 0.0)
        print(
            f"{gain.attack}: {gain.tries} tries, guess {gain.off_m:.0f} m from the published point, "
            f"{gain.guess_m:.0f} m from the truth; the published point is {gain.published_m:.0f} m from it"
        )
    call_command("flush", interactive=False, verbosity=0)
    return int(leaked > 0 or gained > 5.0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))

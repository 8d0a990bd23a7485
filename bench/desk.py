"""How long the queue takes with many open cases, against a limit of 300 ms, and how many queries.

Run: .venv/bin/python -m bench.desk [--cases 10000]

In a database of its own beside the one of DATABASE_URL (SpatiaLite or PostGIS), which is dropped at the end.
"""

import argparse
import os
import statistics
import time

import tests.environment  # noqa: F401  (settings, before Django reads any)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "impact.settings")
import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases  # noqa: E402
from django.urls import reverse  # noqa: E402

from bench.duplicates import write_incidents  # noqa: E402
from impact.incidents.assessing import assess_unassessed  # noqa: E402
from tests.builders import make_moderator  # noqa: E402

LIMIT_MS = 300
PAGES = {
    "the queue": "",
    "urgent": "?urgent=on",
    "a theme": "?theme=violence",
    "a word": "?q=creuseurs+12",
    "possible duplicates": "?duplicate=on",
    "the last page": "?page=9999",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000)
    count = parser.parse_args().cases
    config = setup_databases(verbosity=0, interactive=False)
    try:
        print(f"writing {count:,} open cases on {connection.vendor} …")
        write_incidents(count)
        while assess_unassessed():
            pass
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        client = Client()
        client.force_login(make_moderator())
        for name, query in PAGES.items():
            measure(client, name, reverse("desk:queue") + query)
        measure(client, "the counts alone", reverse("desk:counts"))
    finally:
        teardown_databases(config, verbosity=0)


def measure(client: Client, name: str, address: str) -> None:
    client.get(address)
    times = []
    for _ in range(9):
        begun = time.perf_counter()
        answer = client.get(address)
        times.append((time.perf_counter() - begun) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    median = statistics.median(times)
    print(
        f"{name:20} median {median:6.0f} ms, limit {LIMIT_MS} ms: {median / LIMIT_MS:.2f} of it; "
        f"{len(queries)} queries"
    )


if __name__ == "__main__":
    main()

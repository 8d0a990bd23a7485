"""The map's clusters at a million published incidents: how quick with any filter, and are they exact?

    python -m bench.map [--incidents N] [--postgis]
    python -m bench.map --build DIRECTORY [--postgis]    # the heavy half: rows, and every count checked
    python -m bench.map --use DIRECTORY                  # the quiet half: times
    python -m bench.map --drop DIRECTORY

Boxes are screens of five tiles by three around the fullest places; filters are those of docs/surface.md, the
time slider's among them. Every answer's counts are compared with a plain GROUP BY of the database. Times are
those of the whole view, in milliseconds, beside the limit. On PostGIS (--postgis) the same rows are also
asked as ST_AsMVT of raw points, and over HTTP beside TiPg (bench/tipg.txt, in a virtual environment that this
makes).
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.map_peers import compare_over_http, compare_with_mvt, make_tiles_table
from bench.stand import ROOT

LIMITS_MS = {"sqlite": 100, "postgresql": 50}
FILTERS: dict[str, dict[str, str]] = {
    "no filter": {},
    "a month of the slider": {"from": "2025-06", "to": "2025-06"},
    "until a month": {"to": "2025-06"},
    "since a day": {"from": "2024-09-18"},
    "theme": {"theme": "violence"},
    "harm": {"harm": "killing,injury"},
    "country": {"country": "CD,SL"},
    "perpetrator": {"perpetrator": "army,police"},
    "verification": {"verification": "partially_corroborated"},
    "kind": {"kind": "artisanal"},
    "area": {"area": "{area}"},
    "near": {"near": "23.6,-6.1,300"},
    "several": {
        "from": "2025-01",
        "theme": "violence,labour",
        "kind": "artisanal,mixed",
        "perpetrator": "army",
    },
}
Box = tuple[float, float, float, float]


def screens(zoom: int) -> Iterator[Box]:
    """The three fullest windows of five tiles by three, as a screen shows them."""
    import numpy as np

    from bench.map_peers import held_columns

    columns = held_columns()
    tile = 360 / 2**zoom
    counts = columns.by_theme.sum(axis=0)
    placed = (counts > 0) & ~np.isnan(columns.points.longitude)
    corners = np.floor(
        np.stack((columns.points.longitude[placed], columns.points.latitude[placed]), axis=1) / tile
    )
    found, group = np.unique(corners, axis=0, return_inverse=True)
    fullest = np.argsort(-np.bincount(group, counts[placed]))[:3]
    for column, row in found[fullest].tolist():
        yield (
            max((column - 2) * tile, -180.0),
            max((row - 1) * tile, -85.0),
            min((column + 3) * tile, 180.0),
            min((row + 2) * tile, 85.0),
        )


def filters() -> dict[str, dict[str, str]]:
    """The area is the one with most incidents near it."""
    from django.db.models import Count

    from impact.publication.models import PublishedLink

    linked = PublishedLink.objects.order_by().values_list("area").annotate(count=Count("pk"))
    fullest = str(linked.order_by("-count")[0][0])
    return {
        name: {key: value.format(area=fullest) for key, value in chosen.items()}
        for name, chosen in FILTERS.items()
    }


def check_counts(chosen_filters: dict[str, dict[str, str]]) -> None:
    """Ends the bench where an answer differs from what the database counts."""
    from impact.publication.filtering import IncidentFilter
    from impact.summaries.clustering import clusters, clusters_by_database

    checked = 0
    for zoom in (3, 6, 10):
        box = next(screens(zoom))
        for name, parameters in chosen_filters.items():
            chosen = IncidentFilter.parse(parameters)
            ours, true = (
                sorted((one.count, sorted(one.by_theme.items())) for one in count(box, zoom, chosen))
                for count in (clusters, clusters_by_database)
            )
            if ours != true:
                raise SystemExit(f"zoom {zoom}, {name}: the clusters are not what the database counts")
            checked += len(true)
    print(f"{checked:,} clusters of 3 zooms and {len(chosen_filters)} filters compared with GROUP BY: equal")


def percentiles(asked: list[Callable[[], object]], times: int) -> tuple[float, float]:
    """The median and the 95th of a hundred, in milliseconds."""
    spent = []
    for run in asked * times:
        start = time.perf_counter()
        run()
        spent.append((time.perf_counter() - start) * 1000)
    spent.sort()
    return spent[len(spent) // 2], spent[int(len(spent) * 0.95)]


def measure(chosen_filters: dict[str, dict[str, str]], times: int) -> None:
    from django.db import connection
    from django.test import Client

    limit = LIMITS_MS[connection.vendor]
    client = Client(headers={"accept-encoding": "gzip"})

    def asking(box: Box, zoom: int, parameters: dict[str, str]) -> Callable[[], object]:
        query = {"zoom": str(zoom), "bbox": ",".join(f"{edge:.6f}" for edge in box), **parameters}

        def ask() -> object:
            answer = client.get("/api/v1/clusters/", query)
            if answer.status_code != 200:
                raise SystemExit(f"{answer.status_code} for {query}")
            return answer

        return ask

    print(f"{connection.vendor}: p50 / p95 of the view in ms; the limit is p95 {limit}")
    for zoom in (3, 6, 10):
        boxes = list(screens(zoom))
        alone = percentiles([asking(box, zoom, {}) for box in boxes], times * 4)
        mixed = [asking(box, zoom, chosen) for box in boxes for chosen in chosen_filters.values()]
        all_of_them = percentiles(mixed, times)
        slowest = max(
            (percentiles([asking(box, zoom, chosen) for box in boxes], times)[1], name)
            for name, chosen in chosen_filters.items()
        )
        print(
            f"z{zoom:<3} no filter {alone[0]:6.1f} / {alone[1]:6.1f}   {len(chosen_filters)} filters "
            f"{all_of_them[0]:6.1f} / {all_of_them[1]:6.1f} = {all_of_them[1] / limit:.2f} of the limit   "
            f"slowest p95 {slowest[0]:6.1f}: {slowest[1]}"
        )
    measure_change(next(screens(3)))


def measure_change(box: Box) -> None:
    """One publication and one retraction: how long the next answer takes that has to know."""
    from datetime import date
    from uuid import uuid4

    from impact.publication.models import PublishedIncident
    from impact.summaries.clustering import clusters

    def seen() -> tuple[int, float]:
        start = time.perf_counter()
        count = sum(cluster.count for cluster in clusters(box, 3))
        return count, (time.perf_counter() - start) * 1000

    before, _spent = seen()
    one = PublishedIncident.objects.filter(
        longitude__range=(box[0], box[2]), latitude__range=(box[1], box[3]), retracted_on=None
    )[0]
    one.pk, one.incident_key = uuid4(), uuid4()
    one.save(force_insert=True)
    published, publishing_ms = seen()
    PublishedIncident.objects.filter(pk=one.pk).update(retracted_on=date(2026, 11, 26))
    retracted, retracting_ms = seen()
    PublishedIncident.objects.filter(pk=one.pk).delete()
    if (published, retracted) != (before + 1, before):
        raise SystemExit("a publication or a retraction did not show in the next answer")
    print(
        f"the next answer after a publication: {publishing_ms:.0f} ms; a retraction: {retracting_ms:.0f} ms"
    )


def read_first() -> None:
    """Read the columns, and say what that takes."""
    from bench.map_peers import held_columns

    def resident_mb() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    before, start = resident_mb(), time.perf_counter()
    columns = held_columns()
    print(
        f"{len(columns.rows):,} rows read in {time.perf_counter() - start:.1f} s (behind the first requests "
        f"of a process), {resident_mb() - before:.0f} MB more memory"
    )


def prepare(url: str) -> None:
    os.environ["DATABASE_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "impact.settings"
    import tests.environment  # noqa: F401  (keys and paths of its own)

    os.environ["DATABASE_URL"] = url
    import django

    django.setup()


def build(directory: Path, count: int, *, on_postgis: bool) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    url = f"spatialite:///{directory.resolve()}/map.sqlite3"
    if on_postgis:
        command = [str(ROOT / "deploy/postgis.sh"), "start", str(directory.resolve() / "postgis")]
        url = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    (directory / "url").write_text(url)
    prepare(url)
    from django.core.management import call_command

    from bench.map_rows import fill

    call_command("migrate", verbosity=0)
    fill(count)
    if on_postgis:
        make_tiles_table()
    read_first()
    chosen_filters = filters()
    (directory / "filters.json").write_text(json.dumps(chosen_filters))
    check_counts(chosen_filters)


def use(directory: Path, times: int) -> None:
    url = (directory / "url").read_text()
    prepare(url)
    chosen_filters = json.loads((directory / "filters.json").read_text())
    if url.startswith("postgis"):
        read_first()
        measure(chosen_filters, times)
        compare_with_mvt()
        compare_over_http(url, directory)
    else:
        read_first()
        measure(chosen_filters, times)


def drop(directory: Path) -> None:
    if (directory / "postgis").exists():
        command = [str(ROOT / "deploy/postgis.sh"), "stop", str(directory.resolve() / "postgis")]
        subprocess.run(command, check=False)
    shutil.rmtree(directory)


def run(arguments: list[str]) -> None:
    """In a process of its own, for settings are read once."""
    subprocess.run([sys.executable, "-m", "bench.map", *arguments], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--incidents", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--postgis", action="store_true")
    for verb in ("build", "use", "drop"):
        parser.add_argument(f"--{verb}", type=Path, metavar="DIRECTORY")
    chosen: Any = parser.parse_args()
    if chosen.build:
        build(chosen.build, chosen.incidents, on_postgis=chosen.postgis)
    elif chosen.use:
        use(chosen.use, chosen.times)
    elif chosen.drop:
        drop(chosen.drop)
    else:
        directory = tempfile.mkdtemp(prefix="headlamp-map-")
        os.chmod(directory, 0o755)  # noqa: S103  (PostgreSQL's own user looks in)
        try:
            kind = ["--postgis"] if chosen.postgis else []
            run(["--build", directory, "--incidents", str(chosen.incidents), *kind])
            run(["--use", directory, "--times", str(chosen.times)])
        finally:
            run(["--drop", directory])


if __name__ == "__main__":
    main()

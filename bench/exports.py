"""A million incidents to files, beside pyogrio's own Arrow write of the same frame; a large map; a brief.

Run: .venv/bin/python -m bench.exports [ROWS]       files, then map and brief
     .venv/bin/python -m bench.exports --plenary      map and brief alone

- Each format in a process of its own: our seconds from the stored snapshot to the file, the peer's seconds
  from the finished table in memory to the same kind of file, the ratio, and the highest memory of each. The
  peer writes the same columns, types and rows with the same indexes, of a GeoPackage also the links to
  areas. Ours reads and decompresses them from the database in its time, and adds the areas, dictionary,
  styles, licence, citation and digest; for CSV it makes formulas harmless, and has three columns more.
  Neither counts loading its modules.
- A print map of 100,000 points as PDF, SVG and PNG (300 dpi), also as hexagons, and a brief of them, in
  seconds from the stored snapshot to the file, each in a process of its own.

TMPDIR says on which disk: on /dev/shm it is the work that is measured and not the disk.
Works on a database of its own, which it makes and removes.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "impact.settings")
RUNS = 3  # of which the quickest counts, on both sides: a disk that others use too stalls now and then
FORMATS = {"gpkg": "GPKG", "geojson": "GeoJSON", "csv": "CSV", "fgb": "FlatGeobuf"}
THEMES = {
    "violence": ["killing", "injury"],
    "labour": ["unsafe_work"],
    "environment": ["water_pollution"],
    "conflict_finance": ["extortion"],
}
# Texts of 50 to 300 letters, no two alike.
WORDS = (
    "people soldiers pit river water diggers night road camp mine company guards taxes children village "
    "houses chemicals fish women cooperative barrier were shot beaten hurt burnt at the and of by after from"
).split()


# What, in which format and style, and the limit in seconds.
PLENARY = [
    ("map", "pdf points", 10),
    ("map", "svg points", 10),
    ("map", "png points", 10),
    ("map", "pdf hexagons", 10),
    ("brief", "", 15),
]


def main(*, is_plenary_alone: bool, rows: int = 1_000_000) -> None:
    with tempfile.TemporaryDirectory() as directory:
        environment = {**os.environ, "BENCH_DIRECTORY": directory}
        child = [sys.executable, "-m", "bench.exports", "--child"]
        if not is_plenary_alone:
            write_files(child, environment, rows)
        subprocess.run([*child, "make", "100000"], env=environment, check=True)
        for name, form, limit in PLENARY:
            run = subprocess.run([*child, name, form], env=environment, check=True, capture_output=True)
            told = json.loads(run.stdout)
            print(
                f"{name} of 100,000 {form:15}{told['seconds']:6.1f} s, {told['seconds'] / limit:.2f} of the "
                f"limit of {limit} s, {told['megabytes']:.0f} MB"
            )


def write_files(child: list[str], environment: dict[str, str], rows: int) -> None:
    subprocess.run([*child, "make", str(rows)], env=environment, check=True)
    print(f"{rows:,} incidents{'':12}ours       peer      ratio       memory: ours       peer")
    for name in FORMATS:
        said: dict[str, dict[str, float]] = {}
        for who in ("ours", "peer") * RUNS:
            run = subprocess.run([*child, who, name], env=environment, check=True, capture_output=True)
            result = json.loads(run.stdout)
            said[who] = min(said.get(who, result), result, key=lambda one: float(one["seconds"]))
        ratio = said["ours"]["seconds"] / said["peer"]["seconds"]
        print(
            f"{name:20}{said['ours']['seconds']:10.1f} s {said['peer']['seconds']:8.1f} s {ratio:9.2f}x "
            f"{said['ours']['megabytes']:15.0f} MB {said['peer']['megabytes']:7.0f} MB"
        )


def child(what: str, argument: str) -> None:
    import django

    directory = Path(os.environ["BENCH_DIRECTORY"])
    import tests.environment  # noqa: F401  (the suite's settings)

    os.environ["HEADLAMP_VAR"] = str(directory)
    django.setup()
    from django.core.management import call_command

    from impact.publication.models import Snapshot

    if what == "make":
        call_command("migrate", verbosity=0)
        make_snapshot(int(argument))
        return
    snapshot = Snapshot.objects.defer("rows").latest("created_at")
    target = directory / f"out.{(argument or what).split()[0]}"
    work = {"ours": write_ours, "peer": write_peer, "map": write_map, "brief": write_brief}[what]
    started = time.perf_counter()
    result = work(snapshot, argument, target) or time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": result, "megabytes": peak}))
    target.unlink(missing_ok=True)


def write_ours(snapshot: Any, name: str, target: Path) -> float:
    from impact.summaries.exporting import write_export_file

    started = time.perf_counter()
    write_export_file(snapshot, name, target)
    return time.perf_counter() - started


def write_peer(snapshot: Any, name: str, target: Path) -> float:
    """The same rows as one Arrow table in memory, written by pyogrio: seconds of the writing alone."""
    import pyarrow as pa
    from pyogrio.raw import write_arrow

    from impact.summaries.formats.batches import placed_batches

    table = pa.Table.from_batches(placed_batches(snapshot))
    started = time.perf_counter()
    geometry = {} if name == "csv" else {"geometry_name": "geometry", "geometry_type": "Point"}
    if name == "csv":
        table = table.drop_columns("geometry")
    write_arrow(table, str(target), layer="incidents", driver=FORMATS[name], crs="EPSG:4326", **geometry)
    seconds = time.perf_counter() - started
    return seconds + (write_peers_links(snapshot, target) if name == "gpkg" else 0)


def write_peers_links(snapshot: Any, target: Path) -> float:
    """The table of which incident is near which area, which a GeoPackage has as well, with its indexes."""
    import sqlite3

    from pyogrio.raw import write_arrow

    from impact.summaries.formats.area_tables import FileAreas

    links = FileAreas(snapshot).links(with_numbers=True).read_all()
    started = time.perf_counter()
    write_arrow(links, str(target), layer="incident_areas", driver="GPKG", append=True)
    with sqlite3.connect(target) as connection:
        for column in ("base_id", "related_id"):
            connection.execute(f"CREATE INDEX links_{column} ON incident_areas ({column})")
    return time.perf_counter() - started


def write_map(snapshot: Any, form: str, target: Path) -> None:
    from impact.summaries.maps import MapOptions, render_map

    ending, style = form.split()
    target.write_bytes(render_map(snapshot, MapOptions(format=ending, style=style)))


def write_brief(snapshot: Any, _name: str, target: Path) -> None:
    from impact.summaries.brief import BriefOptions, make_brief

    target.write_bytes(make_brief(snapshot, BriefOptions()).pdf)


def make_snapshot(rows: int) -> None:
    """A snapshot of invented incidents in some 2,000 hexagons, as wide and as long as real ones."""
    from impact.publication.models import Snapshot
    from impact.publication.snapshots.canonical import canonical_line
    from impact.publication.snapshots.freezing import Freezing

    chance = random.Random(20261126)
    places = [(round(chance.uniform(-14, 36), 6), round(chance.uniform(-33, 12), 6)) for _ in range(2000)]
    frozen = Freezing()
    for number in sorted(chance.getrandbits(128) for _ in range(rows)):
        frozen.add(canonical_line(invented(chance, number, places), f"{chance.getrandbits(88):022x}"))
    frozen.kept(Snapshot(without_place=0, withheld=0, is_fictional=True))


def invented(chance: random.Random, number: int, places: list[tuple[float, float]]) -> Any:
    theme = chance.choice(list(THEMES))
    longitude, latitude = chance.choice(places)
    month = chance.randrange(1, 13)
    areas = [
        {
            "id": place,
            "name": f"Area number {place}",
            "kind": "artisanal",
            "distance_km": chance.randrange(25),
        }
        for place in chance.sample(range(1, 2000), chance.randrange(4))
    ]
    return {
        "id": str(UUID(int=number)),
        "theme": theme,
        "harms": THEMES[theme],
        "perpetrator": "army",
        "verification": "verified",
        "reliability": "B",
        "credibility": "2",
        "killed": chance.randrange(4) or None,
        "injured": None,
        "arrested": None,
        "displaced": None,
        "affected": chance.randrange(30) or None,
        "minerals": ["diamond"],
        "country": "CD",
        "occurred_from": f"2025-{month:02d}-01",
        "occurred_to": f"2025-{month:02d}-07",
        "occurred_precision": "week",
        "text": " ".join(chance.choices(WORDS, k=chance.randrange(8, 40))).capitalize() + ".",
        "lon": longitude,
        "lat": latitude,
        "uncertainty_m": 8000.0,
        "areas": areas,
        "published_on": "2026-01-05",
        "is_fictional": True,
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:4])
    elif sys.argv[1:2] == ["--plenary"]:
        main(is_plenary_alone=True)
    else:
        main(is_plenary_alone=False, rows=int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)

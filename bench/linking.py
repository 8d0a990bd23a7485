"""How quickly incidents are linked to producing areas, beside PostGIS's own SQL and geopandas.

Run: .venv/bin/python -m bench.linking [--incidents 1000000] [--longest 4000000]

- A million incidents, 20,000 areas (a fifth of them polygons), the nearest five within 25 km with their
  shares, the making of the index included: ours in one process and in two; PostGIS by KNN lateral over a GiST
  index on one connection and on two; geopandas by `dwithin` and geodesic distances. The peers do not work
  out shares. For as many incidents as geopandas is given, the links of both are counted.
- The same for four times as many: the rate should be the same.
- One incident against the 20,000 areas, on SpatiaLite and on PostGIS, through the product's own function.
- Reading and writing with it: `link_waiting`, on both databases.

Needs Debian's PostgreSQL and PostGIS packages; it starts a server of its own (deploy/postgis.sh).
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Geod

from impact.places.nearness.measuring import AreaIndex, AreaShape, Nearness
from impact.places.nearness.measuring_apart import measuring_pool, nearest_apart

ROOT = Path(__file__).resolve().parent.parent
AREAS, REACH_M, NEAREST = 20_000, 25_000.0, 5
CHUNK = 20_000
WEST, SOUTH, EAST, NORTH = -10.0, -20.0, 28.0, 18.0
GEOD = Geod(ellps="WGS84")
Incidents = tuple[np.ndarray, np.ndarray, np.ndarray]
SAMPLE_POSTGIS, SAMPLE_GEOPANDAS = 60_000, 250_000
ONE_AT_A_TIME, WRITTEN = 600, 40_000


def made_areas(rng: np.random.Generator) -> list[Any]:
    """20,000 areas: four fifths points, a fifth polygons of 6 to 60 corners and 1 to 6 km."""
    shapes: list[Any] = []
    for number in range(AREAS):
        x, y = rng.uniform(WEST, EAST), rng.uniform(SOUTH, NORTH)
        if number % 5:
            shapes.append(shapely.Point(x, y))
            continue
        angle = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(6, 60)))
        radius = rng.uniform(0.6, 1.0, len(angle)) * rng.uniform(0.01, 0.05)
        ring = np.column_stack((x + radius * np.cos(angle), y + radius * np.sin(angle)))
        shapes.append(shapely.make_valid(shapely.Polygon(ring), method="structure"))
    return shapes


def made_incidents(rng: np.random.Generator, count: int) -> Incidents:
    return (
        rng.uniform(WEST, EAST, count),
        rng.uniform(SOUTH, NORTH, count),
        rng.choice([0.0, 500.0, 2_000.0, 5_000.0, 10_000.0], count),
    )


def streamed_incidents(count: int) -> Iterator[Incidents]:
    """Chunk by chunk, as `link_waiting` reads them: the memory that is measured is the product's."""
    rng = np.random.default_rng(2)
    for start in range(0, count, CHUNK):
        yield made_incidents(rng, min(CHUNK, count - start))


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def bench_alone(count: int) -> None:
    """In a process of its own, for its memory: incidents a second, links, MB."""
    shapes = made_shapes()
    links = 0

    def link() -> None:
        nonlocal links
        index = AreaIndex(shapes)
        links = sum(len(index.nearest(*chunk).point) for chunk in streamed_incidents(count))

    took = seconds(link)
    print(count / took, links, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def bench_two(count: int) -> None:
    """In two processes below this one: incidents a second, seconds of their work, MB here and in both."""
    shapes = made_shapes()

    def link() -> None:
        with measuring_pool(shapes, 2) as pool:
            started: deque[Future[Nearness]] = deque()
            for chunk in streamed_incidents(count):
                started.append(pool.submit(nearest_apart, *chunk))
                if len(started) > 2:
                    started.popleft().result()
            for future in started:
                future.result()

    took = seconds(link)
    here, below = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    # Of those below the system tells the largest only: counted twice.
    print(count / took, below.ru_utime, here.ru_maxrss / 1024, 2 * below.ru_maxrss / 1024)


def made_shapes() -> list[AreaShape]:
    areas = made_areas(np.random.default_rng(1))
    return [AreaShape(number, shape, REACH_M) for number, shape in enumerate(areas, start=1)]


def bench_million(count: int, longest: int) -> tuple[float, float]:
    alone, links, memory = map(float, run_apart(f"alone:{count}").split())
    print(
        f"{count:,} incidents, {links:,.0f} links: one process {alone:,.0f} incidents/s, peak {memory:.0f} MB"
    )
    rates = []
    for many in dict.fromkeys((count, longest)):
        two, work_s, here, below = map(float, run_apart(f"two:{many}").split())
        rates.append(two)
        print(
            f"{many:,} incidents in two processes: {two:,.0f}/s, {work_s / many * 1e6:.1f} us of CPU each; "
            f"peak {here:.0f} MB in the process that reads, {below:.0f} MB in the two that measure: "
            f"{here + below:.0f} MB, {(here + below) / 1000:.2f} of the limit of 1,000 MB"
        )
    print(f"{rates[-1] / rates[0]:.2f} times the rate for {longest / count:g} times as many\n")
    return alone, rates[0]


def bench_geopandas() -> None:
    """In a process of its own, for its memory."""
    import geopandas

    areas = geopandas.GeoDataFrame(geometry=made_areas(np.random.default_rng(1)), crs=4326)
    chunks = zip(*streamed_incidents(SAMPLE_GEOPANDAS), strict=True)
    longitude, latitude, _ = map(np.concatenate, chunks)
    links = 0

    def link() -> None:
        nonlocal links
        points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(longitude, latitude), crs=4326)
        pairs = points.sjoin(areas, predicate="dwithin", distance=0.24)
        near = shapely.shortest_line(
            areas.geometry.to_numpy()[pairs["index_right"]], points.geometry.to_numpy()[pairs.index]
        )
        ends = shapely.get_coordinates(near).reshape(-1, 4)
        pairs["m"] = GEOD.inv(*ends.T)[2]
        pairs = pairs[pairs["m"] <= REACH_M].sort_values("m")
        links = len(pairs.groupby(level=0).head(NEAREST))

    rate = SAMPLE_GEOPANDAS / seconds(link)
    print(rate, links, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def bench_postgis(url: str) -> list[float]:
    """KNN lateral over a GiST index of geographies: incidents a second on one connection, and on two."""
    import psycopg

    address = url.replace("postgis://", "postgresql://")
    rng = np.random.default_rng(1)
    areas = made_areas(rng)
    longitude, latitude, _ = made_incidents(rng, SAMPLE_POSTGIS)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS bench_area, bench_incident")
        connection.execute("CREATE TABLE bench_area (id int, g geography)")
        connection.execute("CREATE TABLE bench_incident (id int, g geography)")
        with connection.cursor().copy("COPY bench_area FROM STDIN") as copy:
            for number, shape in enumerate(areas):
                copy.write_row((number, f"SRID=4326;{shapely.to_wkt(shape, rounding_precision=9)}"))
        with connection.cursor().copy("COPY bench_incident FROM STDIN") as copy:
            for number, (x, y) in enumerate(zip(longitude, latitude, strict=True)):
                copy.write_row((number, f"SRID=4326;POINT({x} {y})"))
        connection.execute("CREATE INDEX ON bench_area USING gist (g)")
        connection.execute("CREATE INDEX ON bench_incident (id)")
        connection.execute("VACUUM ANALYZE")

    def link(part: int, parts: int) -> None:
        with psycopg.connect(address) as connection:
            connection.execute(
                "SELECT count(d) FROM bench_incident i CROSS JOIN LATERAL ("
                " SELECT ST_Distance(a.g, i.g) AS d FROM bench_area a WHERE ST_DWithin(a.g, i.g, %s)"
                " ORDER BY a.g <-> i.g LIMIT 5) near WHERE i.id %% %s = %s",
                (REACH_M, parts, part),
            ).fetchone()

    rates = []
    for parts in (1, 2):
        with ThreadPoolExecutor(parts) as pool:
            rates.append(
                SAMPLE_POSTGIS / seconds(lambda p=parts, t=pool: list(t.map(lambda n: link(n, p), range(p))))  # type: ignore[misc]
            )
    return rates


def bench_database(name: str) -> None:
    """In a process of its own: Django takes its database from the environment."""
    import django
    from django.core.management import call_command

    django.setup()
    from django.contrib.gis.geos import GEOSGeometry, Point

    from impact.incidents.bulk_linking import link_waiting
    from impact.incidents.models import Incident
    from impact.incidents.references import new_reference
    from impact.places.models import ProducingArea
    from impact.places.nearness.areas import nearby_areas

    call_command("migrate", verbosity=0)
    rng = np.random.default_rng(1)
    ProducingArea.objects.bulk_create(
        (
            ProducingArea(
                name=f"Area {number}", country="CD", source_name="bench", source_key=str(number),
                geometry=GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=4326),
            )
            for number, shape in enumerate(made_areas(rng))
        ),
        batch_size=1000,
    )  # fmt: skip
    longitude, latitude, uncertainty_m = made_incidents(rng, WRITTEN)
    now = "2026-11-23T12:00Z"
    Incident.objects.bulk_create(
        (
            Incident(
                reference=new_reference(), point=Point(x, y, srid=4326), uncertainty_m=u, received_at=now
            )
            for x, y, u in zip(longitude.tolist(), latitude.tolist(), uncertainty_m.tolist(), strict=True)
        ),
        batch_size=1000,
    )
    took: dict[str, list[float]] = {"by the clock": [], "of CPU here": []}
    for x, y, u in zip(longitude[:ONE_AT_A_TIME], latitude[:ONE_AT_A_TIME], uncertainty_m, strict=False):
        wall, work = time.perf_counter(), time.process_time()
        nearby_areas(x, y, uncertainty_m=u)
        took["by the clock"].append((time.perf_counter() - wall) * 1000)
        took["of CPU here"].append((time.process_time() - work) * 1000)
    print(
        f"{name}: one incident, {AREAS:,} areas, on {os.cpu_count()} cores with load {os.getloadavg()[0]:.1f}"
    )
    for what, times in took.items():
        median, p95 = (sorted(times)[int(len(times) * part)] for part in (0.5, 0.95))
        print(f"  {what}: median {median:.1f} ms, p95 {p95:.1f} ms, {p95 / 5:.2f} of the limit of 5 ms")
    took_all = seconds(lambda: link_waiting(processes=1))
    print(f"{name}: reading, measuring and writing {WRITTEN:,}: {WRITTEN / took_all:,.0f} incidents/s\n")


def run_apart(what: str, **environment: str) -> str:
    finished = subprocess.run(
        [sys.executable, "-m", "bench.linking", what],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise SystemExit(finished.stderr)
    return finished.stdout


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("apart", nargs="?", default="")
    parser.add_argument("--incidents", type=int, default=1_000_000)
    parser.add_argument("--longest", type=int, default=4_000_000)
    options = parser.parse_args()
    if options.apart:
        what, _, count = options.apart.partition(":")
        if count:
            {"alone": bench_alone, "two": bench_two}[what](int(count))
        else:
            {"geopandas": bench_geopandas}.get(what, lambda: bench_database(what))()
        return
    alone, two = bench_million(options.incidents, options.longest)
    rate, links, memory = map(float, run_apart("geopandas").split())
    same, ours, _ = map(float, run_apart(f"alone:{SAMPLE_GEOPANDAS}").split())
    print(
        f"geopandas, {SAMPLE_GEOPANDAS:,} incidents: {rate:,.0f}/s, {memory:.0f} MB, {links:,.0f} links; "
        f"ours, of the same in one process: {same:,.0f}/s, {same / rate:.1f} times it, {ours:,.0f} links\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)  # noqa: S103 - the server runs as another user
        postgis = str(ROOT / "deploy" / "postgis.sh")
        url = subprocess.run(
            [postgis, "start", f"{folder}/pg"], capture_output=True, text=True, check=True
        ).stdout.strip()
        try:
            one, both = bench_postgis(url)
            print(
                f"PostGIS KNN lateral: one connection {one:,.0f} incidents/s, two {both:,.0f}/s; "
                f"ours is {alone / one:.1f} and {two / both:.1f} times it\n"
            )
            keys = dict(
                line.split("=", 1)
                for line in subprocess.run(
                    [sys.executable, "deploy/create_keys.py"],
                    cwd=ROOT,
                    capture_output=True,
                    text=True,
                    check=True,
                ).stdout.split()
            )
            common = {**keys, "HEADLAMP_ENV_FILE": os.devnull, "HEADLAMP_VAR": folder,
                      "DJANGO_SETTINGS_MODULE": "impact.settings"}  # fmt: skip
            print(
                run_apart("SpatiaLite", DATABASE_URL=f"spatialite:///{folder}/bench.sqlite3", **common),
                end="",
            )
            print(run_apart("PostGIS", DATABASE_URL=url, **common), end="")
        finally:
            subprocess.run([postgis, "stop", f"{folder}/pg"], check=True)


if __name__ == "__main__":
    main()

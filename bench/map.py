"""Clusters of the busiest boxes at zoom 3, 6 and 10, beside PostGIS's ST_AsMVT on the same rows in this run.

    python -m bench.map --incidents 1000000

Fills a test database of DATABASE_URL (SpatiaLite by default) with published incidents in their hexagons, asks
for the same boxes again and again, checks every count against a plain sum, and prints p50 and p95 in
milliseconds. On PostGIS the same boxes are asked of ST_AsMVT, which sends every point: that is the ratio.
It writes into a database of its own, which it makes and drops.
"""

import argparse
import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from uuid import UUID

import django

_CENTRES = ((23.6, -6.1), (20.8, -6.4), (29.0, 2.0), (-10.9, 8.5), (18.0, 5.0), (31.2, -19.6), (-44.0, -18.0))
_SQL_TILE = """
SELECT ST_AsMVT(tile, 'incidents') FROM (
  SELECT theme, ST_AsMVTGeom(
    ST_Transform(ST_SetSRID(ST_MakePoint(longitude, latitude), 4326), 3857),
    ST_Transform(ST_MakeEnvelope(%s, %s, %s, %s, 4326), 3857)) AS geom
  FROM publication_publishedincident
  WHERE retracted_on IS NULL AND longitude BETWEEN %s AND %s AND latitude BETWEEN %s AND %s
) AS tile
"""
Box = tuple[float, float, float, float]


def fill(count: int) -> list[tuple[float, float]]:
    import h3

    from impact.publication.models import PublishedIncident
    from impact.vocabulary import Theme

    chance = random.Random(7)
    points: list[tuple[float, float]] = []
    themes = list(Theme.values)
    for start in range(0, count, 5000):
        rows = []
        for _index in range(min(5000, count - start)):
            longitude, latitude = chance.choice(_CENTRES)
            cell = h3.latlng_to_cell(chance.gauss(latitude, 2.5), chance.gauss(longitude, 2.5), 5)
            middle = h3.cell_to_latlng(cell)
            first = date(2024, 1, 1) + timedelta(days=7 * chance.randrange(130))
            points.append((middle[1], middle[0]))
            rows.append(
                PublishedIncident(
                    id=UUID(int=chance.getrandbits(128), version=4),
                    incident_key=UUID(int=chance.getrandbits(128), version=4),
                    theme=chance.choice(themes),
                    perpetrator="unknown",
                    verification="verified",
                    reliability="B",
                    credibility="2",
                    country="CD",
                    longitude=middle[1],
                    latitude=middle[0],
                    cell=cell,
                    uncertainty_m=22_000,
                    occurred_from=first,
                    occurred_to=first + timedelta(days=6),
                    occurred_precision="week",
                    published_on=first + timedelta(days=14),
                )
            )
        PublishedIncident.objects.bulk_create(rows, batch_size=500)
        print(f"\r{start + len(rows):,} of {count:,} rows", end="", flush=True)
    print()
    return points


def busiest(points: list[tuple[float, float]], zoom: int) -> Iterator[Box]:
    """The three fullest windows of five tiles by three, as a screen shows them."""
    from collections import Counter

    tile = 360 / 2**zoom
    full = Counter((int(lon // tile), int(lat // tile)) for lon, lat in points)
    for (column, row), _count in full.most_common(3):
        yield (
            max((column - 2) * tile, -180.0),
            max((row - 1) * tile, -85.0),
            min((column + 3) * tile, 180.0),
            min((row + 2) * tile, 85.0),
        )


def percentiles(run: Callable[[Box], object], boxes: list[Box], times: int) -> tuple[float, float]:
    spent = []
    for box in boxes * times:
        start = time.perf_counter()
        run(box)
        spent.append((time.perf_counter() - start) * 1000)
    spent.sort()
    return spent[len(spent) // 2], spent[int(len(spent) * 0.95)]


def main(count: int, times: int) -> None:
    from django.db import connection

    from impact.summaries.clustering import clusters

    points = fill(count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{connection.vendor}, {count:,} incidents in {len(set(points)):,} hexagons; p50 / p95 in ms")
    for zoom in (3, 6, 10):
        boxes = list(busiest(points, zoom))
        for west, south, east, north in boxes:
            found = sum(cluster.count for cluster in clusters((west, south, east, north), zoom))
            true = sum(west <= lon <= east and south <= lat <= north for lon, lat in points)
            if found != true:
                raise SystemExit(f"zoom {zoom}: clusters count {found}, there are {true}")
        ours = percentiles(lambda box, zoom=zoom: clusters(box, zoom), boxes, times)  # type: ignore[misc]
        line = f"z{zoom:<3} clusters {ours[0]:8.1f} / {ours[1]:8.1f}   counts exact"
        if connection.vendor == "postgresql":

            def tile(box: Box) -> None:
                west, south, east, north = box
                with connection.cursor() as cursor:
                    cursor.execute(_SQL_TILE, (*box, west, east, south, north))
                    cursor.fetchall()

            theirs = percentiles(tile, boxes, times)
            line += f"   ST_AsMVT {theirs[0]:8.1f} / {theirs[1]:8.1f}   {theirs[0] / ours[0]:.1f} times ours"
        print(line)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "impact.settings")
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=10)
    chosen = parser.parse_args()
    import tests.environment  # noqa: F401  (keys and paths of its own)

    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    held = setup_databases(verbosity=0, interactive=False)
    try:
        main(chosen.incidents, chosen.times)
    finally:
        teardown_databases(held, verbosity=0)

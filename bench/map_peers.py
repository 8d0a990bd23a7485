"""What bench/map.py is measured beside, on the same rows: ST_AsMVT of raw points, and TiPg over HTTP."""

import http.client
import math
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench.stand import ROOT, free_port

GOAL = 20  # times TiPg's rate
_CLIENTS = 16
_SECONDS = 12.0
_TILES = 6
_MERCATOR_M = 20_037_508.342789244
_MVT = """
SELECT ST_AsMVT(tile, 'incidents') FROM (
  SELECT theme, country, occurred_from,
    ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope(%s, %s, %s)) AS geom
  FROM tiles.incidents
  WHERE geom && ST_Transform(ST_TileEnvelope(%s, %s, %s), 4326)
) AS tile
"""
Tile = tuple[int, int, int]


def make_tiles_table() -> None:
    """The published rows with a geometry and its index, as both peers want them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA tiles")
        cursor.execute(
            "CREATE TABLE tiles.incidents AS SELECT id::text AS id, theme, perpetrator, verification, "
            "country, occurred_from, occurred_to, killed, injured, cell, uncertainty_m, published_on, "
            "ST_SetSRID(ST_MakePoint(longitude, latitude), 4326)::geometry(Point, 4326) AS geom "
            "FROM publication_publishedincident WHERE retracted_on IS NULL AND longitude IS NOT NULL"
        )
        cursor.execute("ALTER TABLE tiles.incidents ADD PRIMARY KEY (id)")
        cursor.execute("CREATE INDEX ON tiles.incidents USING gist (geom)")
        cursor.execute("ANALYZE tiles.incidents")


def held_columns() -> Any:
    """The columns, read now where they are not held yet."""
    from impact.publication.columns.standing import public_columns, read_columns

    columns = public_columns() or read_columns()
    if columns is None:
        raise SystemExit("nothing tells of changes: was the database migrated?")
    return columns


def fullest_tiles(zoom: int) -> list[Tile]:
    """The tiles of the web's grid with most incidents."""
    columns = held_columns()
    full: Counter[Tile] = Counter()
    numbers = columns.by_theme.sum(axis=0).tolist()
    places = columns.points.longitude.tolist(), columns.points.latitude.tolist()
    for longitude, latitude, number in zip(*places, numbers, strict=True):
        if number and not math.isnan(longitude):
            x = int((longitude + 180) / 360 * 2**zoom)
            y = int((1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * 2**zoom)
            full[zoom, x, y] += number
    return [tile for tile, _number in full.most_common(_TILES)]


def box_of(tile: Tile) -> str:
    zoom, x, y = tile

    def latitude(row: int) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / 2**zoom))))

    edges = x / 2**zoom * 360 - 180, latitude(y + 1), (x + 1) / 2**zoom * 360 - 180, latitude(y)
    return ",".join(f"{edge:.6f}" for edge in edges)


def compare_with_mvt() -> None:
    """The fullest tiles as vector tiles of every point, beside our view's answer for the same tile."""
    from django.db import connection
    from django.test import Client

    client = Client()
    for zoom in (3, 6, 10):
        spent: dict[str, list[float]] = {"ours": [], "theirs": []}
        size = 0
        for tile in fullest_tiles(zoom):
            for _turn in range(3):
                start = time.perf_counter()
                with connection.cursor() as cursor:
                    cursor.execute(_MVT, (*tile, *tile))
                    size = max(size, len(cursor.fetchone()[0]))
                between = time.perf_counter()
                client.get("/api/v1/clusters/", {"bbox": box_of(tile), "zoom": str(zoom)})
                spent["theirs"].append((between - start) * 1000)
                spent["ours"].append((time.perf_counter() - between) * 1000)
        ours, theirs = (sorted(spent[who])[len(spent[who]) // 2] for who in ("ours", "theirs"))
        print(
            f"z{zoom:<3} a tile: ours {ours:6.1f} ms, ST_AsMVT of raw points {theirs:7.1f} ms "
            f"({size / 1e6:.2f} MB at most): {theirs / ours:.1f} times ours"
        )


def compare_over_http(url: str, directory: Path) -> None:
    """The fullest tiles over HTTP, from two processes each, when ours have read their rows."""
    python = _tipg_python(directory)
    ports = {"ours": free_port(), "TiPg": free_port()}
    postgres = url.replace("postgis://", "postgresql://")
    commands = {
        "ours": [sys.executable, "-m", "gunicorn", "impact.wsgi", "--bind", f"127.0.0.1:{ports['ours']}",
                 "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--log-level", "warning"],
        "TiPg": [str(python), "-m", "uvicorn", "tipg.main:app", "--port", str(ports["TiPg"]),
                 "--workers", "2", "--log-level", "warning"],
    }  # fmt: skip
    environment = {**os.environ, "DATABASE_URL": url}
    theirs = {"PATH": os.environ["PATH"], "DATABASE_URL": postgres, "TIPG_DB_SCHEMAS": '["tiles"]'}
    running = [
        subprocess.Popen(commands["ours"], env=environment, cwd=ROOT),
        subprocess.Popen(commands["TiPg"], env=theirs, cwd=directory),
    ]
    try:
        _wait_for(ports["TiPg"], "/healthz")
        _wait_for(ports["ours"], "/healthz")
        for _each in range(8):  # both processes begin to read
            _get(ports["ours"], "/api/v1/clusters/?bbox=0,0,1,1&zoom=10")
        _wait_until_quick(ports["ours"])
        for zoom in (3, 6, 10):
            tiles = fullest_tiles(zoom)
            rates = {
                "ours": _rate(
                    ports["ours"], [f"/api/v1/clusters/?bbox={box_of(t)}&zoom={zoom}" for t in tiles]
                ),
                "TiPg": _rate(ports["TiPg"], [_tile_address(tile) for tile in tiles]),
            }
            ratio = rates["ours"] / rates["TiPg"]
            print(
                f"z{zoom:<3} over HTTP, {_CLIENTS} at once: ours {rates['ours']:6.1f} tiles a second, "
                f"exact; TiPg {rates['TiPg']:6.1f}, cut at 10,000 points: {ratio:.1f} times TiPg, "
                f"{ratio / GOAL:.2f} of the goal of {GOAL}"
            )
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(20)


def _tile_address(tile: Tile) -> str:
    zoom, x, y = tile
    return f"/collections/tiles.incidents/tiles/WebMercatorQuad/{zoom}/{x}/{y}"


def _tipg_python(directory: Path) -> Path:
    """An environment of its own: what TiPg pins is not what we pin."""
    made = directory / "tipg"
    if not made.exists():
        subprocess.run([sys.executable, "-m", "venv", str(made)], check=True)
        command = [str(made / "bin/pip"), "install", "--quiet", "-r", str(ROOT / "bench/tipg.txt")]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return made / "bin/python"


def _get(port: int, address: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", address)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def _wait_for(port: int, address: str) -> None:
    for _each in range(240):
        try:
            if _get(port, address) == 200:
                return
        except OSError:
            pass
        time.sleep(0.25)
    raise SystemExit(f"nothing answers on port {port}")


def _wait_until_quick(port: int) -> None:
    """Until both processes count in their columns and no longer in the database."""
    for _each in range(120):
        spent = []
        for _request in range(24):
            start = time.perf_counter()
            _get(port, "/api/v1/clusters/?zoom=3&to=2025-06")
            spent.append(time.perf_counter() - start)
        if max(spent) < 0.15:
            return
        time.sleep(1)
    raise SystemExit("the processes did not finish reading")


def _rate(port: int, addresses: list[str]) -> float:
    """Answers a second to clients that keep their connections, after a turn that does not count."""
    for address in addresses:
        if (status := _get(port, address)) != 200:
            raise SystemExit(f"{status} for {address}")
    answered = [0] * _CLIENTS
    until = time.perf_counter() + _SECONDS

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        turn = number
        while time.perf_counter() < until:
            connection.request("GET", addresses[turn % len(addresses)])
            answer = connection.getresponse()
            answer.read()
            answered[number] += answer.status == 200
            turn += 1
        connection.close()

    started = time.perf_counter()
    clients = [threading.Thread(target=ask, args=(number,)) for number in range(_CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return sum(answered) / (time.perf_counter() - started)

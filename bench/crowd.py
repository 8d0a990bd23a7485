"""A plenary's crowd: requests a second through nginx with deploy/nginx.conf, from two cores, and how long a
retraction takes to be gone while they ask.

Run: .venv/bin/python -m bench.crowd [--seconds 10] [--database postgis]. Needs Debian's nginx-light and wrk.

The demo's data, two web processes, nginx and the clients (wrk, 64 connections) share the machine. Prints the
rate and the 99th percentile for the first page, the map's clusters and an area's page, beside the limit of
2,000 a second and beside the same server without nginx.
"""

import argparse
import json
import os
import re
import subprocess
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

from bench.stand import Stand, bench_database
from tests.nginx import nginx_before

LIMIT = 2000
_CONNECTIONS = 64
_SHARED_S = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=int, default=10, help="of each measurement")
    parser.add_argument("--database", choices=("spatialite", "postgis"), default="spatialite")
    given = parser.parse_args()
    with bench_database(given.database) as (directory, url):
        _crowd(directory, url, given.seconds)


def _crowd(directory: Path, url: str, seconds: int) -> None:
    stand = Stand(directory, url)
    print(f"loading the demo into {url.partition(':')[0]}", flush=True)
    stand.manage("migrate")
    stand.manage("load_demo")
    stand.start("web")
    try:
        _wait_for(f"http://127.0.0.1:{stand.port}/healthz")
        with nginx_before(f"127.0.0.1:{stand.port}", directory) as port:
            _measure(stand, port, seconds)
            _retract(stand, port)
    finally:
        stand.stop()


def _measure(stand: Stand, port: int, seconds: int) -> None:
    areas = json.loads(_get(f"http://127.0.0.1:{stand.port}/map/areas.json"))["features"]
    area = max(areas, key=lambda one: one["properties"]["incidents"])["id"]
    addresses = {
        "first page": "/",
        "clusters": "/api/v1/clusters/?bbox=10,-15,35,10&zoom=5&from=2025-01",
        "area page": f"/areas/{area}/",
    }
    for name, address in addresses.items():
        through = _wrk(port, address, seconds)
        unchanged = _wrk(port, address, max(seconds // 2, 1), tag=_tag(port, address))
        alone = _wrk(stand.port, address, max(seconds // 3, 1))
        print(
            f"{name:11} {through['rate']:7,.0f} a second, p99 {through['p99']}, {through['kb']:.1f} KB each: "
            f"{through['rate'] / LIMIT:.1f} of the limit of {LIMIT:,}; with a tag (304) "
            f"{unchanged['rate']:7,.0f}; without nginx {alone['rate']:.0f}",
            flush=True,
        )


def _wrk(port: int, address: str, seconds: int, tag: str = "") -> dict[str, Any]:
    headers = [
        "Accept-Encoding: gzip, br",
        "Accept-Language: en-GB,en;q=0.9",
        *([f"If-None-Match: {tag}"] if tag else []),
    ]
    command = ["wrk", "-t2", f"-c{_CONNECTIONS}", f"-d{seconds}s", "--latency", "--timeout", "20s"]
    for header in headers:
        command += ["-H", header]
    said = subprocess.run(
        [*command, f"http://127.0.0.1:{port}{address}"], check=True, capture_output=True, text=True
    ).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(f"{address} failed under the crowd:\n{said}")
    requests, size, unit = re.search(r"(\d+) requests in [^,]+, ([\d.]+)(\w+) read", said).groups()  # type: ignore[union-attr]
    return {
        "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", said).group(1)),  # type: ignore[union-attr]
        "p99": re.search(r"99%\s+(\S+)", said).group(1),  # type: ignore[union-attr]
        "kb": float(size) * {"B": 1e-3, "KB": 1, "MB": 1e3, "GB": 1e6}[unit] / max(int(requests), 1),
    }


def _retract(stand: Stand, port: int) -> None:
    """Take one back while the crowd asks for the first page, and look when it is gone."""
    os.environ.update(stand.environment)
    import django

    django.setup()
    from impact.publication.published import published_incidents

    published = published_incidents()[0]
    page, words = f"http://127.0.0.1:{port}/", str(published.pk)
    if words not in _get(page):
        raise SystemExit("the latest incident is not on the first page")
    crowd = threading.Thread(target=_wrk, args=(port, "/", 14))
    crowd.start()
    time.sleep(3)
    _take_back(published.incident_key)
    since = time.monotonic()
    while words in _get(page):
        time.sleep(0.02)
        if time.monotonic() - since > 60:
            raise SystemExit("a minute later it is still there")
    gone_s = time.monotonic() - since
    crowd.join()
    print(f"a retraction was gone for everybody after {gone_s:.1f} s, {gone_s / _SHARED_S:.1f} of the limit")


def _take_back(incident_key: Any) -> None:
    from impact.accounts.models import Role, User
    from impact.incidents.models import Incident
    from impact.moderation.deciding import DecisionRefused
    from impact.publication.publishing import retract_incident

    incident = Incident.objects.get(pk=incident_key)
    for moderator in User.objects.filter(
        memberships__role__in=(Role.SENIOR_MODERATOR, Role.MODERATOR)
    ).distinct():
        try:
            retract_incident(
                incident=incident, moderator=moderator, reason="bench", expected_version=incident.version
            )
        except DecisionRefused:
            continue
        return
    raise SystemExit("nobody of the demo may retract it")


def _tag(port: int, address: str) -> str:
    with urllib.request.urlopen(_request(f"http://127.0.0.1:{port}{address}")) as answer:  # noqa: S310 (loopback)
        return str(answer.headers["ETag"])


def _request(address: str) -> urllib.request.Request:
    return urllib.request.Request(address, headers={"Accept-Language": "en-GB,en;q=0.9"})  # noqa: S310


def _get(address: str) -> str:
    with urllib.request.urlopen(_request(address)) as answer:  # noqa: S310
        return str(answer.read().decode())


def _wait_for(address: str) -> None:
    for _each in range(240):
        try:
            _get(address)
        except OSError:
            time.sleep(0.25)
        else:
            return
    raise SystemExit("the web process does not start")


if __name__ == "__main__":
    main()

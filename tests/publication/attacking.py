"""Attacks on the masking by other means than reading, as somebody with a script and patience would try them.

Each returns what it gained: how far the best guess is from the truth, beside how far the published point is
anyway. A gain is metres nearer. Used by the suite and by bench/leak_scan.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random
from statistics import mean
from typing import Any

import numpy as np
from django.contrib.gis.geos import Point
from django.test import Client
from pyproj import Geod
from scipy.optimize import least_squares

from impact.places.basemap import country_at
from impact.publication.models import PublishedIncident
from impact.publication.versions import public_version, write_version
from tests.builders import make_area, make_incident

PUBLISHED_ON = date(2026, 11, 23)
TRUTH = (20.7871, -6.4267)  # in a hexagon of the finest kind, far from its middle
_WGS84 = Geod(ellps="WGS84")
_STEPS = 24


@dataclass(frozen=True)
class Gain:
    """`guess_m`: from the best guess to the truth; `published_m`: from the published point to the truth.

    `off_m`: from the guess to the published point. Where that is nothing, the attack found what is published.
    """

    attack: str
    guess_m: float
    published_m: float
    off_m: float
    tries: int

    @property
    def gained_m(self) -> float:
        return max(self.published_m - self.guess_m, 0.0)


def apart_m(first: tuple[float, float], second: tuple[float, float]) -> float:
    return float(_WGS84.inv(*first, *second)[2])


def publish_at(
    longitude: float, latitude: float, harms: tuple[str, ...] = ("killing",), **fields: Any
) -> PublishedIncident | None:
    """One incident at a place, by the real functions."""
    incident = make_incident(
        harms=harms, longitude=longitude, latitude=latitude, country=country_at(longitude, latitude), **fields
    )
    return write_version(incident.pk, public_version(incident, "People were hurt."), PUBLISHED_ON)


def point_of(published: PublishedIncident | None) -> tuple[float, float]:
    assert published is not None
    assert published.longitude is not None
    assert published.latitude is not None
    return published.longitude, published.latitude


def averaging(count: int = 200, seed: int = 1) -> Gain:
    """Publish many incidents of one village, each placed by another witness, and take the mean."""
    random = Random(seed)
    points = [
        point_of(publish_at(TRUTH[0] + random.gauss(0, 0.002), TRUTH[1] + random.gauss(0, 0.002)))
        for _ in range(count)
    ]
    guess = mean(point[0] for point in points), mean(point[1] for point in points)
    return Gain(
        "mean of many", apart_m(guess, TRUTH), apart_m(points[0], TRUTH), apart_m(guess, points[0]), count
    )


def searching_boxes(client: Client) -> Gain:
    """Halve a box around one incident until it is a metre wide, by the counts of the API."""
    published = point_of(publish_at(*TRUTH))
    west, south, east, north = 20.0, -7.0, 22.0, -6.0
    tries = 0

    def is_inside(box: tuple[float, float, float, float]) -> bool:
        nonlocal tries
        tries += 1
        bbox = ",".join(f"{edge:.9f}" for edge in box)
        return bool(client.get(f"/api/v1/incidents/?limit=1&bbox={bbox}").json()["count"])

    for _ in range(_STEPS):
        middle = (west + east) / 2
        west, east = (west, middle) if is_inside((west, south, middle, north)) else (middle, east)
    for _ in range(_STEPS):
        middle = (south + north) / 2
        south, north = (south, middle) if is_inside((west, south, east, middle)) else (middle, north)
    guess = (west + east) / 2, (south + north) / 2
    return Gain(
        "halving a box", apart_m(guess, TRUTH), apart_m(published, TRUTH), apart_m(guess, published), tries
    )


def searching_circles(client: Client) -> Gain:
    """Find the distance from three corners to a metre with `near`, and cross the circles."""
    published = point_of(publish_at(*TRUTH))
    corners = ((20.5, -6.6), (21.1, -6.6), (20.8, -6.1))
    distances = []
    for longitude, latitude in corners:
        low, high = 0.0, 200.0
        for _ in range(_STEPS):
            middle = (low + high) / 2
            address = f"/api/v1/incidents/?limit=1&near={longitude},{latitude},{middle:.6f}"
            low, high = (low, middle) if client.get(address).json()["count"] else (middle, high)
        distances.append((low + high) * 500)
    guess = _crossing(corners, distances)
    return Gain(
        "crossing circles",
        apart_m(guess, TRUTH),
        apart_m(published, TRUTH),
        apart_m(guess, published),
        3 * _STEPS,
    )


def crossing_distances(client: Client) -> Gain:
    """Cross the published distances to the producing areas around."""
    corners = ((20.70, -6.45), (20.90, -6.40), (20.80, -6.30), (20.82, -6.50), (20.75, -6.35))
    areas = {make_area(f"Pit {number}", *corner).pk: corner for number, corner in enumerate(corners)}
    published = publish_at(*TRUTH)
    record = client.get(f"/api/v1/incidents/{published.pk if published else ''}/").json()
    near = {area["id"]: area["distance_km"] * 1000.0 for area in record["areas"] if area["id"] in areas}
    guess = _crossing([areas[pk] for pk in near], list(near.values()))
    centre = point_of(published)
    return Gain(
        "crossing distances", apart_m(guess, TRUTH), apart_m(centre, TRUTH), apart_m(guess, centre), len(near)
    )


def zooming(client: Client) -> Gain:
    """Ask for clusters at the deepest zoom."""
    published = point_of(publish_at(*TRUTH))
    answer = client.get("/api/v1/clusters/?zoom=22&bbox=20,-7,22,-6").json()
    [cluster] = answer["clusters"]
    guess = cluster["lon"], cluster["lat"]
    return Gain("zooming in", apart_m(guess, TRUTH), apart_m(published, TRUTH), apart_m(guess, published), 1)


def republishing(count: int = 60, seed: int = 2) -> Gain:
    """Watch one incident that is corrected over and over: other harms, other precision, moved a little.

    Everything ever published for it holds the place: what they hold together is guessed at its middle.
    """
    random = Random(seed)
    incident = make_incident(longitude=TRUTH[0], latitude=TRUTH[1])
    first = point_of(write_version(incident.pk, public_version(incident, "Hurt."), PUBLISHED_ON))
    seen = {first}
    for _ in range(count):
        incident.point = Point(
            TRUTH[0] + random.gauss(0, 0.001), TRUTH[1] + random.gauss(0, 0.001), srid=4326
        )
        incident.uncertainty_m = random.choice((50.0, 2000.0, 12_000.0, 30_000.0))
        incident.harms.update(harm=random.choice(("killing", "threats", "arrest")))
        incident.save()
        again = write_version(incident.pk, public_version(incident, "Hurt."), PUBLISHED_ON)
        if again is not None and again.longitude is not None:
            seen.add(point_of(again))
    # Cells that are worked out from each other hold no less together than the finest, whose middle was
    # published.
    guess = min(seen, key=lambda point: apart_m(point, TRUTH))
    return Gain(
        "republishing",
        apart_m(guess, TRUTH),
        apart_m(first, TRUTH),
        min(apart_m(first, one) for one in seen),
        count,
    )


def figures_over_time(client: Client, count: int = 14) -> list[int]:
    """Publish incidents that may only be counted, one by one, and subtract all figures from those before.

    Returns every difference that was seen: over time, and between a filter and a wider one.
    """
    filters = (
        "",
        "&country=CD",
        "&country=AO",
        "&theme=violence",
        "&from=2026-01-01&to=2026-12-31",
        "&theme=labour",
    )
    before = dict.fromkeys(filters, 0)
    differences = []
    for number in range(count):
        make: dict[str, Any] = {"people": {"affected": {"low": 1, "high": 1}}} if number % 3 else {}
        harms = ("child_labour",) if number % 3 else ("sexual_violence",)
        publish_at(*TRUTH, harms=harms, **make)
        now = {}
        for query in filters:
            rows = client.get(f"/api/v1/statistics/?by=harm{query}").json()["counts"]
            now[query] = sum(row["count"] for row in rows)
        differences += [now[query] - before[query] for query in filters]
        differences += [now[""] - now[query] for query in filters]
        before = now
    return differences


def order_tells(client: Client, count: int = 300, seed: int = 3) -> dict[str, float]:
    """How well the order of rows, of ids, and the day of publication follow the true days: rank
    correlations."""
    random = Random(seed)
    days = [date(2026, 3, 2 + random.randrange(7)) for _ in range(count)]  # one published week
    truth = {}
    for day in days:
        published = publish_at(*TRUTH, occurred_from=day, occurred_to=day)
        assert published is not None
        truth[str(published.pk)] = day.toordinal()
    rows: list[dict[str, Any]] = client.get(f"/api/v1/incidents/?limit={count}").json()["results"]
    by_order = [truth[row["id"]] for row in rows]
    by_id = [truth[key] for key in sorted(truth)]
    feed = client.get("/feeds/incidents.atom").content.decode()
    by_feed = [day for _, day in sorted((feed.index(key), day) for key, day in truth.items() if key in feed)]
    return {"rows": _correlation(by_order), "ids": _correlation(by_id), "feed": _correlation(by_feed)}


def all_gains(client: Client, fresh_start: Callable[[], None]) -> list[Gain]:
    """Every attack on a place, each on an empty table."""
    gains = []
    for attack in (averaging, republishing):
        gains.append(attack())
        fresh_start()
    for by_client in (searching_boxes, searching_circles, crossing_distances, zooming):
        gains.append(by_client(client))
        fresh_start()
    return gains


def _crossing(corners: Any, distances: list[float]) -> tuple[float, float]:
    def misfit(point: Any) -> Any:
        return [
            apart_m((point[0], point[1]), corner) - far
            for corner, far in zip(corners, distances, strict=True)
        ]

    found = least_squares(misfit, x0=np.array([20.8, -6.4]), x_scale=0.01)
    return float(found.x[0]), float(found.x[1])


def _correlation(days: list[int]) -> float:
    if len(set(days)) < 2:
        return 0.0
    return abs(float(np.corrcoef(np.arange(len(days)), np.array(days))[0, 1]))

"""Fictional incidents with secrets in every private field, published by the real functions; and what to
look for.

Shared by the scan in the suite and the large one in bench/leak_scan.py.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from uuid import UUID, uuid4

import h3
from django.contrib.gis.geos import Point
from django.db import transaction

from impact.incidents.models import Incident, IncidentHarm, Report
from impact.incidents.references import follow_up_code, follow_up_digest, new_reference
from impact.places.basemap import country_at
from impact.publication.state import mark_public_change
from impact.publication.versions import public_version, write_version
from impact.vocabulary import Channel, Harm, Perpetrator, PublicationStatus, Triage, Verification
from tests.builders import NOW, make_area

CENTRES = ((20.8, -6.4), (23.6, -6.1), (16.2, 4.0), (-10.9, 8.5), (21.0, -9.3), (32.4, -19.5))
PUBLISHED_ON = date(2026, 11, 23)
_FIRST_WEDNESDAY = date(2024, 1, 3)
_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_CANARY = re.compile(rb"(?i)zephyr[a-z0-9]+")
_NUMBER = re.compile(rb"-?\d{1,3}\.\d{4,}")
_DAY = re.compile(rb"20\d\d-\d\d-\d\d")
_BESIDE = 300  # bytes
_REFERENCE = re.compile(rb"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")


@dataclass
class Secrets:
    """What no public byte may have. A coordinate is looked for to four decimals, some ten metres."""

    keys: set[bytes] = field(default_factory=set)
    references: set[bytes] = field(default_factory=set)
    points: set[tuple[bytes, bytes]] = field(default_factory=set)
    days: set[bytes] = field(default_factory=set)
    counted_only: set[UUID] = field(default_factory=set)


@transaction.atomic
def publish_fiction(count: int, seed: int = 1) -> Secrets:
    """Publish incidents around six mining districts: all harms, Wednesdays only, one secret word in each."""
    random = Random(seed)
    for number, (longitude, latitude) in enumerate(CENTRES):
        country = country_at(longitude, latitude)
        make_area(f"Area {number}", longitude, latitude, country=country)
        make_area(f"Other area {number}", longitude + 0.15, latitude + 0.05, country=country)
    secrets = Secrets()
    for number in range(count):
        _publish_one(random, number, secrets)
    mark_public_change()
    return secrets


def _publish_one(random: Random, number: int, secrets: Secrets) -> None:
    around = random.choice(CENTRES)
    while _is_public_corner(
        longitude := round(around[0] + random.gauss(0, 0.15), 6),
        latitude := round(around[1] + random.gauss(0, 0.15), 6),
    ):
        pass
    day = _FIRST_WEDNESDAY + timedelta(weeks=random.randrange(140))
    while day.day in {1, 28, 29, 30, 31} or day.month in {1, 12}:
        day += timedelta(weeks=1)  # never the edge of a period that is published
    harms = random.sample(list(Harm), random.choice((1, 1, 2)))
    canary = f"Zephyr{number}"
    incident = Incident.objects.create(
        reference=new_reference(),
        triage=Triage.TRIAGED,
        verification=Verification.VERIFIED,
        publication=PublicationStatus.PUBLIC,
        point=Point(longitude, latitude, srid=4326),
        uncertainty_m=random.choice((50.0, 2000.0, 8000.0)),
        place_name=f"{canary}ville",
        place_words=f"behind the school of {canary}ville",
        country=country_at(longitude, latitude),
        occurred_from=day,
        occurred_to=day,
        occurred_precision="day",
        people={"injured": {"low": random.randint(1, 9), "high": 12}},
        perpetrator=random.choice(list(Perpetrator)),
        received_at=NOW,
        is_fictional=True,
    )
    IncidentHarm.objects.bulk_create(
        IncidentHarm(incident=incident, harm=harm, rank=rank) for rank, harm in enumerate(harms)
    )
    report_id = uuid4()
    Report.objects.create(
        id=report_id,
        incident=incident,
        reference=incident.reference,
        follow_up_digest=follow_up_digest(follow_up_code(report_id)),
        channel=Channel.SMS,
        source_key=f"test:{report_id}",
        text=f"{canary} saw it and lives there",
        received_at=NOW,
        is_fictional=True,
    )
    version = public_version(incident, "People were hurt near a mine.")
    write_version(incident.pk, version, PUBLISHED_ON)
    secrets.keys |= {str(incident.pk).encode(), str(report_id).encode()}
    secrets.references.add(incident.reference.encode())
    secrets.points.add((_cut(longitude).encode(), _cut(latitude).encode()))
    secrets.days.add(day.isoformat().encode())
    if version.is_counted_only:
        secrets.counted_only.add(incident.pk)


def _is_public_corner(longitude: float, latitude: float) -> bool:
    """Whether a point is written as the middle or a corner of a hexagon is, which anybody may know: of ten
    thousand one or two are."""
    written = _cut(longitude), _cut(latitude)
    for resolution in range(1, 7):
        cell = h3.latlng_to_cell(latitude, longitude, resolution)
        for y, x in (h3.cell_to_latlng(cell), *h3.cell_to_boundary(cell)):
            if written in {(_cut(x), _cut(y)), (_cut(round(x, 4)), _cut(round(y, 4)))}:
                return True
    return False


def _cut(degrees: float) -> str:
    return f"{degrees:.6f}"[:-2]


def leaks_in(body: bytes, secrets: Secrets) -> list[str]:
    """What a body tells that it may not."""
    found: list[str] = []
    for text in _texts(body):
        found += [f"canary {match.decode()}" for match in set(_CANARY.findall(text))]
        found += [f"key {key.decode()}" for key in set(_UUID.findall(text)) & secrets.keys]
        found += [f"reference {one.decode()}" for one in set(_REFERENCE.findall(text)) & secrets.references]
        found += [f"day {day.decode()}" for day in set(_DAY.findall(text)) & secrets.days]
        at: dict[bytes, list[int]] = {}
        for number in _NUMBER.finditer(text):
            at.setdefault(number.group()[: number.group().index(b".") + 5], []).append(number.start())
        found += [
            f"point {pair}"
            for pair in secrets.points
            if pair[0] in at and pair[1] in at and _are_beside(at[pair[0]], at[pair[1]])
        ]
    return found


def _are_beside(first: list[int], second: list[int]) -> bool:
    """Whether two numbers are of one record: further apart, they are those of two."""
    return any(abs(one - other) <= _BESIDE for one in first for other in second)


def _texts(body: bytes) -> Iterator[bytes]:
    """The body, and what is packed in it."""
    yield body
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            for name in packed.namelist():
                yield packed.read(name)

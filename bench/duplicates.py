"""How well and how quickly cases that are one event are found.

Run: .venv/bin/python -m bench.duplicates [--incidents 100000]

- Recall and precision over all pairs of the labelled reports of tests/moderation (three weeks apart at most),
  read by the real reader: the towns that the points were chosen on, and those that were kept aside. Beside
  it the plainer way: the same town, three days, and a shared word of five letters.
- Seconds to find the likely duplicates of one case among many, against a limit of 50 ms, in a database of
  its own beside the one of DATABASE_URL (SpatiaLite or PostGIS), which is dropped at the end.
"""

import argparse
import json
import os
import random
import statistics
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import tests.environment  # noqa: F401  (settings, before Django reads any)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "impact.settings")
import django

django.setup()

from django.contrib.gis.geos import Point  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402

from impact.incidents.models import Incident, IncidentHarm, Report  # noqa: E402
from impact.moderation.duplicates import likely_duplicates  # noqa: E402
from impact.moderation.likeness import FARTHEST_DAYS, SUGGESTED_FROM, CaseFacts, compare_cases  # noqa: E402
from impact.places.gazetteer import Gazetteer, read_shipped_places  # noqa: E402
from impact.places.names import fold_letters  # noqa: E402
from impact.understanding.facts import Hints  # noqa: E402
from impact.understanding.reading import read_text  # noqa: E402
from impact.vocabulary import Harm, Perpetrator  # noqa: E402

LABELLED = Path("tests/moderation/same_events.jsonl")
KEPT_ASIDE = ("chiadzwa", "siguiri", "montepuez")
LIMIT_MS = 50
SPOTS = 41
YEARS = 3


@dataclass(frozen=True, slots=True)
class Labelled:
    event: str
    facts: CaseFacts

    @property
    def is_kept_aside(self) -> bool:
        return self.event.split("-")[0] in KEPT_ASIDE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--incidents", type=int, default=100_000)
    measure_quality()
    measure_speed(parser.parse_args().incidents)


def measure_quality() -> None:
    labelled = read_labelled()
    for name, is_aside in (("chosen on", False), ("kept aside", True)):
        pairs = [
            pair
            for pair in combinations([one for one in labelled if one.is_kept_aside == is_aside], 2)
            if abs((pair[0].facts.received_on - pair[1].facts.received_on).days) <= FARTHEST_DAYS
        ]
        same = sum(one.event == other.event for one, other in pairs)
        print(f"{name}: {len(pairs)} pairs, {same} of them one event")
        for way, is_like in (("points", by_points), ("plainer", by_town_and_word)):
            found = [pair for pair in pairs if is_like(*pair)]
            right = sum(one.event == other.event for one, other in found)
            print(
                f"  {way:8} recall {right / same:.3f} (0.9 asked)  "
                f"precision {right / max(1, len(found)):.3f} (0.5 asked)"
            )


def read_labelled() -> list[Labelled]:
    gazetteer = Gazetteer(read_shipped_places())
    rows = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    return [Labelled(row["event"], facts_of(row, gazetteer)) for row in rows]


def facts_of(row: dict[str, Any], gazetteer: Gazetteer) -> CaseFacts:
    received_at = datetime.fromisoformat(row["received"]).replace(tzinfo=UTC)
    read = read_text(row["text"], Hints(received_at, row["country"]), gazetteer)
    return CaseFacts(
        received_on=received_at.date(),
        harms=tuple(found.harm for found in read.harms),
        perpetrator=read.perpetrator.kind if read.perpetrator else Perpetrator.UNKNOWN,
        people={found.kind: {"low": found.low, "high": found.high} for found in read.people},
        occurred=(read.occurred.from_on, read.occurred.to_on) if read.occurred else None,
        point=(read.place.longitude, read.place.latitude) if read.place else None,
        uncertainty_m=read.place.radius_m if read.place else 0.0,
        place_name=read.place.name if read.place else "",
        texts=(row["text"],),
    )


def by_points(one: Labelled, other: Labelled) -> bool:
    return compare_cases(one.facts, other.facts).score >= SUGGESTED_FROM


def by_town_and_word(one: Labelled, other: Labelled) -> bool:
    words = [
        {word for word in fold_letters(case.facts.texts[0]).split() if len(word) > 4} for case in (one, other)
    ]
    apart = abs((one.facts.received_on - other.facts.received_on).days)
    is_same_town = one.facts.place_name == other.facts.place_name != ""
    town = set(fold_letters(one.facts.place_name).split())
    return is_same_town and apart <= 3 and bool((words[0] & words[1]) - town)


def measure_speed(count: int) -> None:
    config = setup_databases(verbosity=0, interactive=False)
    try:
        print(f"writing {count:,} incidents around {SPOTS} spots over {YEARS} years on {connection.vendor} …")
        write_incidents(count)
        sample = list(Incident.objects.order_by("pk")[: count : max(1, count // 200)])
        times, found = [], 0
        for incident in sample:
            begun = time.perf_counter()
            found += len(likely_duplicates(incident))
            times.append((time.perf_counter() - begun) * 1000)
        times.sort()
        median, p95 = statistics.median(times), times[int(0.95 * len(times))]
        print(
            f"{len(times)} cases: median {median:.1f} ms, 95 of 100 within {p95:.1f} ms, "
            f"limit {LIMIT_MS} ms: {p95 / LIMIT_MS:.2f} of it; {found / len(times):.1f} suggested a case"
        )
    finally:
        teardown_databases(config, verbosity=0)


def write_incidents(count: int) -> None:
    draw = random.Random("duplicates")
    spots = [(draw.uniform(-12, 34), draw.uniform(-19, 9)) for _ in range(SPOTS)]
    start = datetime(2024, 1, 1, tzinfo=UTC)
    for first in range(0, count, 5_000):
        incidents, harms, reports = [], [], []
        for number in range(first, min(first + 5_000, count)):
            longitude, latitude = draw.choice(spots)
            at = start + timedelta(minutes=draw.randrange(YEARS * 365 * 1440))
            day: date = at.date() - timedelta(days=draw.choice((0, 0, 1, 1, 2, 5)))
            incident = Incident(
                reference=f"B{number:08}",
                received_at=at,
                point=Point(longitude + draw.gauss(0, 0.1), latitude + draw.gauss(0, 0.1), srid=4326),
                uncertainty_m=draw.choice((1_000.0, 5_000.0, 12_000.0)),
                occurred_from=day,
                occurred_to=day,
                perpetrator=draw.choice(Perpetrator.values),
                people={"killed": {"low": 2, "high": 2}} if draw.random() < 0.3 else {},
                place_name="Somewhere",
                country="CD",
            )
            incidents.append(incident)
            harms.append(IncidentHarm(incident=incident, harm=draw.choice(Harm.values), rank=0))
            reports.append(
                Report(
                    incident=incident,
                    reference=incident.reference,
                    follow_up_digest=f"{number:064}",
                    channel="sms",
                    source_key=f"bench:{number}",
                    text=f"Hier {draw.randrange(2, 40)} creuseurs ont été chassés du chantier par des hommes",
                    received_at=at,
                )
            )
        Incident.objects.bulk_create(incidents)
        IncidentHarm.objects.bulk_create(harms)
        Report.objects.bulk_create(reports)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()

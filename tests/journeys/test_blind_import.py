"""Files of events as UCDP and ACLED publish them, with their precision codes, through every public door.

bench/blind_import.py does the same with real ones.
"""

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from bench.blind_import import compare, publish_everything
from tests.builders import make_place

pytestmark = pytest.mark.django_db
_TOWNS = ((18.55, 4.36), (22.40, 7.01), (20.67, 5.76), (25.30, 6.07))


def events(chance: random.Random) -> Iterator[tuple[int, date, float, float, int]]:
    for number in range(40):
        longitude, latitude = chance.choice(_TOWNS)
        day = date(2019, 1, 1) + timedelta(days=chance.randrange(1500))
        yield number, day, longitude + number % 3 / 50, latitude, chance.choice((0, 0, 1, 3, 12))


def ucdp(chance: random.Random) -> Iterator[dict[str, object]]:
    for number, day, longitude, latitude, killed in events(chance):
        yield {
            "id": number,
            "date_start": day,
            "date_end": day + timedelta(days=chance.choice((0, 0, 0, 4, 20, 200))),
            "latitude": latitude,
            "longitude": longitude,
            "where_prec": chance.choice((1, 1, 1, 2, 3, 4, 5, 6)),
            "country": "Central African Republic",
            "best": killed,
            "type": "Killing",
            "where_description": "on the road of Bossangoa",  # a town, also where only the country is known
            "source_headline": "People were attacked at Bossangoa",
        }


def acled(chance: random.Random) -> Iterator[dict[str, object]]:
    for number, day, longitude, latitude, killed in events(chance):
        yield {
            "event_id_cnty": f"CAF{number}",
            "event_date": day,
            "time_precision": chance.choice((1, 1, 2, 3)),
            "latitude": latitude,
            "longitude": longitude,
            "geo_precision": chance.choice((1, 2, 3)),
            "country": "Central African Republic",
            "fatalities": killed,
            "event_type": "Killing",
            "notes": "People were attacked beside a road",
        }


@pytest.mark.parametrize("rows", [ucdp, acled])
def test_every_door_counts_what_the_file_has(
    tmp_path: Path, settings: Settings, rows: object, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.PUBLICATION_DELAY_DAYS = 0
    make_place("Bossangoa", 17.45, 6.49, "CF")
    sheet = tmp_path / "events.csv"
    told = list(rows(random.Random(5)))  # type: ignore[operator]
    with sheet.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, fieldnames=list(told[0]))
        table.writeheader()
        table.writerows(told)
    call_command(
        "import_reports", str(sheet), format="csv", source="blind", stdout=StringIO(), stderr=StringIO()
    )
    public = publish_everything()
    assert compare(sheet, public) == 0, capsys.readouterr().out

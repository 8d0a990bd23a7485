"""How often the pages that count ask the database: as often for many incidents as for few."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from impact.places.models import ProducingArea, ProductionFigure
from tests.builders import NOW, make_area, make_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def area() -> ProducingArea:
    made = make_area()
    for country in ("CD", "SL"):
        ProductionFigure.objects.create(
            country=country,
            from_on=date(2026, 1, 1),
            to_on=date(2026, 12, 31),
            kind="total",
            carats=2_000_000,
            source="Ministry of the test",
            source_name="test",
            imported_at=NOW,
        )
    return made


def publish(areas: list[ProducingArea]) -> None:
    for number, area in enumerate(areas):
        make_published(
            areas=((area, 2000.0),),
            country=("CD", "SL")[number % 2],
            harms=(("killing", "injury"), ("chemicals",))[number % 2],
            longitude=20.0 + number,
        )


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/explore/", 16),
        ("/explore/?country=CD", 20),
        ("/explore/?kind=artisanal&theme=violence", 20),
        ("/", 19),
        ("/?country=CD&from=2026-01", 19),
        ("/embed/", 13),
        ("/areas/", 7),
        ("/areas/{area}/", 29),
        ("/map/areas.json", 8),
    ],
)
def test_it_asks_as_often_for_many_as_for_few(
    client: Client, area: ProducingArea, address: str, most: int
) -> None:
    address = address.format(area=area.pk)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    publish([area] * 4 + [make_area("A neighbour", 20.9)])
    queries()
    few = queries()
    publish([area] * 10 + [make_area(f"Pit {number}", 21.0 + number / 10) for number in range(20)])
    queries()  # the columns of what is public take up what is new, in three statements
    assert queries() <= few <= most

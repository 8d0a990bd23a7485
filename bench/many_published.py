"""Many published incidents, made up and always the same, with harms, areas, coverage and production: what the
benchmarks of public pages read. Written straight into the public tables of an empty database."""

import random
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import h3
from django.contrib.gis.geos import Point
from django.db import connection

from impact.places.models import ProducingArea, ProductionFigure
from impact.publication.models import CoverageMonth, PublishedHarm, PublishedIncident, PublishedLink
from impact.vocabulary import AreaKind, Harm, Perpetrator, theme_of

# A country's code and the middle of its diggings.
_COUNTRIES = (
    ("CD", 23.6, -6.1),
    ("CF", 18.0, 5.0),
    ("SL", -10.9, 8.5),
    ("ZW", 31.2, -19.6),
    ("AO", 20.4, -9.3),
    ("GN", -9.5, 9.0),
    ("LR", -9.0, 7.0),
    ("TZ", 33.0, -4.0),
    ("BR", -44.0, -18.0),
    ("GH", -1.8, 6.2),
    ("BF", -2.0, 12.5),
    ("ZA", 27.0, -27.0),
)
_FIRST = date(2012, 1, 2)
_WEEKS = 770
_AREAS_A_COUNTRY = 150
_COUNTED_AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def fill(count: int) -> None:
    """`count` incidents of fifteen years in twelve countries, each near up to three of 1,800 areas."""
    chance = random.Random(11)
    areas = _areas(chance)
    harms_told = [harm for harm in Harm if harm != Harm.SEXUAL_VIOLENCE]
    kinds, weights = list(Perpetrator), [9, 4, 4, 6, 5, 2, 2, 5]
    for start in range(0, count, 5000):
        rows: list[PublishedIncident] = []
        harms: list[PublishedHarm] = []
        links: list[PublishedLink] = []
        for _index in range(min(5000, count - start)):
            code, longitude, latitude = _COUNTRIES[min(int(chance.expovariate(0.4)), len(_COUNTRIES) - 1)]
            cell = h3.latlng_to_cell(chance.gauss(latitude, 1.5), chance.gauss(longitude, 1.5), 5)
            middle = h3.cell_to_latlng(cell)
            told = chance.sample(harms_told, chance.choice((1, 1, 1, 2, 2, 3)))
            first = _FIRST + timedelta(days=7 * int(_WEEKS * chance.random() ** 0.6))
            is_dated, is_placed = chance.random() > 0.03, chance.random() > 0.03
            row = PublishedIncident(
                id=UUID(int=chance.getrandbits(128), version=4),
                incident_key=UUID(int=chance.getrandbits(128), version=4),
                theme=theme_of(told[0]),
                perpetrator=chance.choices(kinds, weights)[0],
                verification="verified" if chance.random() < 0.9 else "partially_corroborated",
                reliability=chance.choice("ABCD"),
                credibility=chance.choice("123"),
                killed=chance.randrange(6) if chance.random() < 0.3 else None,
                injured=chance.randrange(9) if chance.random() < 0.3 else None,
                affected=chance.randrange(60) if chance.random() < 0.2 else None,
                minerals=["diamond"] if chance.random() < 0.5 else [],
                country=code,
                longitude=middle[1] if is_placed else None,
                latitude=middle[0] if is_placed else None,
                cell=cell if is_placed else "",
                uncertainty_m=22_000 if is_placed else None,
                occurred_from=first if is_dated else None,
                occurred_to=first + timedelta(days=6) if is_dated else None,
                occurred_precision="week" if is_dated else "",
                text="People at an artisanal site were made to hand over part of what they dug. " * 3,
                published_on=first + timedelta(days=14),
            )
            rows.append(row)
            harms += [PublishedHarm(published=row, harm=harm, rank=rank) for rank, harm in enumerate(told)]
            near = chance.choices((0, 1, 2, 3), (2, 5, 2, 1))[0] if is_placed else 0
            found = {
                areas[code][min(int(chance.expovariate(0.03)), len(areas[code]) - 1)] for _ in range(near)
            }
            links += [
                PublishedLink(published=row, area=area, distance_m=1000.0 * chance.randrange(25), rank=rank)
                for rank, area in enumerate(sorted(found, key=lambda one: one.pk))
            ]
        PublishedIncident.objects.bulk_create(rows, batch_size=500)
        PublishedHarm.objects.bulk_create(harms, batch_size=2000)
        PublishedLink.objects.bulk_create(links, batch_size=2000)
        print(f"\r{start + len(rows):,} of {count:,} rows", end="", flush=True)
    print()
    _coverage(chance)
    _production(chance, areas)
    with connection.cursor() as cursor:
        # As PostgreSQL does by itself after a while.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _areas(chance: random.Random) -> dict[str, list[ProducingArea]]:
    made: dict[str, list[ProducingArea]] = {}
    for code, longitude, latitude in _COUNTRIES:
        made[code] = ProducingArea.objects.bulk_create(
            ProducingArea(
                name=f"Site {code} {number}",
                country=code,
                kind=chance.choice(AreaKind.values),
                minerals=["diamond"] if number % 3 else ["gold"],
                geometry=Point(chance.gauss(longitude, 1.5), chance.gauss(latitude, 1.5), srid=4326),
                source="made up",
                source_name="bench",
                source_key=f"{code}-{number}",
            )
            for number in range(_AREAS_A_COUNTRY)
        )
    return made


def _coverage(chance: random.Random) -> None:
    CoverageMonth.objects.bulk_create(
        CoverageMonth(
            country=code,
            month=date(year, month, 1),
            state=chance.choices(CoverageMonth.State.values, (8, 1, 1))[0],
            reports=chance.randrange(5, 90),
            reporters=chance.randrange(5, 40),
            counted_at=_COUNTED_AT,
        )
        for code, _longitude, _latitude in _COUNTRIES
        for year in range(2012, 2027)
        for month in range(1, 13)
    )


def _production(chance: random.Random, areas: dict[str, list[ProducingArea]]) -> None:
    ProductionFigure.objects.bulk_create(
        ProductionFigure(
            country=code,
            area=area,
            from_on=date(year, 1, 1),
            to_on=date(year, 12, 31),
            kind=kind,
            carats=chance.randrange(100_000, 9_000_000),
            value_usd=chance.randrange(1_000_000, 900_000_000),
            source="made up",
            source_name="bench",
            imported_at=_COUNTED_AT,
        )
        for code in list(areas)[:6]
        for area in (None, areas[code][0])
        for year in range(2016, 2026)
        for kind in ("artisanal", "industrial")
    )

import random
from typing import Any

import pytest
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from impact.publication.cells import forget_cells, keep_cells
from impact.publication.models import PublishedCell, PublishedIncident
from impact.vocabulary import Theme
from tests.builders import NOW, make_published

pytestmark = pytest.mark.django_db
HARMS = ("killing", "child_labour", "chemicals", "armed_presence")
KEY = ("longitude", "latitude", "cell", "country")
KINDS = ("killed", "injured", "arrested", "displaced", "affected")


def kept() -> list[tuple[Any, ...]]:
    return sorted(PublishedCell.objects.values_list(*KEY, "incidents", "people", *Theme.values))


def counted() -> list[tuple[Any, ...]]:
    people: Any = sum((Coalesce(kind, 0) for kind in KINDS[1:]), Coalesce(KINDS[0], 0))
    return sorted(
        PublishedIncident.objects.filter(retracted_on=None, longitude__isnull=False)
        .order_by()
        .values_list(*KEY)
        .annotate(
            incidents=Count("pk"),
            people=Sum(people),
            **{theme: Count("pk", filter=Q(theme=theme)) for theme in Theme.values},
        )
    )


def test_it_is_exact_whoever_writes() -> None:
    chance = random.Random(3)
    rows: list[PublishedIncident] = []
    for _turn in range(300):
        way = chance.randrange(8)
        if way < 4 or not rows:
            placed = chance.random() < 0.9
            rows.append(
                make_published(
                    harms=(chance.choice(HARMS),),
                    longitude=chance.choice((20.8, 21.3, 179.9)) if placed else None,
                    latitude=chance.choice((-6.4, 0.1)) if placed else None,
                    country=chance.choice(("CD", "SL", "")),
                    killed=chance.choice((None, 0, 3)),
                    affected=chance.choice((None, 50)),
                )
            )
        elif way == 4:
            moved = chance.choice(rows)
            moved.longitude, moved.latitude, moved.injured = 10.5, 8.6, chance.randrange(9)
            moved.save()
        elif way == 5:
            some = PublishedIncident.objects.filter(pk=chance.choice(rows).pk)
            some.update(theme=chance.choice(Theme.values), text="Other words.")
        elif way == 6:
            some = PublishedIncident.objects.filter(pk=chance.choice(rows).pk)
            some.update(retracted_on=chance.choice((None, NOW.date())))
        else:
            rows.pop(chance.randrange(len(rows))).delete()
    assert kept() == counted() != []
    PublishedIncident.objects.all().delete()
    assert kept() == []


def test_a_migration_counts_again_what_was_written_without_the_triggers() -> None:
    make_published()
    forget_cells()
    make_published(harms=("chemicals",), longitude=21.3)
    assert kept() != counted()
    keep_cells()
    assert kept() == counted()
    make_published()
    assert kept() == counted()

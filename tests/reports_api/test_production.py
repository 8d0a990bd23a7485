from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from impact.places.models import ProductionFigure
from impact.places.production.periods import read_period
from tests.builders import NOW, make_area

pytestmark = pytest.mark.django_db


def state(country: str, period: str, kind: str, carats: int | None, **fields: Any) -> ProductionFigure:
    read = read_period(period)
    return ProductionFigure.objects.create(
        **{
            "country": country,
            "from_on": read.from_on,
            "to_on": read.to_on,
            "kind": kind,
            "carats": None if carats is None else Decimal(carats),
            "source": "the ministry",
            "source_name": "test",
            "imported_at": NOW,
            **fields,
        }
    )


def carats(client: Client, query: str) -> list[float | None]:
    return [row["carats"] for row in client.get(f"/api/v1/production/?{query}").json()["results"]]


def test_it_tells_figures_with_their_sources_and_nulls(client: Client) -> None:
    state("CD", "2023-H1", "artisanal", None)
    (row,) = client.get("/api/v1/production/").json()["results"]
    assert (row["period"], row["from"], row["to"]) == ("2023-H1", "2023-01-01", "2023-06-30")
    assert (row["carats"], row["value_usd"], row["source"]) == (None, None, "the ministry")


def test_it_narrows_by_every_filter(client: Client) -> None:
    area = make_area()
    state("CD", "2022", "artisanal", 1)
    state("CD", "2023", "industrial", 2)
    state("AO", "2023", "total", 3)
    state("CD", "2023", "artisanal", 4, area=area)
    assert carats(client, "country=ao") == [3]
    assert carats(client, "kind=artisanal,total") == [3, 1, 4]
    assert carats(client, "from=2023-01&to=2023-06&country=CD") == [2, 4]
    assert carats(client, f"area={area.pk}") == [4]


def test_corrections_show_what_was_when_asked(client: Client) -> None:
    fresh = state("CD", "2023", "total", 2)
    state("CD", "2023", "total", 1, superseded_at=NOW + timedelta(days=1), superseded_by=fresh)
    assert carats(client, "") == [2]
    assert sorted(number or 0 for number in carats(client, "history=true")) == [1, 2]


@pytest.mark.parametrize("query", ["country=Atlantis", "kind=gem", "from=soon", "area=x", "history=perhaps"])
def test_a_bad_filter_is_named(client: Client, query: str) -> None:
    answer = client.get(f"/api/v1/production/?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["name"] == query.partition("=")[0]

from datetime import date

import pytest

from impact.publication.filtering import IncidentFilter
from impact.summaries.statistics import counts_by
from tests.builders import make_area, make_published

pytestmark = pytest.mark.django_db


def counted(by: str, **parameters: str) -> dict[str, int]:
    return {row.key: row.count for row in counts_by(IncidentFilter.parse(parameters), by)}


def some_incidents() -> None:
    pits, mine = make_area(kind="artisanal"), make_area(name="Mine", kind="industrial")
    make_published(harms=("killing", "injury"), areas=((pits, 1000.0), (mine, 2000.0)))
    make_published(harms=("killing",), areas=((pits, 1000.0),), perpetrator="company")
    make_published(
        harms=("chemicals",),
        country="SL",
        perpetrator="unknown",
        occurred_from=date(2025, 2, 3),
        occurred_to=date(2025, 2, 9),
        areas=((mine, 5000.0),),
    )
    make_published(
        harms=("extortion",), country="", occurred_from=None, occurred_to=None, perpetrator="police"
    )


def test_each_key_counts_what_it_says() -> None:
    some_incidents()
    assert counted("month") == {"2025-02": 1, "2026-11": 2, "": 1}
    assert counted("theme") == {"violence": 2, "environment": 1, "conflict_finance": 1}
    assert counted("harm") == {"killing": 2, "injury": 1, "chemicals": 1, "extortion": 1}
    assert counted("country") == {"CD": 2, "SL": 1, "": 1}
    assert counted("kind") == {"artisanal": 2, "industrial": 1, "": 1}
    assert sorted(counted("area").values()) == [2, 2]
    assert counted("theme", country="SL") == {"environment": 1}


@pytest.mark.parametrize("by", ["month", "theme", "country", "kind"])
def test_counts_add_up_to_the_incidents(by: str) -> None:
    some_incidents()
    assert sum(counted(by).values()) == 4


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        counts_by(None, "colour")

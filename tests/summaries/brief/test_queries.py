from typing import Any

import pytest

from impact.summaries.brief.queries import Query, Where


def record(**fields: Any) -> Any:
    return {
        "country": "CD",
        "theme": "violence",
        "harms": ["killing"],
        "perpetrator": "army",
        "verification": "verified",
        "killed": 2,
        "lon": 20.8,
        "occurred_from": "2026-01-26",
        "occurred_to": "2026-02-01",
        "occurred_precision": "week",
        "areas": [{"id": 7, "kind": "artisanal"}, {"id": 8, "kind": "industrial"}],
        **fields,
    }


@pytest.mark.parametrize(
    ("where", "held"),
    [
        (Where(), True),
        (Where(country="CD"), True),
        (Where(country="SL"), False),
        (Where(from_on="2026-02-01"), True),
        (Where(from_on="2026-02-02"), False),
        (Where(to_on="2026-01-26"), True),
        (Where(to_on="2026-01-25"), False),
        (Where(month="2026-01"), True),
        (Where(month="2026-02"), False),
        (Where(themes=("labour", "violence")), True),
        (Where(harms=("injury",)), False),
        (Where(perpetrators=("police",)), False),
        (Where(verification="partially_corroborated"), False),
        (Where(area=8), True),
        (Where(area=9), False),
        (Where(area_kind="artisanal"), True),
        (Where(area_kind="industrial"), False),
        (Where(country="CD", harms=("killing",), perpetrators=("army",)), True),
        (Where(country="CD", harms=("killing",), perpetrators=("police",)), False),
    ],
)
def test_all_that_is_given_has_to_hold(where: Where, held: bool) -> None:
    assert where.holds(record()) is held


def test_an_undated_incident_is_in_no_period() -> None:
    undated = record(occurred_from=None, occurred_to=None)
    assert not Where(from_on="2000-01-01").holds(undated)
    assert not Where(to_on="2100-01-01").holds(undated)
    assert Where().holds(undated)


def test_what_is_known_by_its_year_did_not_happen_in_january() -> None:
    known = record(occurred_from="2026-01-01", occurred_to="2026-12-31", occurred_precision="year")
    assert not Where(month="2026-01").holds(known)
    assert Where(from_on="2026-06-01", to_on="2026-06-30").holds(known)
    assert Query("months").ask([known]) == 0
    assert Query("months").ask([known, record()]) == 1


def test_an_incident_that_fits_twice_counts_once() -> None:
    query = Query("incidents", (Where(country="CD"), Where(harms=("killing",))))
    assert query.ask([record(), record(country="SL"), record(country="SL", harms=["arrest"])]) == 2


@pytest.mark.parametrize(
    ("measure", "value"),
    [("incidents", 2), ("unplaced", 1), ("countries", 2), ("areas", 2), ("months", 2), ("people.killed", 2)],
)
def test_it_measures(measure: str, value: int) -> None:
    other = record(country="SL", occurred_from="2026-03-02", killed=None, lon=None, areas=[])
    assert Query(measure).ask([record(), other]) == value


def test_what_cannot_be_measured_is_named() -> None:
    with pytest.raises(ValueError, match="sorrow"):
        Query("sorrow").ask([])

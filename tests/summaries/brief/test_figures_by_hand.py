"""The figures of a brief worked out again from the CSV with pandas, and none in its text but those.

Nothing of the product computes here: the file that anybody can download, the queries as figures.json tells
them, and a spreadsheet's arithmetic.
"""

import io
import json
import random
import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from django.utils import timezone

from impact.places.models import ProducingArea
from impact.publication.models import CoverageMonth, Snapshot
from impact.publication.snapshots.taking import snapshot_lines, take_snapshot
from impact.summaries.brief import Brief, BriefOptions, make_brief
from impact.summaries.exporting import write_export
from tests.builders import make_area, make_published
from tests.programs import needs
from tests.summaries.brief.test_rendering import import_figures

pytestmark = pytest.mark.django_db
PEOPLE = ["killed", "injured", "arrested", "displaced", "affected"]
FORCES = ["army", "police", "private_security"]
HARMS = [
    ("killing", "injury"),
    ("injury",),
    ("eviction", "land_damage"),
    ("extortion", "threats"),
    ("forced_labour",),
    ("child_labour", "unsafe_work"),
    ("water_pollution",),
    ("armed_presence",),
    ("other",),
]
HALF_YEAR = BriefOptions(from_on=date(2026, 1, 1), to_on=date(2026, 6, 30))
# What counts under the coalition's asks, written down here by hand from docs/method.md.
ASKS: dict[str, list[tuple[list[str], list[str]]]] = {
    "violence": [
        (["arrest", "disappearance", "eviction", "injury", "killing", "sexual_violence", "threats"], [])
    ],
    "forced_labour": [(["forced_labour"], [])],
    "child_labour": [(["child_labour"], [])],
    "humanitarian_law": [
        (
            ["disappearance", "eviction", "forced_labour", "injury", "killing", "sexual_violence"],
            ["armed_group", "army"],
        )
    ],
    "security_finance": [(["armed_presence", "extortion"], ["armed_group", *FORCES])],
    "environment": [(["air_noise", "chemicals", "land_damage", "river_damage", "water_pollution"], [])],
}


@pytest.fixture
def snapshot() -> Snapshot:
    """Sixty incidents of every kind, in three countries and fourteen months, some without day or place."""
    chance = random.Random(20261126)
    areas: dict[str, list[ProducingArea]] = {
        "CD": [make_area("Kamonia", 20.8, -6.4), make_area("Lupatapata", 23.6, -6.1, kind="mixed")],
        "SL": [make_area("Koidu", -11.0, 8.6, kind="industrial", country="SL")],
        "ZW": [],
    }
    for _ in range(60):
        country = chance.choice(["CD", "CD", "SL", "ZW"])
        first = date(2025, 9, 1) + timedelta(days=7 * chance.randrange(60))
        is_placed, is_dated = chance.random() < 0.9, chance.random() < 0.9
        near = areas[country] if is_placed else []
        make_published(
            harms=chance.choice(HARMS),
            perpetrator=chance.choice([*FORCES, "armed_group", "company", "unknown"]),
            country=country,
            longitude=20.8 if is_placed else None,
            latitude=-6.4 if is_placed else None,
            occurred_from=first if is_dated else None,
            occurred_to=first + timedelta(days=6) if is_dated else None,
            verification=chance.choice(["verified", "verified", "partially_corroborated"]),
            areas=tuple((area, float(chance.randrange(1000, 24_000))) for area in near),
            **{kind: chance.choice([None, 0, 1, 4, 1200]) for kind in PEOPLE},
        )
    for country in areas:
        for month in range(1, 13):
            CoverageMonth.objects.create(
                country=country,
                month=date(2026, month, 1),
                state="reports",
                reports=month + 5,
                reporters=month + 4,
                counted_at=timezone.now(),
            )
    figures = "country,period,kind,carats,value\nCD,2026,total,4100000,3000000\nCD,2026,artisanal,n/d,n/d\n"
    import_figures(f"{figures}SL,2026,total,210000,\n", timezone.now() - timedelta(days=1))
    return take_snapshot()


@pytest.fixture
def frame(snapshot: Snapshot) -> pd.DataFrame:
    """The CSV, as anybody opens it."""
    body = io.BytesIO()
    write_export(snapshot, "csv", body)
    found = pd.read_csv(io.BytesIO(body.getvalue()), keep_default_na=False, na_values={PEOPLE[0]: ""})
    found[PEOPLE] = found[PEOPLE].apply(pd.to_numeric, errors="coerce").fillna(0).astype(int)
    return found


def area_names(snapshot: Snapshot) -> dict[int, str]:
    """Keys of areas are in the lines, their names in the CSV."""
    lines = [json.loads(line) for line in snapshot_lines(snapshot).splitlines()]
    return {area["id"]: area["name"] for line in lines for area in line["areas"]}


def near(frame: pd.DataFrame) -> pd.Series:
    """The names of the areas near each incident: "Kamonia (3 km); Lupatapata (9 km)"."""
    return frame["areas"].map(lambda cell: re.findall(r"(?:^|; )(.+?) \(\d+ km\)", cell))


def chosen(frame: pd.DataFrame, where: dict[str, Any], names: dict[int, str]) -> pd.Series:
    first, last = frame["occurred_from"], frame["occurred_to"]
    kept = pd.Series(data=True, index=frame.index)
    tests: dict[str, Callable[[Any], Any]] = {
        "country": lambda w: frame["country"] == w,
        "from_on": lambda w: last >= w,
        "to_on": lambda w: (first != "") & (first <= w),
        "month": lambda w: first.str.startswith(w),
        "themes": lambda w: frame["theme"].isin(w),
        "harms": lambda w: frame["harms"].map(lambda cell: bool(set(cell.split("; ")) & set(w))),
        "perpetrators": lambda w: frame["perpetrator"].isin(w),
        "verification": lambda w: frame["verification"] == w,
        "area": lambda w: near(frame).map(lambda found: names[w] in found),
        "area_kind": lambda w: frame["nearest_area_kind"].replace("", "none") == w,
    }
    for key, wanted in where.items():
        kept &= tests[key](wanted)
    return kept


def measured(frame: pd.DataFrame, measure: str) -> int:
    if measure.startswith("people."):
        return int(frame[measure.removeprefix("people.")].sum())
    measures: dict[str, Callable[[], int]] = {
        "incidents": lambda: len(frame),
        "unplaced": lambda: int((frame["lon"] == "").sum()),
        "countries": lambda: len(set(frame["country"]) - {""}),
        "areas": lambda: near(frame).explode().nunique(),
        "months": lambda: len(set(frame["occurred_from"].str[:7]) - {""}),
    }
    return measures[measure]()


@pytest.mark.parametrize(
    "options",
    [
        BriefOptions(),
        BriefOptions(country="CD"),
        BriefOptions(from_on=date(2026, 1, 1), to_on=date(2026, 6, 30)),
    ],
    ids=["all", "a country", "a period"],
)
def test_every_figure_is_that_of_the_csv(
    snapshot: Snapshot, frame: pd.DataFrame, options: BriefOptions
) -> None:
    figures = json.loads(make_brief(snapshot, options).figures)["figures"]
    names = area_names(snapshot)
    wrong = {}
    for figure in figures:
        any_of = [chosen(frame, where, names) for where in figure["query"]["any_of"]]
        kept = frame[pd.concat(any_of, axis=1).any(axis=1)]
        if (value := measured(kept, figure["query"]["measure"])) != figure["value"]:
            wrong[figure["name"]] = (figure["value"], value)
    assert wrong == {}
    assert len(figures) > 70


def test_the_asks_count_what_the_method_says(snapshot: Snapshot) -> None:
    figures = json.loads(make_brief(snapshot, BriefOptions()).figures)["figures"]
    queries = {figure["name"]: figure["query"]["any_of"] for figure in figures}
    for ask, rules in ASKS.items():
        told = [
            (sorted(where["harms"]), sorted(where.get("perpetrators", ())))
            for where in queries[f"ask.{ask}.incidents"]
        ]
        assert told == [(sorted(harms), sorted(by)) for harms, by in rules], ask
    [forces] = queries["security_forces"]
    assert sorted(forces["perpetrators"]) == sorted(FORCES)


# What stands in a text and is no figure: days, pages, names, digests, the words of others.
NO_FIGURES = [
    r"(\d{1,2}\s+)?[A-Z][a-z]+\s+20\d\d",
    r"(?m)^\s*20\d\d(\s+20\d\d)*\s*$",
    r"Page \d+ / \d+",
    r"SHA-256|python3|SPDX\S*",
    r"\b(?=\w*\d)[0-9a-f]{8,}\b",
    r"(asks|words)\s+of\s+2018|resolved\s+in\s+2018",
    r"(?m)^\s*[1-5]\.\s",
    r"\b[A-F][1-6]\b|\b[1-6] – ",
    r"(Congo|Leone|Zimbabwe) 2026",
    r"https?://\S+",
]


def numbers_of(brief: Brief, folder: Path) -> set[str]:
    needs("pdftotext", "poppler-utils")
    (folder / "brief.pdf").write_bytes(brief.pdf)
    command = ["pdftotext", "-layout", str(folder / "brief.pdf"), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for pattern in NO_FIGURES:
        text = re.sub(pattern, " ", text)
    return set(re.findall(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?", text))


def printed(told: Any) -> Iterator[str]:
    """Every way in which a number of figures.json may be printed."""
    if isinstance(told, dict):
        for key, value in told.items():
            if key in {"carats", "value_usd"} and value is not None:
                yield from (f"{float(value) / 1e6:,.{digits}f}" for digits in (2, 3, 4))
            elif key != "query":
                yield from printed(value)
    elif isinstance(told, list):
        for value in told:
            yield from printed(value)
    elif isinstance(told, int | float) and not isinstance(told, bool):
        yield f"{told:,.0f}"
        yield from (f"{told:,.{digits}f}" for digits in (1, 2, 3))


@pytest.mark.parametrize(
    "options", [BriefOptions(), BriefOptions(country="CD"), BriefOptions(is_one_page=True)]
)
def test_no_number_stands_in_the_text_that_is_not_in_the_figures(
    snapshot: Snapshot, options: BriefOptions, tmp_path: Path
) -> None:
    brief = make_brief(snapshot, options)
    told = set(printed(json.loads(brief.figures)))
    found = numbers_of(brief, tmp_path)
    assert found - told == set()
    assert len(found) > 15


def test_rates_are_incidents_over_carats(snapshot: Snapshot, frame: pd.DataFrame) -> None:
    rates = {one["name"]: one for one in json.loads(make_brief(snapshot, BriefOptions()).figures)["derived"]}
    for country, carats in (("CD", 4.1), ("SL", 0.21)):
        in_year = frame[(frame["country"] == country) & frame["occurred_from"].str.startswith("2026")]
        rate = rates[f"rate.{country}.2026.total"]
        assert rate["incidents"] == len(in_year)
        assert rate["incidents_per_million_carats"]["rate"] == pytest.approx(len(in_year) / carats)
    assert rates["rate.CD.2026.artisanal"]["carats"] is None
    assert rates["reporting.CD.2026"]["reports"] == sum(month + 5 for month in range(1, 13))

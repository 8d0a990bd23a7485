"""A file of events that nobody here made, imported, published and counted again by every public door.

    python -m bench.blind_import events.geojson --category 1=killing 2=killing 3=killing

Takes CSV, or GeoJSON of points whose properties become columns, with the precision codes of UCDP or ACLED.
Every row that `import_reports` takes is verified and published by the real functions, into a database of its
own. Then the map's clusters at four zooms, the list, the tables of /explore/, the API and the CSV export are
compared with plain pandas group-bys of the file itself, count for count; and each published point with its
row: never finer than the row's own precision, never farther away than it says. Exit 1 where anything differs.
"""

import argparse
import csv
import json
import os
import re
import sys
import tempfile
from html import unescape
from io import StringIO
from pathlib import Path
from typing import Any

import django

ZOOMS = (2, 4, 6, 9)
_WORDS = "People were harmed at a place in this district."
# Metres, as the codebooks have them: UCDP GED 23.1 (where_prec), ACLED 2023 (geo_precision). None: no point.
_UCDP = {1: 5e3, 2: 25e3, 3: 50e3, 4: 150e3, 5: 150e3, 6: None, 7: None}
_ACLED = {1: 5e3, 2: 25e3, 3: 150e3}


def as_csv(file: Path, folder: Path) -> Path:
    """The file itself, or GeoJSON's points as CSV with `longitude` and `latitude`."""
    if file.suffix.lower() not in {".geojson", ".json"}:
        return file
    rows = [
        {
            **feature["properties"],
            "longitude": feature["geometry"]["coordinates"][0],
            "latitude": feature["geometry"]["coordinates"][1],
        }
        for feature in json.loads(file.read_text(encoding="utf-8"))["features"]
    ]
    written = folder / f"{file.stem}.csv"
    with written.open("w", encoding="utf-8", newline="") as sheet:
        table = csv.DictWriter(sheet, fieldnames=list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return written


def publish_everything() -> int:
    """Every imported case through the real decisions. Returns how many are public."""
    from impact.accounts.models import Role, User
    from impact.incidents.models import Incident
    from impact.moderation.deciding import verify_incident
    from impact.publication.models import PublishedIncident
    from impact.publication.publishing import publish_incident

    moderator = User.objects.create_user(username="bench", role=Role.SENIOR_MODERATOR)
    keys = list(Incident.objects.order_by("pk").values_list("pk", flat=True))
    for done, key in enumerate(keys, start=1):
        case = Incident.objects.get(pk=key)
        case = verify_incident(
            incident=case, moderator=moderator, reason="of the file", expected_version=case.version
        )
        publish_incident(
            incident=case,
            moderator=moderator,
            text=_WORDS,
            reason="to count it",
            expected_version=case.version,
        )
        if done % 50 == 0 or done == len(keys):
            print(f"\r{done:,} of {len(keys):,} published", end="", flush=True)
    print()
    return PublishedIncident.objects.filter(retracted_on__isnull=True).count()


def expected(sheet: Path) -> Any:
    """The file by pandas alone: one row an event, with what should become public of it."""
    import pandas as pd

    frame = pd.read_csv(sheet, dtype=str, keep_default_na=False)
    names = {re.sub(r"[^a-z0-9]", "", name.lower()): name for name in frame.columns}
    first = pd.to_datetime(frame[names.get("datestart") or names["eventdate"]]).dt.normalize()
    last = pd.to_datetime(frame[names["dateend"]]).dt.normalize() if "dateend" in names else first
    if "dateend" not in names and "timeprecision" in names:
        spread = frame[names["timeprecision"]].map({"1": "D", "2": "W-SUN", "3": "M"})
        for period in ("W-SUN", "M"):
            known = first.dt.to_period(period)
            last = last.where(spread != period, known.dt.end_time.dt.normalize())
            first = first.where(spread != period, known.dt.start_time)
    monday = first - pd.to_timedelta(first.dt.day_of_week, unit="D")
    in_week = last <= monday + pd.Timedelta(days=6)
    in_month = (last - first).dt.days <= 31
    shown = monday.where(
        in_week, first.dt.to_period("M").dt.start_time.where(in_month, first.dt.to_period("Y").dt.start_time)
    )
    # Of what is public by its year no month is known.
    month = shown.dt.strftime("%Y-%m").where(in_week | in_month, "")
    code = names.get("whereprec") or names.get("geoprecision")
    table = _UCDP if "whereprec" in names else _ACLED
    coarse = frame[code].map(lambda word: table[int(float(word))])
    killed = pd.to_numeric(frame[names.get("best") or names["fatalities"]])
    return pd.DataFrame(
        {
            "key": frame[names.get("id") or names["eventidcnty"]],
            "month": month,
            "precision": frame[code],
            "uncertainty_m": coarse.astype(float),
            "longitude": pd.to_numeric(frame[names["longitude"]]).where(coarse.notna()),
            "latitude": pd.to_numeric(frame[names["latitude"]]).where(coarse.notna()),
            "killed": killed,
        }
    )


class Comparison:
    def __init__(self) -> None:
        self.differences = 0

    def of(self, what: str, ours: Any, theirs: Any) -> None:
        same = ours == theirs
        self.differences += not same
        size = f"{len(theirs):,} counts" if isinstance(theirs, dict) else f"{theirs:,}"
        print(f"{'same' if same else 'DIFFERS':8} {what}: {size}")
        if not same:
            print("   here ", str(ours)[:300], "\n   there", str(theirs)[:300])


def explore_table(page: str, title: str) -> dict[str, int]:
    """First and second column of the table whose caption has these words."""
    [table] = [part for part in re.findall(r"<table[ >].*?</table>", page, re.DOTALL) if title in part]
    rows = re.findall(
        r"<th [^>]*scope=\"row\"[^>]*>(.*?)</th>.*?<td [^>]*class=\"number\"[^>]*>([\d,]+)</td>", table
    )
    return {unescape(label): int(number.replace(",", "")) for label, number in rows}


def compare(sheet: Path, public: int) -> int:
    import pandas as pd
    from django.core.management import call_command
    from django.test import Client
    from pyproj import Geod

    from impact.incidents.models import Report
    from impact.publication.models import PublishedIncident

    said, client = Comparison(), Client()
    events = expected(sheet)
    placed = events.dropna(subset="longitude")
    said.of("rows of the file, incidents that are public", public, len(events))

    def get(address: str) -> Any:
        answer = client.get(address, headers={"accept": "application/json", "accept-language": "en"})
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
        return answer

    listed: list[dict[str, Any]] = []
    while True:
        page = get(f"/api/v1/incidents/?limit=1000&offset={len(listed)}").json()
        listed += page["results"]
        if not page["next"]:
            break
    said.of("API, incidents", len(listed), len(events))
    said.of("API, people killed", sum(one["killed"] or 0 for one in listed), int(events["killed"].sum()))
    months = {row["key"]: row["count"] for row in get("/api/v1/statistics/?by=month").json()["counts"]}
    by_month = {str(key): int(count) for key, count in events.groupby("month").size().items()}
    said.of("API, incidents by month", months, by_month)
    sentence = re.search(r"<h1[^>]*>\s*([\d,]+)", get("/").content.decode())
    said.of("the sentence of the map", int(sentence[1].replace(",", "")) if sentence else 0, len(events))
    heading = re.search(r"<h2>([\d,]+) incident", get("/").content.decode())
    said.of("the list beside the map", int(heading[1].replace(",", "")) if heading else 0, len(events))
    explore = get("/explore/").content.decode()
    told = explore_table(explore, "Published incidents by month and theme")
    named = {
        pd.Period(key).strftime("%B %Y") if key else "month not known": count
        for key, count in by_month.items()
    }
    said.of("/explore/, incidents by month", {key: count for key, count in told.items() if count}, named)
    people = explore_table(explore, "People harmed, added up")
    said.of("/explore/, people killed", people.get("Killed", 0), int(events["killed"].sum()))

    out = StringIO()
    call_command("export_data", "csv", "-o", str(sheet.with_suffix(".out.csv")), stdout=out, stderr=out)
    exported = pd.read_csv(sheet.with_suffix(".out.csv"), comment="#")
    said.of("CSV export, rows", len(exported), len(events))
    said.of("CSV export, people killed", int(exported["killed"].fillna(0).sum()), int(events["killed"].sum()))
    exported_month = (
        exported["occurred_from"].str.slice(0, 7).where(exported["occurred_precision"] != "year", "")
    )
    exported_months = exported.groupby(exported_month).size()
    said.of("CSV export, incidents by month", {str(k): int(n) for k, n in exported_months.items()}, by_month)
    for zoom in ZOOMS:
        found = get(f"/api/v1/clusters/?zoom={zoom}").json()["clusters"]
        said.of(
            f"clusters at zoom {zoom}, incidents with a place",
            sum(one["count"] for one in found),
            len(placed),
        )
        cell = 360.0 / 2**zoom / 4
        spots = exported.dropna(subset="lon")
        grid = spots.groupby([(spots["lon"] // cell).astype(int), (spots["lat"] // cell).astype(int)]).size()
        counted = zip(grid.index.to_flat_index().tolist(), grid.tolist(), strict=True)
        said.of(
            f"clusters at zoom {zoom}, by cell of the grid",
            {(int(one["lon"] // cell), int(one["lat"] // cell)): one["count"] for one in found},
            dict(counted),
        )
    said.of(
        "hexagons at zoom 6",
        sum(one["incidents"] for one in get("/api/v1/hexagons/?zoom=6").json()["hexagons"]),
        len(placed),
    )

    shown = {row.incident_key: row for row in PublishedIncident.objects.filter(retracted_on__isnull=True)}
    cases = {
        key.rsplit(":", 1)[1]: case for key, case in Report.objects.values_list("source_key", "incident")
    }
    geod, finer, farther, points = Geod(ellps="WGS84"), 0, 0, 0
    for event in events.itertuples():
        row = shown[cases[event.key]]
        if pd.isna(event.longitude):
            points += row.longitude is not None
        elif row.longitude is not None:
            distance_m = geod.inv(event.longitude, event.latitude, row.longitude, row.latitude)[2]
            finer += (row.uncertainty_m or 0) < event.uncertainty_m
            farther += distance_m > (row.uncertainty_m or 0)
        else:
            points += 1
    said.of("published finer than the file's own precision", finer, 0)
    said.of("published farther from the file's point than it says", farther, 0)
    said.of("with a point where the file has none, or without where it has one", points, 0)
    by_code = events.assign(
        radius=[round((shown[cases[key]].uncertainty_m or 0) / 1000) for key in events["key"]]
    )
    for code, group in by_code.groupby("precision"):
        radius = group["radius"]
        print(f"   precision {code}: {len(group):,} rows, within {radius.min()} to {radius.max()} km")
    return said.differences


def main(file: Path, categories: list[str], maps: list[str]) -> None:
    from django.conf import settings
    from django.core.management import call_command

    settings.TWO_PERSON, settings.SOURCES_TO_VERIFY, settings.PUBLICATION_DELAY_DAYS = False, 1, 0
    call_command("import_places", shipped=True, stdout=StringIO())
    call_command("import_areas", shipped=True, stdout=StringIO())
    with tempfile.TemporaryDirectory(prefix="headlamp-blind-") as folder:
        sheet = as_csv(file, Path(folder))
        options = {"format": "csv", "source": "blind", "categories": categories, "columns": maps}
        out = StringIO()
        call_command("import_reports", str(sheet), stdout=out, stderr=StringIO(), **options)
        print(
            "; ".join(
                line
                for line in out.getvalue().splitlines()
                if re.match(r"(rows|created|skipped|doubt)", line)
            )
        )
        differences = compare(sheet, publish_everything())
    print("every count is the same" if not differences else f"{differences} differ")
    if differences:
        sys.exit(1)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "impact.settings")
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--category", nargs="+", default=[], metavar="WORD=HARM")
    parser.add_argument("--map", nargs="+", default=[], metavar="FIELD=COLUMN")
    chosen = parser.parse_args()
    import tests.environment  # noqa: F401  (keys and paths of its own)

    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment(debug=False)
    held = setup_databases(verbosity=0, interactive=False)
    try:
        main(chosen.file, chosen.category, chosen.map)
    finally:
        teardown_databases(held, verbosity=0)

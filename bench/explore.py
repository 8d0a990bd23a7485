"""The public pages that count, at 100,000 published incidents, beside pandas on the same tables in this run.

    python -m bench.explore --incidents 100000

Fills a test database of DATABASE_URL (SpatiaLite by default), asks for each page as a first visitor does,
without an entity tag, and prints the seconds of the first time, the median, the queries and the limit (1 s,
on PostGIS 0.5 s). The first time that figures are asked for, the database counts them all, and the columns
of what is public are read behind. The peer reads the same tables into pandas and groups them: that is what
the figures of /explore/ cost without a page, and what they are checked against. It writes into a database of
its own, which it makes and drops.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

import django

_LIMIT_S = {"sqlite": 1.0, "postgresql": 0.5}


def main(count: int, times: int) -> None:
    from django.db import connection
    from django.db.models import Count
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from bench.many_published import fill
    from impact.places.models import ProducingArea
    from impact.publication.columns.standing import public_columns

    fill(count)
    area = ProducingArea.objects.annotate(near=Count("published_links")).order_by("-near", "pk")[0]
    limit_s = _LIMIT_S[connection.vendor]
    client = Client()
    client.get("/method/")  # the process itself is no part of it
    print(f"{connection.vendor}, {count:,} incidents, {area.near:,} of them near area {area.pk}")
    print(f"{'first s':>8} {'median s':>9} {'limit s':>8} {'queries':>8}")
    for address in (
        "/explore/",
        "/explore/?by=oecd&country=CD",
        "/explore/?theme=violence&from=2020-01",
        f"/explore/?area={area.pk}",
        "/",
        "/?country=CD&from=2020-01",
        "/embed/?theme=violence",
        "/areas/",
        f"/areas/{area.pk}/",
        "/map/areas.json",
        "/feeds/incidents.atom",
    ):
        start = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        first = time.perf_counter() - start
        queries = len(captured)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
        while public_columns() is None:  # read behind the first request
            time.sleep(0.1)
        spent = median_s(lambda address=address: client.get(address), times)  # type: ignore[misc]
        over = "" if max(first, spent) < limit_s else "  OVER"
        print(f"{first:8.3f} {spent:9.3f} {limit_s:8.1f} {queries:8}  {address}{over}")
    print(f"{'':8} {median_s(group_with_pandas, times):9.3f} {'':8} {'':8}  the figures alone, by pandas")
    check()
    print("every figure of /explore/ as pandas counts it")


def median_s(run: Callable[[], Any], times: int) -> float:
    spent = []
    for _time in range(times):
        start = time.perf_counter()
        run()
        spent.append(time.perf_counter() - start)
    return statistics.median(spent)


def group_with_pandas() -> dict[str, Any]:
    """The figures of /explore/ from whole tables: incidents, their harms, their nearest areas."""
    import pandas as pd

    from impact.crosswalks import CROSSWALKS
    from impact.publication.models import PublishedHarm, PublishedIncident, PublishedLink
    from impact.vocabulary import PeopleKind

    columns = ("country", "perpetrator", "verification", "credibility", "theme")
    incidents = pd.DataFrame.from_records(
        PublishedIncident.objects.filter(retracted_on__isnull=True)
        .order_by()
        .values_list("pk", "occurred_from", *columns, *PeopleKind.values),
        columns=["id", "occurred_from", *columns, *PeopleKind.values],
    )
    harms = pd.DataFrame.from_records(
        PublishedHarm.objects.order_by().values_list("published_id", "harm"), columns=["id", "harm"]
    )
    nearest = pd.DataFrame.from_records(
        PublishedLink.objects.order_by().values_list("published_id", "area_id", "rank", "area__kind"),
        columns=["id", "area", "rank", "kind"],
    )
    nearest = nearest[nearest["id"].isin(incidents["id"])]
    months = pd.to_datetime(incidents["occurred_from"]).dt.to_period("M")
    sets = harms.groupby("id")["harm"].agg(frozenset)
    by_set = incidents.join(sets, on="id").groupby(["harm", "perpetrator"]).size()
    asks: dict[str, int] = {}
    for (told, perpetrator), number in by_set.items():
        for code in CROSSWALKS["asks"].codes_of(told, perpetrator):
            asks[code] = asks.get(code, 0) + int(number)
    return {
        **{column: incidents.groupby(column).size().to_dict() for column in columns},
        "months": incidents.groupby([months, "theme"]).size().to_dict(),
        "people": {kind: int(incidents[kind].sum()) for kind in PeopleKind.values},
        "kinds": nearest[nearest["rank"] == 0].groupby("kind").size().to_dict(),
        "areas": nearest["area"].nunique(),
        "asks": asks,
    }


def check() -> None:
    """What the page counts is what pandas counts; SystemExit where it is not."""
    from impact.publication.filtering import IncidentFilter
    from impact.summaries.explore_crosswalk import crosswalk_chart
    from impact.summaries.headline import headline
    from impact.summaries.statistics import kind_counts
    from impact.summaries.tally import tally

    theirs, ours = group_with_pandas(), tally()
    kinds = {row.key: row.count for row in kind_counts(IncidentFilter(), ours.total) if row.key}
    asks = [row[1] for row in crosswalk_chart(IncidentFilter(), "asks").rows]
    pairs: list[tuple[str, Any, Any]] = [
        ("country", dict(ours.by_country), theirs["country"]),
        ("perpetrator", dict(ours.by_perpetrator), theirs["perpetrator"]),
        ("verification", dict(ours.by_verification), theirs["verification"]),
        ("credibility", dict(ours.by_credibility), theirs["credibility"]),
        ("theme", dict(ours.by_theme), theirs["theme"]),
        ("people", {kind: found.people for kind, found in ours.people.items()}, theirs["people"]),
        ("kind of area", kinds, theirs["kinds"]),
        ("areas near", headline(ours).areas, theirs["areas"]),
        ("asks", sorted(asks), sorted(theirs["asks"].values())),
        (
            "months",
            {(str(m)[:7], t): n for m, themes in ours.months.items() if m for t, n in themes.items()},
            {(str(m), t): n for (m, t), n in theirs["months"].items()},
        ),
    ]
    for name, own, other in pairs:
        if own != other:
            raise SystemExit(f"{name}: the page counts {own}, pandas {other}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "impact.settings")
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=5)
    chosen = parser.parse_args()
    import tests.environment  # noqa: F401  (keys and paths of its own)

    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment(debug=False)
    held = setup_databases(verbosity=0, interactive=False)
    try:
        main(chosen.incidents, chosen.times)
    finally:
        teardown_databases(held, verbosity=0)

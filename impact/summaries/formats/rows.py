"""The rows that tabular formats share: one incident a row, lists joined, units in the names."""

from typing import Any

from django.conf import settings

from impact.publication.models import Snapshot
from impact.publication.reidentification import measure
from impact.publication.snapshots import retracted_count, snapshot_records

COLUMNS = (
    "id",
    "theme",
    "harms",
    "perpetrator",
    "verification",
    "reliability",
    "credibility",
    "killed",
    "injured",
    "arrested",
    "displaced",
    "affected",
    "minerals",
    "country",
    "occurred_from",
    "occurred_to",
    "occurred_precision",
    "text",
    "lon",
    "lat",
    "uncertainty_m",
    "nearest_area",
    "nearest_area_kind",
    "nearest_area_km",
    "areas",
    "published_on",
    "is_fictional",
)
PEOPLE = ("killed", "injured", "arrested", "displaced", "affected")


def snapshot_rows(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Rows with exactly COLUMNS: lists are joined by "; ", what is not known is None."""
    rows = []
    for record in snapshot_records(snapshot):
        nearest = record["areas"][0] if record["areas"] else None
        row: dict[str, Any] = {
            **record,
            "harms": "; ".join(record["harms"]),
            "minerals": "; ".join(record["minerals"]),
            "areas": "; ".join(f"{area['name']} ({area['distance_km']} km)" for area in record["areas"]),
            "nearest_area": nearest["name"] if nearest else None,
            "nearest_area_kind": nearest["kind"] if nearest else None,
            "nearest_area_km": nearest["distance_km"] if nearest else None,
        }
        rows.append({column: row[column] for column in COLUMNS})
    return rows


def provenance(snapshot: Snapshot) -> dict[str, str]:
    """What every file says of itself."""
    return {
        "title": "Headlamp: published incidents"
        + (" (FICTIONAL DEMONSTRATION DATA)" * snapshot.is_fictional),
        "snapshot": snapshot.pk,
        "digest_sha256": snapshot.digest,
        "made_from": f"{settings.PUBLIC_URL}/snapshots/{snapshot.pk}/",
        "as_of": snapshot.created_at.isoformat(timespec="seconds"),
        "filter": ", ".join(f"{name}={value}" for name, value in sorted(snapshot.filter.items())) or "none",
        "licence": settings.EXPORT_LICENCE,
        "note": "Points are the centres of fixed hexagons, not places; "
        "dates are days, weeks, months or years. "
        f"{snapshot.shown} incidents, {snapshot.without_place} of them without a place; "
        f"at least {snapshot.withheld} more were verified and not listed." + _taken_back(snapshot),
        "reidentification": _risk(snapshot),
    }


def _risk(snapshot: Snapshot) -> str:
    measured = measure(snapshot_records(snapshot))
    return (
        f"chance to trace an incident to a person {measured.person_risk:.2%} on average"
        f"{'' if measured.is_within_limit else ', OVER the limit of 3 %: use the generalised lines'}; "
        f"{measured.unique_share:.0%} are the only one published of their hexagon, period and theme"
    )


def _taken_back(snapshot: Snapshot) -> str:
    count = retracted_count(snapshot)
    return f" {count} of them were taken back since and are left out." if count else ""

"""CSV with the columns, in the order and shape, that users of conflict event data know from ACLED.

These are our incidents and not ACLED's: the codes of precision follow its rules, the types of event are ours.
"""

import csv
import io
from datetime import UTC, date
from typing import BinaryIO

from impact.places.basemap import country_name
from impact.publication.models import Snapshot
from impact.publication.published import PublishedRecord
from impact.publication.snapshots.taking import each_record
from impact.summaries.formats.defusing import defused
from impact.vocabulary import DatePrecision, Harm, Perpetrator, Theme

COLUMNS = tuple(
    "event_id_cnty event_date year time_precision disorder_type event_type sub_event_type actor1 "
    "assoc_actor_1 "
    "inter1 actor2 assoc_actor_2 inter2 interaction civilian_targeting iso region country admin1 admin2 "
    "admin3 "
    "location latitude longitude geo_precision source source_scale notes fatalities tags timestamp".split()
)
_TIME_PRECISION = {DatePrecision.DAY: 1, DatePrecision.WEEK: 2, DatePrecision.MONTH: 3}
_ACTOR_CODES = {
    Perpetrator.ARMY: 1,
    Perpetrator.POLICE: 1,
    Perpetrator.AUTHORITIES: 1,
    Perpetrator.ARMED_GROUP: 2,
    Perpetrator.CIVILIANS: 7,
    Perpetrator.PRIVATE_SECURITY: 8,
    Perpetrator.COMPANY: 8,
}
_EXACT_M, _NEAR_M = 2_000, 15_000
# ISO 3166-1 numeric, of the countries that the product covers.
ISO_NUMERIC = {
    "AO": 24, "BF": 854, "BI": 108, "BR": 76, "BW": 72, "CD": 180, "CF": 140, "CG": 178, "CI": 384,
    "CM": 120, "GH": 288, "GN": 324, "KE": 404, "LR": 430, "LS": 426, "ML": 466, "MZ": 508,
    "NA": 516, "RW": 646, "SD": 729, "SL": 694, "SN": 686, "SS": 728, "TD": 148, "TG": 768,
    "TZ": 834, "UG": 800, "ZA": 710, "ZM": 894, "ZW": 716,
}  # fmt: skip


def write(snapshot: Snapshot, stream: BinaryIO) -> None:
    """A header and one row an incident. What we do not know of an event is empty and never guessed."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for record in each_record(snapshot):
        writer.writerow([defused(cell) for cell in _row(snapshot, record)])
    text.detach()


def _row(snapshot: Snapshot, record: PublishedRecord) -> list[str | int | float | None]:
    perpetrator = Perpetrator(record["perpetrator"])
    precision = record["occurred_precision"]
    near = record["areas"][0]["name"] if record["areas"] else ""
    return [
        f"HDL{record['id'][:8]}",
        record["occurred_from"],
        date.fromisoformat(record["occurred_from"]).year if record["occurred_from"] else None,
        _TIME_PRECISION.get(DatePrecision(precision)) if precision else None,
        "",
        str(Theme(record["theme"]).label),
        str(Harm(record["harms"][0]).label) if record["harms"] else "",
        "" if perpetrator is Perpetrator.UNKNOWN else str(perpetrator.label),
        "",
        _ACTOR_CODES.get(perpetrator),
        "",
        "",
        None,
        None,
        "",
        ISO_NUMERIC.get(record["country"]),
        "",
        country_name(record["country"]) if record["country"] else "",
        "",
        "",
        "",
        near,
        record["lat"],
        record["lon"],
        _geo_precision(record["uncertainty_m"]),
        f"Headlamp {snapshot.pk}",
        "Local partner",
        record["text"],
        record["killed"],
        "; ".join(record["harms"]),
        int(snapshot.created_at.astimezone(UTC).timestamp()),
    ]


def _geo_precision(uncertainty_m: float | None) -> int | None:
    if uncertainty_m is None:
        return None
    return 1 if uncertainty_m <= _EXACT_M else 2 if uncertainty_m <= _NEAR_M else 3

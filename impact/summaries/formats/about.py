"""What every file says of itself: snapshot, digest, licence, how to cite it, and what each column means."""

from dataclasses import dataclass
from datetime import UTC

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from impact.places.nearness.reach_words import reach_words
from impact.publication.models import Snapshot
from impact.publication.reidentification import MOST_MEASURED, measure
from impact.publication.snapshots.taking import retracted_count, snapshot_records
from impact.summaries.numbers import rounded
from impact.vocabulary import AreaKind, Harm, Perpetrator, Theme, Verification


@dataclass(frozen=True, slots=True)
class ColumnNote:
    """One row of the data dictionary. `label` is the column's name in words, for the head of a table;
    `hxl` its tag (Humanitarian Exchange Language 1.1).
    """

    name: str
    label: str
    meaning: str
    values: str
    hxl: str = ""


def provenance(snapshot: Snapshot) -> dict[str, str]:
    """Names and values, for a file's metadata, in the active language where they are sentences."""
    made = snapshot.created_at.astimezone(UTC)
    title = _("Headlamp: published incidents beside mines")
    if snapshot.is_fictional:
        title += f" ({_('FICTIONAL DEMONSTRATION DATA')})"
    url = f"{settings.PUBLIC_URL}/snapshots/{snapshot.pk}/"
    return {
        "title": title,
        "snapshot": snapshot.pk,
        "digest_sha256": snapshot.digest,
        "made_from": url,
        "as_of": made.isoformat(timespec="seconds"),
        "filter": ", ".join(f"{name}={value}" for name, value in sorted(snapshot.filter.items())) or "none",
        "licence": settings.EXPORT_LICENCE,
        "citation": f"{settings.ORGANISATION} ({made:%Y}). {title}. {snapshot.pk}, {made:%Y-%m-%d}. {url}",
        "note": " ".join(_notes(snapshot)),
    }


def _notes(snapshot: Snapshot) -> list[str]:
    notes = [*_risk(snapshot)]
    notes += [
        _("Points are the centres of fixed hexagons, not places; dates are weeks, months or years."),
        ngettext(
            "%(count)s incident, %(nowhere)s without a place; at least %(withheld)s more verified and not "
            "listed.",
            "%(count)s incidents, %(nowhere)s without a place; at least %(withheld)s more verified and not "
            "listed.",
            snapshot.shown,
        )
        % {"count": snapshot.shown, "nowhere": snapshot.without_place, "withheld": snapshot.withheld},
    ]
    if taken_back := retracted_count(snapshot):
        notes.append(
            ngettext(
                "%(count)s was taken back since and is left out.",
                "%(count)s were taken back since and are left out.",
                taken_back,
            )
            % {"count": taken_back}
        )
    return notes


def _risk(snapshot: Snapshot) -> list[str]:
    """How far its rows can be traced, as the snapshot's page says it; there alone for very many."""
    if not 0 < snapshot.shown <= MOST_MEASURED:
        return []
    measured = measure(snapshot_records(snapshot))
    return [
        _(
            "Chance to trace a row to a person: %(risk)s %% on average; rows that are the only one of their "
            "kind: %(unique)s %%."
        )
        % {
            "risk": rounded(measured.person_risk * 100, 3),
            "unique": rounded(measured.unique_share * 100, 1),
        }
    ]


def data_dictionary() -> list[ColumnNote]:
    """Every column of a table of incidents, in order, in the active language."""
    least = _("whole number; a lower bound; empty where no report counts them")
    day = _("day, YYYY-MM-DD")
    return [
        ColumnNote("id", _("Identifier"), _("Public identifier, random"), "UUID", "#event+id"),
        ColumnNote("theme", _("Theme"), _("Theme of the main harm"), _codes(Theme), "#event+type"),
        ColumnNote(
            "harms",
            _("Harms"),
            _("Harms, the main one first, parted by semicolons"),
            _codes(Harm),
            "#event+name",
        ),
        ColumnNote(
            "perpetrator",
            _("Alleged perpetrator"),
            _("Kind of perpetrator, as alleged"),
            _codes(Perpetrator),
            "#cause+type",
        ),
        ColumnNote(
            "verification",
            _("Verification"),
            _("How far it is verified"),
            _codes(Verification),
            "#status+code",
        ),
        ColumnNote(
            "reliability",
            _("Reliability"),
            _("Reliability of the source (Admiralty system)"),
            "A-F",
            "#severity+source",
        ),
        ColumnNote(
            "credibility",
            _("Credibility"),
            _("Credibility of the information (Admiralty system)"),
            "1-6",
            "#severity+information",
        ),
        ColumnNote("killed", _("Killed"), _("People killed"), least, "#affected+ind+killed"),
        ColumnNote("injured", _("Injured"), _("People injured"), least, "#affected+ind+injured"),
        ColumnNote("arrested", _("Arrested"), _("People arrested"), least, "#affected+ind+arrested"),
        ColumnNote("displaced", _("Displaced"), _("People displaced"), least, "#affected+ind+displaced"),
        ColumnNote(
            "affected", _("Otherwise affected"), _("People otherwise affected"), least, "#affected+ind"
        ),
        ColumnNote(
            "minerals", _("Minerals"), _("What is dug there, parted by semicolons"), "", "#item+minerals"
        ),
        ColumnNote("country", _("Country"), _("Country"), "ISO 3166-1 alpha-2", "#country+code+v_iso2"),
        ColumnNote(
            "occurred_from",
            _("First day"),
            _("First day of the period in which it happened"),
            day,
            "#date+occurred+start",
        ),
        ColumnNote("occurred_to", _("Last day"), _("Last day of that period"), day, "#date+occurred+end"),
        ColumnNote(
            "occurred_precision",
            _("Precision of the day"),
            _("How coarse the period is"),
            "week, month, year",
            "#date+occurred+precision",
        ),
        ColumnNote("text", _("Public text"), _("Public version, written by a moderator"), "", "#description"),
        ColumnNote(
            "lon", _("Longitude"), _("Longitude of the hexagon’s middle"), _("degrees, WGS 84"), "#geo+lon"
        ),
        ColumnNote(
            "lat", _("Latitude"), _("Latitude of the hexagon’s middle"), _("degrees, WGS 84"), "#geo+lat"
        ),
        ColumnNote(
            "uncertainty_m",
            _("True place within (m)"),
            _("It happened within so many metres of the point (Darwin Core coordinateUncertaintyInMeters)"),
            _("metres"),
            "#geo+precision",
        ),
        ColumnNote(
            "nearest_area",
            _("Nearest area"),
            _("Nearest producing area, measured from the hexagon"),
            "",
            "#loc+name",
        ),
        ColumnNote(
            "nearest_area_kind",
            _("Kind of nearest area"),
            _("Its kind of mining"),
            _codes(AreaKind),
            "#loc+type",
        ),
        ColumnNote(
            "nearest_area_km", _("Distance (km)"), _("Distance to it"), _("whole kilometres"), "#loc+distance"
        ),
        ColumnNote(
            "areas",
            _("Areas near"),
            _("All producing areas within %(reach)s, parted by semicolons") % {"reach": reach_words()},
            "",
            "#loc+list",
        ),
        ColumnNote("published_on", _("Published on"), _("Day of publication"), day, "#date+reported"),
        ColumnNote(
            "is_fictional",
            _("Fictional"),
            _("Invented, for a demonstration"),
            "true, false",
            "#meta+fictional",
        ),
    ]


def area_dictionary(*, of_file: bool = False) -> list[ColumnNote]:
    """Every column of a table of producing areas, in order, in the active language.

    `of_file`: of those beside the incidents of a file, which counts no others.
    """
    degrees = _("degrees, WGS 84")
    near = _("Incidents of this file near it") if of_file else _("Published incidents near it")
    return [
        ColumnNote("id", _("Identifier"), _("Number of the area here"), _("whole number")),
        ColumnNote(
            "site_code", _("Code in text messages"), _("What stands for its name in a text message"), ""
        ),
        ColumnNote("name", _("Name"), _("Name of the area"), ""),
        ColumnNote("aliases", _("Other names"), _("What else it is called"), ""),
        ColumnNote("country", _("Country"), _("Country"), "ISO 3166-1 alpha-2"),
        ColumnNote("kind", _("Kind of mining"), _("How is dug there"), _codes(AreaKind)),
        ColumnNote("minerals", _("Minerals"), _("What is dug there"), ""),
        ColumnNote("operator", _("Operator"), _("Who runs it, where a source says so"), ""),
        ColumnNote("lon", _("Longitude"), _("Longitude of a point on it"), degrees),
        ColumnNote("lat", _("Latitude"), _("Latitude of a point on it"), degrees),
        ColumnNote("accuracy_m", _("True place within (m)"), _("How far the point may be off"), _("metres")),
        ColumnNote("is_approximate", _("Approximate"), _("Placed only approximately"), "true, false"),
        ColumnNote("source", _("Source"), _("Where this is from"), ""),
        ColumnNote("source_date", _("Date of the source"), _("When the source saw it"), _("day, YYYY-MM-DD")),
        ColumnNote("licence", _("Licence"), _("Under which licence the source gives it"), ""),
        ColumnNote("note", _("Note"), _("What else is known of it"), ""),
        ColumnNote("is_retired", _("Retired"), _("No longer used for new incidents"), "true, false"),
        ColumnNote("incidents", _("Incidents"), near, _("whole number")),
    ]


def link_dictionary() -> list[ColumnNote]:
    """Every column of a table of which incident is near which area, in order, in the active language."""
    return [
        ColumnNote("incident_id", _("Incident"), _("Identifier of the incident"), "UUID"),
        ColumnNote("area_id", _("Area"), _("Number of the area here"), _("whole number")),
        ColumnNote(
            "site_code", _("Code in text messages"), _("What stands for its name in a text message"), ""
        ),
        ColumnNote("area_name", _("Name of the area"), _("Name of the area"), ""),
        ColumnNote("rank", _("Rank"), _("1 for the nearest area of the incident"), _("whole number")),
        ColumnNote(
            "distance_km",
            _("Distance (km)"),
            _("From the middle of the incident’s hexagon, not from where it happened"),
            _("whole kilometres"),
        ),
    ]


def _codes(words: type[Theme] | type[Harm] | type[Perpetrator] | type[Verification] | type[AreaKind]) -> str:
    return ", ".join(words.values)

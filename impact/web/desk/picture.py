"""All that the screen of one case shows, gathered before anything is rendered."""

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from impact.formats.joining import joined
from impact.incidents.models import AreaLink, Incident, Report
from impact.moderation.queue import moderation_queue
from impact.places.basemap import country_name
from impact.places.gazetteer_store import current_gazetteer
from impact.publication.models import PublishedIncident
from impact.publication.publishing import PUBLISHABLE, preview_incident
from impact.publication.redacting import identifying_in
from impact.understanding.facts import Hints, Understanding
from impact.understanding.redaction import Finding, Kind
from impact.understanding.unknown_names import unknown_name
from impact.vocabulary import SORTED_OUT, AreaKind, Channel, Perpetrator, PlaceMethod, Theme, Verification
from impact.web.desk.highlighting import Segment, highlighted, kind_words
from impact.web.desk.history import Entry, case_history
from impact.web.desk.places import Candidate, candidates_read
from impact.web.desk.queue_rows import Row, row_of
from impact.web.desk.revealing import ASKED
from impact.web.desk.wording import (
    consent_words,
    days_words,
    distance_words,
    harms_words,
    language_words,
    minerals_words,
    people_words,
    status_words,
)

_NEXT = 12
_SIMPLE_DEGREES = 0.002  # some 200 m: a shape on a small map needs no more
_SURE = 0.75


@dataclass(frozen=True, slots=True)
class Words:
    """One report as sent, marked where something was understood."""

    report: Report
    channel: str
    language: str
    segments: list[Segment]
    consents: list[tuple[str, bool]]
    was_asked: bool  # else what is not given was not refused


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is held true of the case now; `note` says what it rests on."""

    name: str
    value: str
    note: str = ""
    is_unsure: bool = False
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class NearArea:
    pk: int
    name: str
    kind: str
    minerals: str
    relation: str
    distance: str
    uncertainty: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The public version as it would be."""

    theme: str
    harms: str
    perpetrator: str
    people: str
    days: str
    place: str
    text: str
    is_wordless: bool


@dataclass(frozen=True, slots=True)
class CasePicture:
    incident: Incident
    status: str
    words: list[Words]
    kinds: dict[str, str]
    facts: list[Fact]
    candidates: tuple[Candidate, ...]
    areas: list[NearArea]
    history: list[Entry]
    queue: list[Row]
    # A name in the words that the gazetteer lacks, for the moderator to say where it is.
    unknown_name: str = ""

    def preview(self, text: str) -> Preview:
        """What the world would see if it were published now with this text."""
        return _preview(self.incident, preview_incident(self.incident, text), text)

    @property
    def can_be_published(self) -> bool:
        """Whether the public version may be written now; publishing itself checks again."""
        return self.incident.verification in PUBLISHABLE and self.incident.triage not in SORTED_OUT

    @property
    def can_be_taken_up(self) -> bool:
        """Whether nobody has begun to verify it."""
        is_new = self.incident.verification == Verification.UNVERIFIED
        return is_new and self.incident.triage not in SORTED_OUT

    @property
    def on_map(self) -> dict[str, Any]:
        """What the map draws, in JSON types."""
        incident, masked = self.incident, preview_incident(self.incident, "")
        return {
            "point": [incident.point.x, incident.point.y] if incident.point else None,
            "uncertainty_m": incident.uncertainty_m or 0,
            "masked": [masked.longitude, masked.latitude] if masked.longitude is not None else None,
            "masked_m": masked.uncertainty_m or 0,
            "candidates": [
                {"name": found.name, "point": [found.longitude, found.latitude], "key": found.key}
                for found in self.candidates
            ],
            "areas": [
                {
                    "name": link.area.name,
                    "kind": str(link.area.kind),
                    "shape": json.loads(link.area.geometry.simplify(_SIMPLE_DEGREES, True).geojson),
                }
                for link in incident.area_links.all()
            ],
            "words": {
                "incident": _("Where it happened, as far as known"),
                "masked": _("What the public would see"),
                "candidate": _("Could be here"),
            },
        }


def case_picture(incident: Incident, *, waiting: QuerySet[Incident]) -> CasePicture:
    """Gather a case, beside those of `waiting` that nobody took up yet.

    Reports and areas should be prefetched; five queries more at most.
    """
    reports = list(incident.reports.all())
    readings = {report.pk: report.understood for report in reports}
    read = [reading for reading in readings.values() if reading is not None]
    return CasePicture(
        incident=incident,
        status=status_words(incident),
        words=[_words(report, readings[report.pk]) for report in reports],
        kinds=kind_words(),
        facts=_facts(incident, read[0] if read else None),
        candidates=candidates_read(read),
        areas=[_near(link) for link in incident.area_links.all()],
        history=case_history(incident),
        queue=[row_of(other) for other in moderation_queue(waiting).exclude(pk=incident.pk)[:_NEXT]],
        unknown_name=_unknown_name(reports),
    )


def _unknown_name(reports: list[Report]) -> str:
    for report in reports:
        hints = Hints(report.received_at, report.sender_country, report.language)
        if name := unknown_name(report.text, hints, current_gazetteer()):
            return name
    return ""


def _identifying(report: Report) -> list[Finding]:
    """But a whole story in a script without capitals is not marked from end to end: what is asked about are
    words for the public."""
    found = identifying_in(report.text, report.sender_country)
    return [finding for finding in found if finding.kind != Kind.UNREAD]


def _words(report: Report, reading: Understanding | None) -> Words:
    return Words(
        report=report,
        channel=str(Channel(report.channel).label),
        language=language_words(report.language),
        segments=highlighted(report.text, reading, _identifying(report)),
        consents=[
            (consent_words("follow_up"), report.may_follow_up),
            (consent_words("share"), report.may_share),
            (consent_words("publish"), report.may_publish),
        ],
        was_asked=report.channel in ASKED,
    )


def _facts(incident: Incident, reading: Understanding | None) -> list[Fact]:
    harms = incident.harm_codes
    where = incident.place_name or incident.place_words
    if incident.country:
        where = f"{where}, {country_name(incident.country)}" if where else country_name(incident.country)
    rests_on = str(PlaceMethod(incident.place_method).label) if incident.place_method else ""
    within = (
        _("true place within %(distance)s") % {"distance": distance_words(incident.uncertainty_m)}
        if incident.uncertainty_m
        else ""
    )
    is_placed_by_reader = incident.place_method in {PlaceMethod.GAZETTEER, PlaceMethod.PRODUCING_AREA}
    return [
        _fact(
            _("Harms"), harms_words(harms), reading.harms[0].confidence if reading and reading.harms else None
        ),
        _fact(
            _("Alleged perpetrator"),
            str(Perpetrator(incident.perpetrator).label),
            reading.perpetrator.confidence if reading and reading.perpetrator else None,
        ),
        Fact(_("People"), people_words(incident.people) or _("nobody counted")),
        _fact(
            _("When"),
            days_words(incident.occurred_from, incident.occurred_to),
            reading.occurred.confidence if reading and reading.occurred else None,
        ),
        _fact(
            _("Place"),
            where,
            reading.place.confidence if reading and reading.place and is_placed_by_reader else None,
            joined(part for part in (rests_on, within) if part),
            is_wide=True,
        ),
        *([Fact(_("Minerals"), minerals_words(incident.minerals))] if incident.minerals else []),
    ]


def _fact(name: str, value: str, confidence: float | None, note: str = "", *, is_wide: bool = False) -> Fact:
    if not value:
        return Fact(name, _("not known"), note, is_wide=is_wide)
    if confidence is not None:
        read = _("read, %(percent)d %% sure") % {"percent": round(confidence * 100)}
        note = joined((note, read)) if note else read
    return Fact(name, value, note, confidence is not None and confidence < _SURE, is_wide)


def _near(link: AreaLink) -> NearArea:
    return NearArea(
        pk=link.area_id,
        name=link.area.name,
        kind=str(AreaKind(link.area.kind).label),
        minerals=minerals_words(link.area.minerals),
        relation=str(AreaLink.Relation(link.relation).label),
        distance=distance_words(link.distance_m),
        uncertainty=distance_words(link.uncertainty_m),
    )


def _preview(incident: Incident, public: PublishedIncident, text: str) -> Preview:
    country = country_name(public.country) if public.country else ""
    if public.longitude is not None and public.latitude is not None and public.uncertainty_m:
        place = _("%(country)s, a point within %(distance)s of where it happened") % {
            "country": country,
            "distance": distance_words(public.uncertainty_m),
        }
    else:
        place = country or _("no place")
    return Preview(
        theme=str(Theme(public.theme).label) if public.theme else "",
        harms=harms_words(incident.harm_codes),
        perpetrator=str(Perpetrator(public.perpetrator).label),
        people=people_words(
            {
                kind: {"low": count, "high": count}
                for kind in incident.people
                if (count := getattr(public, kind)) is not None
            }
        ),
        days=days_words(public.occurred_from, public.occurred_to) or _("no date"),
        place=place,
        text=public.text,
        is_wordless=bool(text.strip()) and not public.text,
    )

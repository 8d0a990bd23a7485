"""Adding to a report what its reporter says later: an answer, more words, a correction.

The words are kept beside the report as sent; the case takes up what they tell, until a moderator has
decided about it. After that no text changes what the case holds: moderators read it and correct.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction

from impact.accounts.routing import organisation_for
from impact.incidents.asking import Choice
from impact.incidents.assessing import keep_in_step
from impact.incidents.draft import DraftError, check_words
from impact.incidents.linking import link_incident
from impact.incidents.models import PLACE_WORDS_LIMIT, Incident, IncidentHarm, Message, Report
from impact.incidents.placing import place_report, usual_points
from impact.places.gazetteer_store import current_gazetteer
from impact.understanding.adopted_model import adopted_model
from impact.understanding.answers import Asked, read_answer
from impact.understanding.facts import Hints, Understanding
from impact.vocabulary import Channel, Harm, Perpetrator

__all__ = ["DraftError", "SaidLater", "add_to_report"]

_WORDS_OF_A_NAME = 4
_PLACE_COLUMNS = [
    *("point", "uncertainty_m", "place_name", "place_words", "place_method", "country"),
    "organisation",
]


@dataclass(frozen=True, slots=True)
class SaidLater:
    """What a reporter says about a report that was taken in before.

    `source_key` is unique for ever, as a report's is. `text` is kept as sent; `words` are what is read of
    it, where that is less than all. `asked` is what was asked, or what a correction
    is about. `choice` is the place chosen; `is_none_of_them` says that it is none of those offered.
    `point` is (longitude, latitude) in WGS 84. `in_reply_to` is the moderator's question.
    `is_same_reporter` is false for words that name the report from another telephone: they are kept
    for the moderators, and the case takes up nothing of them.
    """

    report_id: UUID
    kind: Message.Kind
    channel: Channel
    source_key: str
    text: str
    said_at: datetime
    words: str = ""
    asked: Asked | None = None
    choice: Choice | None = None
    is_none_of_them: bool = False
    point: tuple[float, float] | None = None
    in_reply_to: UUID | None = None
    is_same_reporter: bool = True

    @property
    def read_words(self) -> str:
        """The words to read: nothing is in a bare 0, which says "I do not know"."""
        words = self.words or self.text
        return "" if words.strip() == "0" else words


def add_to_report(said: SaidLater) -> Message:
    """Keep what was said, and bring the case up to date with it; the same `source_key` is the same message.

    Raises DraftError, and Report.DoesNotExist.
    """
    check_words(said.text)
    known = Message.objects.filter(source_key=said.source_key).first()
    if known is not None:
        return known
    report = Report.objects.select_related("incident").get(pk=said.report_id)
    hints = Hints(said.said_at, report.sender_country, report.language, usual_points(report.reporter_id))
    read = read_answer(said.asked, said.read_words, hints, current_gazetteer(), adopted_model())
    try:
        with transaction.atomic():
            return _write(said, report, hints, read)
    except IntegrityError:
        known = Message.objects.filter(source_key=said.source_key).first()
        if known is None:
            raise
        return known


def _write(said: SaidLater, report: Report, hints: Hints, read: Understanding) -> Message:
    incident = Incident.objects.select_for_update().get(pk=report.incident_id)
    message = Message.objects.create(
        report=report,
        kind=said.kind,
        asked=said.asked or "",
        channel=said.channel,
        source_key=said.source_key,
        in_reply_to_id=said.in_reply_to,
        text=said.text,
        language=read.language,
        understanding=read.to_json(),
        is_same_reporter=said.is_same_reporter,
        said_at=said.said_at,
        is_fictional=report.is_fictional,
    )
    if _is_open_to_words(said, incident):
        is_moved = _take_place(said, incident, hints, read)
        if is_moved:
            incident.organisation_id = organisation_for(
                country=incident.country or report.sender_country, channel=report.channel
            )
        columns = [*is_moved, *_take_facts(said, incident, read)]
        if columns or _take_harms(said, incident, read):
            message.has_changed_case = True
            message.save(update_fields=["has_changed_case"])
        incident.save(update_fields=[*columns, "updated_at"])
        if is_moved:
            link_incident(incident)
    keep_in_step(incident, said=said.text)
    return message


def _is_open_to_words(said: SaidLater, incident: Incident) -> bool:
    """No decision yet, no second report on the case, and the telephone that the report came from."""
    return said.is_same_reporter and incident.version == 1 and incident.reports.count() == 1


def _take_place(said: SaidLater, incident: Incident, hints: Hints, read: Understanding) -> list[str]:
    """The columns of the place that changed: an answer and a correction override, other words fill in."""
    is_about_it = said.asked in {Asked.WHERE, Asked.WHICH} or said.point is not None
    placing = place_report(
        read,
        hints,
        place_id=said.choice.place_id if said.choice else None,
        area_id=said.choice.area_id if said.choice else None,
        point=said.point,
    )
    if said.is_none_of_them or (
        placing.point is None and said.kind == Message.Kind.CORRECTION and is_about_it
    ):
        # A place that the reporter says is wrong is worse than none.
        incident.point, incident.uncertainty_m = None, None
        incident.place_name, incident.place_method, incident.country = "", "", ""
        if not said.is_none_of_them:
            incident.place_words = said.read_words[:PLACE_WORDS_LIMIT]
        return _PLACE_COLUMNS
    if placing.point is not None and (is_about_it or incident.point is None):
        incident.point = Point(*placing.point, srid=4326)
        incident.uncertainty_m = placing.uncertainty_m
        incident.place_name, incident.place_words = placing.name, placing.words
        incident.place_method, incident.country = placing.method, placing.country
        return _PLACE_COLUMNS
    if is_about_it and incident.point is None and 0 < len(said.read_words.split()) <= _WORDS_OF_A_NAME:
        incident.place_words = said.read_words[:PLACE_WORDS_LIMIT]
        return ["place_words", "organisation"]
    return []


def _take_facts(said: SaidLater, incident: Incident, read: Understanding) -> list[str]:
    columns = []
    if read.occurred and (said.asked is Asked.WHEN or incident.occurred_from is None):
        incident.occurred_from, incident.occurred_to = read.occurred.from_on, read.occurred.to_on
        incident.occurred_precision = read.occurred.day_precision
        columns += ["occurred_from", "occurred_to", "occurred_precision"]
    counted = {found.kind: {"low": found.low, "high": found.high} for found in read.people}
    people = incident.people | counted if said.asked is Asked.PEOPLE else counted | incident.people
    if people != incident.people:
        incident.people = people
        columns.append("people")
    if read.perpetrator and (said.asked is Asked.WHO or incident.perpetrator == Perpetrator.UNKNOWN):
        incident.perpetrator = read.perpetrator.kind
        columns.append("perpetrator")
    return columns


def _take_harms(said: SaidLater, incident: Incident, read: Understanding) -> bool:
    """Later words add harms; what is only "something else" gives way to a harm that is told."""
    before = incident.harm_codes
    held = [harm for harm in before if harm != Harm.OTHER]
    told = [str(found.harm) for found in read.harms if found.harm != Harm.OTHER]
    after = list(dict.fromkeys([*held, *told])) or before
    if after == before:
        return False
    incident.harms.all().delete()
    IncidentHarm.objects.bulk_create(
        IncidentHarm(incident=incident, harm=harm, rank=rank) for rank, harm in enumerate(after)
    )
    return True

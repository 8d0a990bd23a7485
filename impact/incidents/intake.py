"""Taking a report in: the words exactly as sent, beside what was understood, on an incident of its own.

Every door comes here with the same draft: text messages, the web form, programs.
"""

from uuid import uuid4

from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction

from impact.accounts.routing import organisation_for
from impact.incidents.assessing import keep_in_step
from impact.incidents.draft import Consents, DraftError, ReportDraft, check_draft
from impact.incidents.linking import link_incident
from impact.incidents.models import Incident, IncidentHarm, Report
from impact.incidents.placing import Placing, place_report, usual_points
from impact.incidents.receipt import Receipt, receipt_of
from impact.incidents.references import follow_up_code, follow_up_digest, new_reference
from impact.places.gazetteer_store import current_gazetteer
from impact.understanding.adopted_model import adopted_model
from impact.understanding.facts import Hints, Understanding
from impact.understanding.reading import read_text
from impact.vocabulary import Channel, DatePrecision, Perpetrator

__all__ = ["Consents", "DraftError", "Receipt", "ReportDraft", "submit_report"]


def submit_report(draft: ReportDraft) -> Receipt:
    """Take a report in, read it, place it and link it; a draft already taken in gives the same receipt.

    Idempotent by `source_key` for ever, under any number of writers: the database's unique
    constraint decides. What cannot be read still becomes a report. Raises DraftError.
    """
    check_draft(draft)
    known = Report.objects.filter(source_key=draft.source_key).first()
    if known is not None:
        return receipt_of(known, is_new=False)
    hints = Hints(
        received_at=draft.received_at,
        sender_country=draft.sender_country,
        language=draft.language,
        usual_points=usual_points(draft.reporter_id),
    )
    understanding = read_text(draft.text, hints, current_gazetteer(), adopted_model())
    placing = place_report(
        understanding,
        hints,
        place_words=draft.place_words,
        place_id=draft.place_id,
        area_id=draft.area_id,
        point=draft.point,
        point_uncertainty_m=draft.point_uncertainty_m,
    )
    try:
        with transaction.atomic():
            report = _write(draft, understanding, placing)
    except IntegrityError:
        known = Report.objects.filter(source_key=draft.source_key).first()
        if known is None:
            raise
        return receipt_of(known, is_new=False)
    link_incident(report.incident)
    return receipt_of(report, is_new=True)


def _write(draft: ReportDraft, understanding: Understanding, placing: Placing) -> Report:
    report_id = uuid4()
    reference = new_reference()
    occurred = understanding.occurred
    incident = Incident.objects.create(
        reference=reference,
        organisation_id=organisation_for(
            country=_stated_country(draft) or placing.country or draft.sender_country, channel=draft.channel
        ),
        perpetrator=draft.perpetrator
        or (understanding.perpetrator.kind if understanding.perpetrator else Perpetrator.UNKNOWN),
        people=_people(draft, understanding),
        occurred_from=draft.occurred_from or (occurred.from_on if occurred else None),
        occurred_to=draft.occurred_to or draft.occurred_from or (occurred.to_on if occurred else None),
        occurred_precision=_precision(draft) or (occurred.day_precision if occurred else ""),
        point=Point(*placing.point, srid=4326) if placing.point else None,
        uncertainty_m=placing.uncertainty_m,
        place_name=placing.name,
        place_words=placing.words,
        place_method=placing.method,
        country=_stated_country(draft) or placing.country,
        received_at=draft.received_at,
        is_fictional=draft.is_fictional,
    )
    harms = draft.harms or tuple(found.harm for found in understanding.harms)
    IncidentHarm.objects.bulk_create(
        IncidentHarm(incident=incident, harm=harm, rank=rank)
        for rank, harm in enumerate(dict.fromkeys(harms))
    )
    report = Report.objects.create(
        id=report_id,
        incident=incident,
        reporter_id=draft.reporter_id,
        reference=reference,
        follow_up_digest=follow_up_digest(follow_up_code(report_id)),
        channel=draft.channel,
        source_key=draft.source_key,
        text=draft.text,
        language=draft.language or understanding.language,
        sender_country=draft.sender_country,
        answers=_answers(draft),
        understanding=understanding.to_json(),
        may_follow_up=draft.consents.follow_up,
        may_share=draft.consents.share,
        may_publish=draft.consents.publish,
        received_at=draft.received_at,
        is_fictional=draft.is_fictional,
    )
    keep_in_step(incident)
    return report


def _people(draft: ReportDraft, understanding: Understanding) -> dict[str, dict[str, int]]:
    read = {str(found.kind): {"low": found.low, "high": found.high} for found in understanding.people}
    stated = {str(kind): {"low": count, "high": count} for kind, count in draft.people}
    return {kind: count for kind, count in (read | stated).items() if kind not in stated or count["high"]}


def _stated_country(draft: ReportDraft) -> str:
    """Of an imported report: the other system knows on which side of a river it was; the basemap is
    coarse."""
    return draft.sender_country if draft.channel == Channel.IMPORT else ""


def _precision(draft: ReportDraft) -> str:
    if draft.occurred_from is None:
        return ""
    days = ((draft.occurred_to or draft.occurred_from) - draft.occurred_from).days
    for precision, longest in ((DatePrecision.DAY, 0), (DatePrecision.WEEK, 7), (DatePrecision.MONTH, 31)):
        if days <= longest:
            return precision
    return DatePrecision.YEAR


def _answers(draft: ReportDraft) -> dict[str, object]:
    answers = {
        "place_words": draft.place_words,
        "point": draft.point,
        "occurred_from": draft.occurred_from and draft.occurred_from.isoformat(),
        "occurred_to": draft.occurred_to and draft.occurred_to.isoformat(),
        "harms": [str(harm) for harm in draft.harms],
    }
    return {name: value for name, value in answers.items() if value}

"""Taking a report in: the words exactly as sent, beside what was understood, on an incident of its own.

Every door comes here with the same draft: text messages, the web form, programs.
"""

from uuid import uuid4

from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction
from django.utils import timezone

from impact.accounts.routing import organisation_for
from impact.incidents.draft import Consents, DraftError, ReportDraft, check_draft
from impact.incidents.linking import linking_new
from impact.incidents.models import Incident, IncidentHarm, Report, SearchEntry
from impact.incidents.placing import Placing, place_in_country, place_report, usual_points
from impact.incidents.receipt import Receipt, receipt_of
from impact.incidents.references import follow_up_code, follow_up_digest, new_reference
from impact.incidents.searching import document_of
from impact.incidents.urgency import assess_urgency
from impact.operations.writing import inserting, write, write_for_each
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
    report, is_new = enter_report(draft)
    return receipt_of(report, is_new=is_new)


def enter_report(draft: ReportDraft, *, may_be_known: bool = True) -> tuple[Report, bool]:
    """The same, for the report itself and whether it is new, its incident and that one's harms beside it.

    A door that keeps what comes under the same key, in the same transaction, knows that it is new, and says
    so: then it is not looked for, and a draft that was known after all raises IntegrityError when it is
    written, which is in the caller's transaction.
    """
    check_draft(draft)
    if may_be_known and (known := _known(draft)):
        return known, False
    hints = Hints(
        received_at=draft.received_at,
        sender_country=draft.sender_country,
        language=draft.language,
        usual_points=usual_points(draft.reporter_id) if draft.has_reported else (),
    )
    understanding = read_text(draft.text, hints, current_gazetteer(), adopted_model())
    placing = (
        place_in_country(draft.sender_country, draft.place_words)
        if draft.is_country_only
        else place_report(
            understanding,
            hints,
            place_words=draft.place_words,
            place_id=draft.place_id,
            area_id=draft.area_id,
            point=draft.point,
            point_uncertainty_m=draft.point_uncertainty_m,
        )
    )
    report, harms = _made(draft, understanding, placing)
    if not may_be_known:
        _write(report, harms)
        return report, True
    try:
        with transaction.atomic():
            _write(report, harms)
    except IntegrityError:
        if known := _known(draft):
            return known, False
        raise
    return report, True


def _known(draft: ReportDraft) -> Report | None:
    return Report.objects.select_related("incident").filter(source_key=draft.source_key).first()


def _write(report: Report, harms: list[IncidentHarm]) -> None:
    incident = report.incident
    assessment = assess_urgency(
        harms=[harm.harm for harm in harms],
        people=incident.people,
        texts=[report.text],
        occurred_to=incident.occurred_to,
        received_on=incident.received_at.date(),
    )
    incident.urgency = assessment.score
    incident.urgency_reasons = [reason.value for reason in assessment.reasons]
    incident.linked_at = timezone.now()
    document = document_of(incident, [(report.reference, report.text)])
    write(
        inserting(incident),
        inserting(*harms) if harms else None,
        inserting(report),
        inserting(SearchEntry(incident=incident, document=document)),
    )
    write_for_each(linking_new, incident)


def _made(
    draft: ReportDraft, understanding: Understanding, placing: Placing
) -> tuple[Report, list[IncidentHarm]]:
    report_id = uuid4()
    reference = new_reference()
    occurred = understanding.occurred
    incident = Incident(
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
    report = Report(
        id=report_id,
        incident=incident,
        **({"reporter": draft.new_reporter} if draft.new_reporter else {"reporter_id": draft.reporter_id}),
        reference=reference,
        follow_up_digest=follow_up_digest(follow_up_code(report_id)),
        channel=draft.channel,
        source_key=draft.source_key,
        text=draft.text,
        language=draft.language or understanding.language,
        sender_country=draft.sender_country,
        answers=_answers(draft),
        may_follow_up=draft.consents.follow_up,
        may_share=draft.consents.share,
        may_publish=draft.consents.publish,
        received_at=draft.received_at,
        is_fictional=draft.is_fictional,
    )
    report.know_understanding(understanding)
    found = draft.harms or tuple(found.harm for found in understanding.harms)
    harms = [
        IncidentHarm(incident=incident, harm=harm, rank=rank)
        for rank, harm in enumerate(dict.fromkeys(found))
    ]
    incident.know_harms(harms)
    return report, harms


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

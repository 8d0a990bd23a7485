"""From a verified incident to its public version, and back: safe words, a masked point, a coarse date, a
later day."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.moderation.deciding import DecisionRefused, decide
from impact.moderation.models import Action
from impact.moderation.two_people import Step, confirm, propose, standing_proposal
from impact.publication.announcing import PublicEvent, announce
from impact.publication.counting import counted_cells
from impact.publication.models import CountedIncident, DuePublication, PublishedIncident, Retraction
from impact.publication.publication_days import publication_day
from impact.publication.redacting import NOTED_AS, require_reasons
from impact.publication.state import mark_public_change, wait_for_changes
from impact.publication.taking_back import taken_back
from impact.publication.versions import PublicVersion, erase_version, public_version, write_version
from impact.publication.wording import copied_words, public_words
from impact.vocabulary import SORTED_OUT, PublicationStatus, Verification

PUBLISHABLE = (Verification.VERIFIED, Verification.PARTIALLY_CORROBORATED)


def publish_incident(
    *,
    incident: Incident,
    moderator: User,
    text: str,
    reason: str,
    expected_version: int,
    left: Mapping[str, str] | None = None,
    now: datetime | None = None,
) -> PublishedIncident:
    """Publish an incident with the words that a moderator wrote for the public, or publish it anew.

    The world sees it on its publication day (`impact/publication/publication_days.py`): what comes back has
    that day as `published_on` and is saved only when it is there already and may be more than a count. The
    reporter's own words are never taken over. Raises DecisionRefused when the incident is not verified, was
    sorted out, the text is the reporter's, or something in it that could identify somebody has no reason in
    `left` (the words found -> why they may stay; the log keeps it). Whether a reporter agreed is the
    moderator's to weigh: a text message cannot ask, and the desk asks before an explicit no is passed over.
    """
    now = now or timezone.now()
    text = public_words(text)
    noted: dict[str, Any] = {}

    def change(locked: Incident) -> list[str]:
        _refuse_unpublishable(locked, text)
        _note_left(locked, text, left, noted)
        confirm(locked, moderator, Step.PUBLISH, text=text)
        locked.publication = PublicationStatus.PUBLIC
        locked.public_text = text
        return ["publication", "public_text"]

    with transaction.atomic():
        case = decide(incident, moderator, Action.PUBLISH, reason, expected_version, change, now, noted=noted)
        return _publish_or_wait(case, now)


def propose_publication(
    *,
    incident: Incident,
    moderator: User,
    text: str,
    reason: str,
    expected_version: int,
    left: Mapping[str, str] | None = None,
    now: datetime | None = None,
) -> Incident:
    """Propose an incident for the public with these words: another moderator then publishes it.

    It may be prepared as soon as its verification is proposed. Raises DecisionRefused for what could not
    be published.
    """
    moment = now or timezone.now()
    text = public_words(text)
    noted: dict[str, Any] = {}

    def change(locked: Incident) -> list[str]:
        case = copy(locked)
        if standing_proposal(locked, Step.VERIFY) is not None:
            case.verification = Verification.VERIFIED
        _refuse_unpublishable(case, text)
        _note_left(case, text, left, noted)
        propose(locked, moderator, Step.PUBLISH, reason=reason.strip(), now=moment, text=text)
        locked.public_text = text
        return ["public_text"]

    return decide(incident, moderator, Action.PROPOSE, reason, expected_version, change, moment, noted=noted)


def retract_incident(
    *, incident: Incident, moderator: User, reason: str, expected_version: int, now: datetime | None = None
) -> Incident:
    """Take an incident back from the public, at once and everywhere: pages, feeds, figures, snapshots, what
    waits.

    The stone that stays says only that it was retracted.
    """
    now = now or timezone.now()

    def change(locked: Incident) -> list[str]:
        if locked.publication != PublicationStatus.PUBLIC:
            raise DecisionRefused(_("It is not public."))
        locked.publication = PublicationStatus.RETRACTED
        return ["publication"]

    with transaction.atomic():
        retracted = decide(incident, moderator, Action.RETRACT, reason, expected_version, change, now)
        DuePublication.objects.filter(incident_key=retracted.pk).delete()
        with _telling_of_change():
            CountedIncident.objects.filter(incident_key=retracted.pk).delete()
            _take_from_sight(retracted.pk, now)
    return retracted


def preview_incident(incident: Incident, text: str) -> PublishedIncident:
    """The public version as it would be, unsaved: what the desk shows before anything is published."""
    return PublishedIncident(**public_version(incident, public_words(text)).fields())


def preview_day(incident: Incident, now: datetime | None = None) -> date:
    """The day on which the world would see it if it were published now."""
    return _day(public_version(incident, ""), incident.pk, now or timezone.now())


def publish_due(now: datetime | None = None) -> int:
    """Make public what is due: a worker's turn, on a publication day. All of a day become public together.

    What a reporter took back after it was decided is held until a moderator decides again.
    """
    today = (now or timezone.now()).date()
    with transaction.atomic():
        due = list(
            DuePublication.objects.select_for_update().filter(due_on__lte=today).order_by("incident_key")
        )
        held = taken_back([waiting.incident_key for waiting in due])
        due = [waiting for waiting in due if waiting.incident_key not in held]
        for waiting in due:
            _make_public(waiting.incident_key, PublicVersion.from_json(waiting.version), waiting.due_on)
            waiting.delete()
    return len(due)


def _publish_or_wait(incident: Incident, now: datetime) -> PublishedIncident:
    version = public_version(incident, incident.public_text)
    day = _day(version, incident.pk, now)
    DuePublication.objects.filter(incident_key=incident.pk).delete()
    if day > max(now, timezone.now()).date():
        DuePublication.objects.create(incident_key=incident.pk, due_on=day, version=version.as_json())
        return PublishedIncident(**version.fields(), published_on=day)
    published = _make_public(incident.pk, version, day)
    return published or PublishedIncident(**version.fields(), published_on=day)


def _day(version: PublicVersion, incident_key: UUID, now: datetime) -> date:
    is_public = PublishedIncident.objects.filter(incident_key=incident_key, retracted_on=None).exists()
    day = publication_day(now.date(), version.period, settings.PUBLICATION_DELAY_DAYS)
    if is_public and (version.period is None or version.period.to_on < now.date()):
        return now.date()  # a correction of what the world reads already
    return day


def _make_public(incident_key: UUID, version: PublicVersion, day: date) -> PublishedIncident | None:
    with _telling_of_change():
        if version.is_counted_only:
            _take_from_sight(incident_key, timezone.now())
        published = write_version(incident_key, version, day)
        if published is not None:
            mark_public_change()
            announce(PublicEvent.PUBLISHED, published.pk, timezone.now())
    return published


@contextmanager
def _telling_of_change() -> Iterator[None]:
    """Say that something public changed where a figure did that is told in counts only. Else nobody can tell
    by the tags of pages, or by a snapshot of that day, that there was such a case."""
    wait_for_changes()
    before = counted_cells()
    yield
    if counted_cells() != before:
        mark_public_change()


def _take_from_sight(incident_key: UUID, now: datetime) -> None:
    stone = PublishedIncident.objects.filter(incident_key=incident_key, retracted_on=None).first()
    if stone is not None:
        mark_public_change()
        erase_version(incident_key, now.date())
        retracted_at = max(now, timezone.now())
        Retraction.objects.create(public_id=stone.pk, retracted_at=retracted_at)
        announce(PublicEvent.RETRACTED, stone.pk, retracted_at)


def _note_left(incident: Incident, text: str, left: Mapping[str, str] | None, noted: dict[str, Any]) -> None:
    reasons = require_reasons(incident, text, left or {})
    if reasons:
        noted[NOTED_AS] = reasons


def _refuse_unpublishable(incident: Incident, text: str) -> None:
    if incident.verification not in PUBLISHABLE:
        raise DecisionRefused(_("Verify it first: only what is verified is published."))
    if incident.triage in SORTED_OUT:
        raise DecisionRefused(_("It was sorted out: bring it back first."))
    if not incident.harms.exists():
        raise DecisionRefused(_("Say first which harm it is."))
    if any(copied_words(text, report.text) for report in incident.reports.all()):
        raise DecisionRefused(_("This copies the reporter’s own words. Write it in yours."))

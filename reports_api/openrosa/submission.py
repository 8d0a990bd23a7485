"""What Collect sends, read: one report from the XML of a filled form. Nothing of the device is taken."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from math import isfinite
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.conf import settings
from django.utils.translation import gettext as _

from impact.incidents.intake import Consents, ReportDraft
from impact.vocabulary import Channel, Harm
from reports_api.openrosa.form import FORM_ID

LONGEST_FORM = 1_000_000  # bytes: a text of the largest size takes a tenth of it
LONGEST_ID = 249  # of an instance: OpenRosa metadata


class SubmissionError(ValueError):
    """A submission that cannot be a report; `message` says why (translated), to who has the phone."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Submission:
    """`replaces` is the instance that this one is an edit of, or ""."""

    instance: str
    replaces: str
    draft: ReportDraft


def read_submission(xml: bytes, received_at: datetime) -> Submission:
    """Raises SubmissionError."""
    if len(xml) > LONGEST_FORM:
        raise SubmissionError(_("The form is too large: files go beside it."))
    try:
        root = fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise SubmissionError(_("The form cannot be read.")) from None
    if root.get("id") != FORM_ID:
        raise SubmissionError(_("This form is not ours. Get the blank form again."))
    given = {_local(child): (child.text or "") for child in root}
    meta = {_local(child): (child.text or "").strip() for child in root.iter() if not len(child)}
    instance = _identifier(meta.get("instanceID", ""))
    if not instance:
        raise SubmissionError(_("The form has no instanceID."))
    if not given.get("text", "").strip():
        raise SubmissionError(_("Say what happened, in your own words."))
    day = _day(given.get("occurred_on", ""))
    return Submission(
        instance=instance,
        replaces=_identifier(meta.get("deprecatedID", "")),
        draft=ReportDraft(
            channel=Channel.OPENROSA,
            source_key=source_key(instance),
            text=given["text"],
            received_at=received_at,
            place_words=given.get("place_words", "").strip(),
            point=_point(given.get("location", "")),
            occurred_from=day,
            occurred_to=day,
            harms=_harms(given.get("harms", "")),
            consents=Consents(
                follow_up=False,  # there is no way back to the phone
                share=given.get("share", "").strip() == "yes",
                publish=given.get("publish", "").strip() == "yes",
            ),
            is_fictional=settings.DEMO,
        ),
    )


def source_key(instance: str) -> str:
    """Under which the report of an instance is kept, once for ever."""
    return f"openrosa:{sha256(instance.encode()).hexdigest()}"


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _identifier(text: str) -> str:
    return text if text.isascii() and text.isprintable() and len(text) <= LONGEST_ID else ""


def _harms(text: str) -> tuple[Harm, ...]:
    words = tuple(dict.fromkeys(text.split()))
    for word in words:
        if word not in Harm.values:
            raise SubmissionError(_("“%(word)s” is no harm of this form.") % {"word": word[:40]})
    return tuple(Harm(word) for word in words)


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise SubmissionError(_("“%(word)s” is no day.") % {"word": text[:40]}) from None


def _point(text: str) -> tuple[float, float] | None:
    """ODK's geopoint: latitude, longitude, altitude, accuracy, with spaces between."""
    if not text.strip():
        return None
    try:
        latitude, longitude = (float(number) for number in text.split()[:2])
    except ValueError:
        raise SubmissionError(_("“%(word)s” is no point.") % {"word": text[:40]}) from None
    if not (isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
        raise SubmissionError(_("“%(word)s” is no point.") % {"word": text[:40]})
    return longitude, latitude

"""Until when reporters may be written to, where their line allows it for a while only: said beforehand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from impact.incidents.correspondence import Window
from impact.incidents.models import Report
from impact.web.desk.wording import failure_words


@dataclass(frozen=True, slots=True)
class WindowWords:
    """What to know before writing; `is_closed` where the words would not arrive now."""

    text: str
    is_closed: bool


def windows(reports: Iterable[Report]) -> dict[int, Window]:
    """The windows of the reporters of these, by reporter: the telephones' door knows."""
    reporters = {report.reporter_id for report in reports if report.reporter_id is not None}
    found: dict[int, Window] = import_string(settings.WRITING_WINDOWS)(reporters) if reporters else {}
    return found


def window_words(window: Window) -> WindowWords:
    """What becomes of words that are written now, and what to do where they would not arrive."""
    if window.is_open:
        until = _("On WhatsApp they can be written to until %(moment)s.")
        return WindowWords(until % {"moment": _moment(window.closes_at)}, is_closed=False)
    closed = _(
        "They last wrote on WhatsApp on %(moment)s. WhatsApp lets nobody write freely after 24 hours."
    ) % {"moment": _moment(window.heard_at)}
    if not window.can_be_called:
        advice = _(
            "What you write now would not arrive. Wait until they write again, or reach them in another way. "
            "Who runs this site can have a neutral text approved that asks them to write: see docs/sms.md."
        )
    elif window.call:
        advice = _("What you write waits here, and goes out as soon as they write again.")
    else:
        advice = _(
            "What you write waits here, and goes out as soon as they write again. "
            "A text that tells of nothing asks them to."
        )
    return WindowWords(f"{closed} {advice}", is_closed=True)


def waiting_words(window: Window | None) -> str:
    """How far the text came that asks them to write; "" where there is none."""
    if window is None or not window.call or window.called_at is None:
        return ""
    moment = {"moment": _moment(window.called_at)}
    return {
        "queued": _("the text that asks them to is on its way"),
        "sent": _("they were asked to on %(moment)s") % moment,
        "delivered": _("they were asked to on %(moment)s, and that arrived") % moment,
        "failed": _("the text that asks them to did not arrive: %(reason)s")
        % {"reason": failure_words(window.call_error)},
    }[window.call]


def _moment(at: datetime) -> str:
    return date_format(localtime(at), "j M H:i")

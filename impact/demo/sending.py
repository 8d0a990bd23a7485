"""Sending the planned reports through the real intake: by the simulated telephone and by the web."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random

from django.conf import settings
from django.utils.module_loading import import_string

from impact.demo.planning import PlannedReport
from impact.incidents.intake import Consents, ReportDraft, submit_report
from impact.incidents.models import Report
from impact.places.models import ProducingArea
from impact.vocabulary import Channel

Progress = Callable[[int, int], None]  # done, in all


def send_reports(plan: Sequence[PlannedReport], progress: Progress) -> int:
    """Send what was not sent before, the oldest first. Returns how many were sent."""
    keys = [report.source_key for report in plan]
    known = set(Report.objects.filter(source_key__in=keys).values_list("source_key", flat=True))
    waiting = [report for report in plan if report.source_key not in known]
    for done, report in enumerate(waiting, start=1):
        if report.sender:
            # The telephone door is named in the settings: nothing in `impact` imports it.
            simulate_message = import_string(settings.SIMULATE_MESSAGE)
            simulate_message(report.sender, report.text, message_id=report.key, sent_at=report.sent_at)
        else:
            submit_report(_web_draft(report))
        progress(done, len(waiting))
    return len(waiting)


def _web_draft(report: PlannedReport) -> ReportDraft:
    random = Random(report.key)  # noqa: S311  (a story, not a secret)
    names_area = bool(report.harms) and random.random() < 0.5
    area = ProducingArea.objects.filter(source_key=report.area).first() if names_area else None
    names_day = report.occurred_on is not None and random.random() < 0.6
    return ReportDraft(
        channel=Channel.WEB,
        source_key=report.source_key,
        text=report.text,
        received_at=report.sent_at + timedelta(minutes=4),
        area_id=area.pk if area else None,
        occurred_from=report.occurred_on if names_day else None,
        harms=report.harms if random.random() < 0.7 else (),
        consents=Consents(follow_up=random.random() < 0.6, share=True, publish=random.random() < 0.9),
        is_fictional=True,
    )

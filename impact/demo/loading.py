"""Loading the demo: places, invented reports through the real intake, and moderators at work on them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from impact.demo.cast import Cast, make_cast
from impact.demo.exporting import order_exports
from impact.demo.moderating import moderate_reports
from impact.demo.picturing import add_pictures
from impact.demo.planning import planned_reports
from impact.demo.production import invent_production, prepare_desk
from impact.demo.sending import send_reports
from impact.demo.talking import answer_the_line, flood_the_line, take_consent_back, write_letters
from impact.incidents.models import Report
from impact.places.importing.areas import SHIPPED, import_shipped_areas
from impact.places.importing.places import import_shipped_places
from impact.places.models import Place, ProducingArea
from impact.publication.snapshots.taking import take_due_snapshot

Say = Callable[[str, int, int], None]  # what is being done, done, in all


class DemoRefused(Exception):
    """The demo does not belong in this database; the message says why."""


@dataclass(frozen=True, slots=True)
class LoadedDemo:
    """What a run did; all zero when everything was there already."""

    reports: int
    decisions: int
    cast: Cast


def load_demo(count: int, *, say: Say, is_sure: bool = False, now: datetime | None = None) -> LoadedDemo:
    """Fill a database with `count` fictional reports, or complete what an earlier run began.

    Only on a demo or debug installation, unless `is_sure`; never where there is one real report.
    Without the simulator (outside of a demo) all reports come by the web, and nobody can sign in.
    Raises DemoRefused.
    """
    if not (settings.DEMO or settings.DEBUG or is_sure):
        raise DemoRefused("this is not a demo: set HEADLAMP_DEMO=true, or say --yes-fictional")
    if Report.objects.filter(is_fictional=False).exists():
        raise DemoRefused("there are real reports in this database; invented ones never go beside them")
    _ensure_places()
    plan = planned_reports(count, now)
    if not settings.SIMULATOR_ENABLED:
        plan = [replace(report, sender="") for report in plan]
    cast = make_cast(can_sign_in=settings.DEMO or settings.DEBUG)
    sent = send_reports(plan, lambda done, total: say("reports", done, total))
    if settings.SIMULATOR_ENABLED:
        answer_the_line(plan)
        write_letters(plan, cast)
        flood_the_line(now or timezone.now())
    add_pictures()
    decisions = moderate_reports(plan, cast, lambda done, total: say("decisions", done, total))
    take_consent_back()
    invent_production(now or timezone.now())
    prepare_desk(now or timezone.now())
    take_due_snapshot()
    order_exports(cast.advocate)
    # The programs' door is named in the settings: nothing in `impact` imports it.
    import_string(settings.INVENT_PROGRAMS)(cast.administrator)
    return LoadedDemo(reports=sent, decisions=decisions, cast=cast)


def _ensure_places() -> None:
    if not Place.objects.exists():
        import_shipped_places()
    if not ProducingArea.objects.filter(source_name=SHIPPED.source_name).exists():
        import_shipped_areas()

import threading
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from impact.operations.models import Heartbeat
from impact.operations.readiness import readiness
from impact.operations.working import beat, work_once, work_until
from tests.builders import make_area, make_incident

pytestmark = pytest.mark.django_db


LINKING = [
    "impact.incidents.relinking.mark_around_changed_areas",
    "impact.incidents.bulk_linking.link_unlinked",
]


def failing_job() -> int:
    raise RuntimeError("a number: +243 810 000 001")


def test_a_turn_does_what_waits(settings: Settings) -> None:
    settings.WORK = LINKING
    make_area()
    incident = make_incident(linked_at=None, is_compared=True)
    assert work_once() == 2, "looked around the new area, and linked the incident"
    assert incident.area_links.count() == 1
    assert work_once() == 0


def test_a_failing_job_stops_no_other_and_its_words_are_not_logged(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.WORK = [f"{__name__}.failing_job", *LINKING]
    make_incident(linked_at=None, is_compared=True)
    assert work_once() == 1
    assert "RuntimeError" in caplog.text
    assert "810" not in caplog.text


def test_it_stops_when_told() -> None:
    stop = threading.Event()
    stop.set()
    work_until(stop)
    assert not Heartbeat.objects.exists()


def test_readiness_wants_a_worker_seen_lately() -> None:
    assert readiness() == {"database": True, "spatial_library": True, "worker": False}
    beat()
    assert readiness()["worker"]
    Heartbeat.objects.update(beat_at=timezone.now() - timedelta(minutes=5))
    assert not readiness()["worker"]

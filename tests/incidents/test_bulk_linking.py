"""A million at once says what one at a time says."""

from datetime import date

import numpy as np
import pytest

from impact.incidents import bulk_linking
from impact.incidents.bulk_linking import link_waiting
from impact.incidents.linking import link_incident
from impact.incidents.models import AreaLink, Incident, RefusedLink
from impact.incidents.relinking import mark_unlinked
from tests.builders import make_area, make_incident

pytestmark = pytest.mark.django_db
COLUMNS = (
    "incident",
    "area",
    "relation",
    "distance_m",
    "uncertainty_m",
    "share",
    "share_inside",
    "rank",
    "method",
)


@pytest.fixture
def region() -> list[Incident]:
    rng = np.random.default_rng(7)
    for number in range(40):
        x, y = rng.uniform(20, 21), rng.uniform(-7, -6)
        wkt = f"POLYGON(({x} {y},{x + 0.1} {y},{x + 0.05} {y + 0.1},{x} {y}))" if number % 4 == 0 else ""
        make_area(f"Area {number}", x, y, wkt=wkt, accuracy_m=None if number % 3 else 500.0)
    return [
        *(
            make_incident(
                longitude=rng.uniform(20, 21),
                latitude=rng.uniform(-7, -6),
                uncertainty_m=float(rng.choice([0, 500, 8000, 40_000])) or None,
            )
            for _ in range(60)
        ),
        make_incident(longitude=None),
    ]


def links() -> list[tuple[object, ...]]:
    return list(AreaLink.objects.order_by("incident", "rank", "area").values_list(*COLUMNS))


@pytest.mark.parametrize("chunk", [7, 1000])
def test_it_says_what_one_at_a_time_says(
    region: list[Incident], chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_linking, "CHUNK", chunk)
    for incident in region:
        link_incident(incident)
    one_by_one = links()
    assert len(one_by_one) > 200
    mark_unlinked()
    assert link_waiting() == len(region) - 1
    assert links() == one_by_one
    assert not Incident.objects.filter(linked_at__isnull=True).exists()


def test_it_leaves_what_moderators_said(region: list[Incident]) -> None:
    link_waiting()
    first, second, third = AreaLink.objects.filter(rank=0).order_by("pk")[:3]
    AreaLink.objects.filter(pk=first.pk).update(method="moderator")
    RefusedLink.objects.create(incident=second.incident, area=second.area)
    third.area.retired_on = date(2026, 11, 1)
    third.area.save()
    mark_unlinked()
    assert link_waiting() == len(region) - 1
    assert first.incident.area_links.get(area=first.area).method == "moderator"
    assert not second.incident.area_links.filter(area=second.area).exists()
    assert third.incident.area_links.filter(area=third.area).exists()
    assert not Incident.objects.filter(linked_at__isnull=True).exists()


def test_who_asks_while_it_measures_is_not_forgotten(
    region: list[Incident], monkeypatch: pytest.MonkeyPatch
) -> None:
    write = bulk_linking._write

    def write_after_someone_asked(*arguments: object) -> int:
        mark_unlinked()
        return write(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(bulk_linking, "_write", write_after_someone_asked)
    assert link_waiting() == 1, "only the one without a place"
    monkeypatch.undo()
    assert link_waiting() == len(region) - 1


@pytest.mark.django_db(transaction=True)
def test_it_measures_in_processes_of_their_own(
    region: list[Incident], monkeypatch: pytest.MonkeyPatch
) -> None:
    link_waiting()
    alone = links()
    mark_unlinked()
    monkeypatch.setattr(bulk_linking, "CHUNK", 20)
    said: list[int] = []
    assert link_waiting(processes=2, say=said.append) == len(region) - 1
    assert links() == alone
    assert said == sorted(said)
    assert len(said) >= 3

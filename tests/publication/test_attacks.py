"""Local knowledge, a script and patience: no attack comes nearer than what is published anyway."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from impact.accounts.models import User
from impact.publication.models import CountedIncident, PublishedIncident
from impact.publication.publishing import publish_due, retract_incident
from impact.publication.rounding import MINIMUM
from impact.publication.snapshots.taking import snapshot_records, take_due_snapshot, take_snapshot
from tests.publication.attacking import (
    Gain,
    averaging,
    crossing_distances,
    figures_over_time,
    order_tells,
    publish_at,
    republishing,
    searching_boxes,
    searching_circles,
    zooming,
)
from tests.publication.test_publishing import publish, verified

pytestmark = pytest.mark.django_db
NOTHING_M = 5.0  # what five decimals of a degree and a box of that width leave
WHOLE_KM_M = 1000.0  # distances are in whole kilometres: their crossing lies about the middle of the hexagon


def gained(gain: Gain, most_m: float) -> bool:
    print(f"{gain.attack}: {gain.gained_m:.0f} m nearer after {gain.tries} tries")  # noqa: T201  (with -s)
    return gain.off_m > most_m or gain.gained_m > most_m


def test_the_mean_of_two_hundred_witnesses() -> None:
    # Placed by 200 witnesses some hundred metres apart: all in one hexagon, so the mean is its middle.
    assert not gained(averaging(), NOTHING_M)


def test_watching_one_incident_being_corrected() -> None:
    assert not gained(republishing(), NOTHING_M)


def test_halving_a_box_by_its_counts(client: Client) -> None:
    assert not gained(searching_boxes(client), NOTHING_M)


def test_crossing_circles_by_their_counts(client: Client) -> None:
    assert not gained(searching_circles(client), NOTHING_M)


def test_crossing_the_distances_to_producing_areas(client: Client) -> None:
    assert not gained(crossing_distances(client), WHOLE_KM_M)


def test_zooming_in(client: Client) -> None:
    assert not gained(zooming(client), NOTHING_M)


def test_subtracting_figures_over_time_and_filters(client: Client) -> None:
    differences = figures_over_time(client)
    assert {difference % MINIMUM for difference in differences} == {0}
    assert max(differences) >= MINIMUM  # there was something to subtract


def test_a_filter_finer_than_the_cells_counts_nothing_of_what_is_counted_only(client: Client) -> None:
    for _ in range(6):
        publish_at(20.8, -6.4, harms=("sexual_violence",))
    assert client.get("/api/v1/statistics/?by=harm").json()["counts"][0]["count"] == MINIMUM
    for query in (
        "bbox=20,-7,21,-6",
        "near=20.8,-6.4,50",
        "perpetrator=army",
        "from=2026-11",
        "kind=artisanal",
        "area=1",
    ):
        assert client.get(f"/api/v1/statistics/?by=harm&{query}").json()["counts"] == [], query


def test_neither_order_nor_ids_follow_the_days(client: Client) -> None:
    for name, correlation in order_tells(client).items():
        limit = 0.7 if name == "feed" else 0.28  # 50 entries, 300 rows: five standard deviations of chance
        assert correlation < limit, name


def test_two_snapshots_differ_by_what_was_published_and_by_nothing_finer(moderator: User) -> None:
    for _ in range(7):
        publish_at(20.8, -6.4)
        verified(moderator)
    before = take_snapshot()
    publish_at(20.8, -6.4, harms=("sexual_violence",))
    assert take_snapshot().digest == before.digest
    assert take_snapshot().withheld % MINIMUM == 0
    publish(verified(moderator), moderator)
    old = {record["id"] for record in snapshot_records(before)}
    [new] = [record for record in snapshot_records(take_snapshot()) if record["id"] not in old]
    assert (new["occurred_from"], new["occurred_to"]) == ("2026-11-16", "2026-11-22")


def test_no_tag_tells_of_a_case_that_is_only_counted(client: Client, senior: User) -> None:
    addresses = (
        "/",
        "/api/v1/incidents/",
        "/api/v1/statistics/?by=harm",
        "/snapshots/",
        "/feeds/incidents.atom",
    )

    def seen() -> list[tuple[str, bytes]]:
        answers = [client.get(address) for address in addresses]
        return [(answer.headers["ETag"], answer.content) for answer in answers if answer.headers["ETag"]]

    publish(verified(senior), senior)
    publish_due(datetime.now(UTC) + timedelta(days=400))
    take_due_snapshot(datetime.now(UTC) + timedelta(days=400))
    before = [tag for tag, _body in seen()]
    counted = []
    for _ in range(MINIMUM - 1):
        case = verified(senior, harms=("sexual_violence",))
        publish(case, senior)
        case.refresh_from_db()
        counted.append(case)
    assert CountedIncident.objects.count() == MINIMUM - 1
    assert [tag for tag, _body in seen()] == before
    assert take_due_snapshot(datetime.now(UTC) + timedelta(days=401)) == 0  # nor a snapshot of that day
    retract_incident(
        incident=counted[0], moderator=senior, reason="Wrong.", expected_version=counted[0].version
    )
    assert [tag for tag, _body in seen()] == before
    for _ in range(2):
        publish(verified(senior, harms=("sexual_violence",)), senior)
    assert CountedIncident.objects.count() == MINIMUM
    assert not set(before) & {tag for tag, _body in seen()}  # a figure did change


def test_no_answer_carries_a_time_of_change(client: Client, moderator: User, settings: Settings) -> None:
    settings.PUBLICATION_DELAY_DAYS = 3
    today = date.today()  # noqa: DTZ011
    for _ in range(3):
        publish(verified(moderator, occurred_from=today, occurred_to=today), moderator)
    publish_due(datetime.now(UTC) + timedelta(days=40))
    days = set(PublishedIncident.objects.values_list("published_on", flat=True))
    assert {day.weekday() for day in days} == {0}
    assert min(days) > today
    PublishedIncident.objects.update(published_on=today)
    for address in ("/api/v1/incidents/", "/feeds/incidents.atom", "/", "/api/v1/clusters/"):
        assert "Last-Modified" not in client.get(address).headers, address

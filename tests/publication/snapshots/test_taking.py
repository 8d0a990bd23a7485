import gzip
import json
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.publication.filtering import IncidentFilter
from impact.publication.models import PublishedIncident, Snapshot
from impact.publication.publishing import retract_incident
from impact.publication.snapshots.taking import (
    erase_retracted,
    latest_or_new_snapshot,
    retracted_count,
    snapshot_lines,
    snapshot_records,
    take_due_snapshot,
    take_snapshot,
)
from tests.builders import make_incident, make_published
from tests.publication.test_publishing import PUBLIC, publish, verified

pytestmark = pytest.mark.django_db
CHECK = Path(__file__).parents[3] / "docs" / "check_snapshot.py"


def check(file: Path, digest: str) -> "subprocess.CompletedProcess[str]":
    """As a doubter would: the shipped script alone, isolated from everything that is installed."""
    return subprocess.run(
        [sys.executable, "-I", "-S", CHECK, file, digest], capture_output=True, text=True, check=False
    )


def test_anyone_can_recompute_the_digest_with_the_script_alone(tmp_path: Path) -> None:
    for _ in range(3):
        make_published(text='“Pá” \u2028 "retracted":true \n two lines')
    snapshot = take_snapshot()
    lines = snapshot_lines(snapshot)
    file = tmp_path / "lines.jsonl"
    file.write_bytes(lines)
    done = check(file, snapshot.digest)
    assert (done.returncode, done.stdout[:32]) == (0, "3 incidents fit the digest; 0 of")
    records = [json.loads(line) for line in lines.splitlines()]
    assert [record.pop("salt") for record in records] != [""] * 3
    assert records == snapshot_records(snapshot)
    assert "incident_key" not in records[0]

    for spoilt in (
        lines.replace(b'"killed":2', b'"killed":3', 1),
        lines[lines.index(b"\n") + 1 :],
        lines[:-1],
    ):
        file.write_bytes(spoilt)
        assert check(file, snapshot.digest).returncode == 1
    first, second, third = lines.splitlines(keepends=True)
    file.write_bytes(second + first + third)
    assert "order" in check(file, snapshot.digest).stderr


def test_what_is_taken_back_leaves_a_stone_and_the_digest_holds(moderator: User, tmp_path: Path) -> None:
    published = publish(verified(moderator), moderator)
    make_published(text="Another one.")
    snapshot = take_snapshot()
    incident = Incident.objects.get()
    retract_incident(
        incident=incident, moderator=moderator, reason="in danger", expected_version=incident.version
    )
    for is_erased in (False, True):
        if is_erased:
            assert erase_retracted() == 1
            snapshot.refresh_from_db()
            assert PUBLIC.encode() not in gzip.decompress(bytes(snapshot.rows))
        lines = snapshot_lines(snapshot)
        assert PUBLIC.encode() not in lines
        assert f'{{"id":"{published.pk}","retracted":true,"sha256":"'.encode() in lines
        assert retracted_count(snapshot) == 1
        assert len(snapshot_records(snapshot)) == 1
        file = tmp_path / "lines.jsonl"
        file.write_bytes(lines)
        assert (
            check(file, snapshot.digest).stdout
            == "2 incidents fit the digest; 1 of them were taken back since\n"
        )
    assert erase_retracted() == 0


def test_what_was_taken_back_and_published_anew_is_in_new_snapshots_alone(moderator: User) -> None:
    publish(verified(moderator), moderator)
    before = take_snapshot()
    incident = Incident.objects.get()
    incident = retract_incident(
        incident=incident, moderator=moderator, reason="in danger", expected_version=incident.version
    )
    publish(incident, moderator, "People were hurt.")
    assert snapshot_records(before) == []
    assert snapshot_records(take_snapshot())[0]["text"] == "People were hurt."
    erase_retracted()
    assert snapshot_records(Snapshot.objects.get(pk=before.pk)) == []


def test_a_publication_day_has_one_snapshot(moderator: User) -> None:
    assert take_due_snapshot() == 0
    publish(verified(moderator), moderator)
    assert [take_due_snapshot() for _ in range(3)] == [1, 0, 0]
    assert Snapshot.objects.get().is_publication_day
    publish(verified(moderator), moderator)
    assert take_due_snapshot() == 0
    tomorrow = timezone.now() + timedelta(days=1)
    assert [take_due_snapshot(tomorrow) for _ in range(2)] == [1, 0]


def test_a_snapshot_stays_when_what_is_published_changes() -> None:
    published = make_published()
    snapshot = take_snapshot()
    PublishedIncident.objects.filter(pk=published.pk).update(text="changed", country="AO")
    make_published()
    frozen = Snapshot.objects.get(pk=snapshot.pk)
    [record] = snapshot_records(frozen)
    assert record["text"] == "Two people were killed at an artisanal site."
    assert record["country"] == "CD"


def test_the_same_incidents_give_the_same_digest() -> None:
    for _ in range(5):
        make_published()
    assert take_snapshot().digest == take_snapshot().digest


def test_it_counts_what_it_does_not_show(moderator: User) -> None:
    make_published(longitude=None, latitude=None)
    for _ in range(8):
        verified(moderator)
    make_incident()
    snapshot = take_snapshot()
    # In steps of five: otherwise two snapshots would tell the day on which one case was decided.
    assert (snapshot.shown, snapshot.without_place, snapshot.withheld) == (1, 1, 5)


def test_the_filter_is_frozen_with_it() -> None:
    make_published(country="AO")
    make_published()
    snapshot = take_snapshot(IncidentFilter.parse({"country": "AO"}))
    assert snapshot.filter == {"country": "AO"}
    assert snapshot.shown == 1


def test_a_new_snapshot_is_taken_only_when_something_changed() -> None:
    make_published()
    first = latest_or_new_snapshot()
    assert latest_or_new_snapshot() == first
    make_published()
    assert latest_or_new_snapshot() != first


def test_the_command_prints_id_and_digest() -> None:
    make_published()
    out = StringIO()
    call_command("snapshot", "--filter", "theme=violence", "country=CD", stdout=out, stderr=StringIO())
    snapshot = Snapshot.objects.get()
    assert out.getvalue().split() == [snapshot.id, snapshot.digest]
    with pytest.raises(CommandError, match="theme"):
        call_command("snapshot", "--filter", "theme=gossip")


def test_a_snapshot_of_nothing_in_a_demo_is_fictional(settings: Settings) -> None:
    settings.DEMO = False
    assert not take_snapshot(IncidentFilter(country=("BF",))).is_fictional
    settings.DEMO = True
    assert take_snapshot(IncidentFilter(country=("BF",))).is_fictional

import hashlib
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from impact.accounts.models import User
from impact.moderation.deciding import verify_incident
from impact.publication.filtering import IncidentFilter
from impact.publication.models import PublishedIncident, Snapshot
from impact.publication.snapshots import (
    latest_or_new_snapshot,
    snapshot_lines,
    snapshot_records,
    take_snapshot,
)
from tests.builders import make_incident, make_published

pytestmark = pytest.mark.django_db


def test_the_digest_is_that_of_the_lines_that_anyone_can_hash() -> None:
    make_published()
    snapshot = take_snapshot()
    lines = snapshot_lines(snapshot)
    assert hashlib.sha256(lines).hexdigest() == snapshot.digest
    [record] = [json.loads(line) for line in lines.splitlines()]
    assert record == snapshot_records(snapshot)[0]
    assert "incident_key" not in record


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
    verify_incident(incident=make_incident(), moderator=moderator, reason="x", expected_version=1)
    make_incident()
    snapshot = take_snapshot()
    assert (snapshot.shown, snapshot.without_place, snapshot.withheld) == (1, 1, 1)


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

"""Rows written by put-together SQL are what Django itself would have written."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from impact.incidents.models import Incident, IncidentHarm, Report, Reporter
from impact.operations.writing import (
    Change,
    Gathered,
    changing,
    gathering,
    insert_unless_there,
    inserting,
    work_out,
    write,
    write_for_each,
)
from impact.vocabulary import Harm, Triage

pytestmark = pytest.mark.django_db
WHEN = datetime(2026, 11, 23, 12, 0, 1, 5, tzinfo=UTC)


def make(**fields: Any) -> Incident:
    return Incident(
        **{
            "reference": "K7MQ-3XPT",
            "point": Point(20.8, -6.4, srid=4326),
            "people": {"killed": {"low": 1, "high": 2}},
            "place_name": 'l\'Étoile \\ %s "q" ; DROP',
            "uncertainty_m": 12.5,
            "triage": Triage.TRIAGED,
            "occurred_from": WHEN.date(),
            "received_at": WHEN,
            **fields,
        }
    )


def columns_of(incident: Incident) -> dict[str, Any]:
    fresh = Incident.objects.get(pk=incident.pk)
    values = {field.name: getattr(fresh, field.attname) for field in Incident._meta.concrete_fields}
    return {name: value for name, value in values.items() if name not in {"id", "reference", "updated_at"}}


def test_it_writes_every_column_as_django_does() -> None:
    ours, django = make(), make(reference="K7MQ-3XPU")
    write(inserting(ours))
    django.save()
    assert columns_of(ours) == columns_of(django)
    assert columns_of(ours)["point"] == Point(20.8, -6.4, srid=4326)
    assert ours.updated_at is not None


def test_what_is_empty_is_written_as_empty() -> None:
    ours, django = make(point=None, people={}), make(reference="K7MQ-3XPU", point=None, people={})
    write(inserting(ours))
    django.save()
    assert columns_of(ours) == columns_of(django)
    assert columns_of(ours)["point"] is None


def test_rows_of_several_tables_go_out_in_their_order_with_a_statement_for_each_table() -> None:
    incident = make()
    harms = [
        IncidentHarm(incident=incident, harm=harm, rank=rank)
        for rank, harm in enumerate((Harm.KILLING, Harm.ARREST))
    ]
    with CaptureQueriesContext(connection) as queries:
        write(inserting(incident), None, inserting(*harms))
    assert incident.harm_codes == [Harm.KILLING, Harm.ARREST]
    assert len(queries) == 2


def test_nothing_to_write_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as queries:
        write(None)
    assert len(queries) == 0


def test_it_changes_the_named_fields_alone() -> None:
    incident = make()
    write(inserting(incident))
    incident.place_name, incident.country, incident.people = "Tongo", "SL", {}
    write(changing(incident, "country", "people"))
    assert (columns_of(incident)["country"], columns_of(incident)["people"]) == ("SL", {})
    assert columns_of(incident)["place_name"].startswith("l'")
    write(changing(incident))
    assert columns_of(incident)["place_name"] == "Tongo"


def test_a_row_that_is_there_is_told_and_not_written_again() -> None:
    first, second = Reporter(pseudonym="Amber Heron 1"), Reporter(pseudonym="Amber Heron 1")
    assert insert_unless_there(first, by="pseudonym")
    assert Reporter.objects.get() == first
    assert not insert_unless_there(second, by="pseudonym")
    assert second.pk is None
    write(inserting(second, unless_there=True))
    assert Reporter.objects.count() == 1


def test_a_statement_that_fails_takes_the_others_with_it() -> None:
    incident = make()
    with pytest.raises(IntegrityError), transaction.atomic():
        write(inserting(incident), inserting(make(reference=incident.reference)))
    assert Incident.objects.count() == 0


def test_what_is_gathered_is_written_when_it_is_carried_out_and_each_table_once() -> None:
    first, second, there = make(), make(reference="K7MQ-3XPU"), make(reference="K7MQ-3XPW")
    write(inserting(there))
    gathered, other = Gathered(), Gathered()
    with CaptureQueriesContext(connection) as queries:
        for incident, into in ((first, gathered), (second, other)):
            with gathering(into):
                write(
                    inserting(incident), inserting(IncidentHarm(incident=incident, harm=Harm.ARREST, rank=0))
                )
        with gathering(gathered):
            there.country = "SL"
            write(changing(there, "country"))
    assert len(queries) == 0
    with CaptureQueriesContext(connection) as queries:
        Gathered([*gathered.changes, *other.changes]).carry_out()
    assert len(queries) == 3
    assert set(Incident.objects.values_list("country", flat=True)) == {"", "SL"}
    assert IncidentHarm.objects.count() == 2


def test_a_row_that_is_stored_later_has_what_was_changed_about_it_meanwhile() -> None:
    incident, gathered = make(), Gathered()
    with gathering(gathered):
        incident.country = "SL"
        write(changing(incident, "country"))
    assert gathered.changes == []
    write(inserting(incident))
    assert Incident.objects.get().country == "SL"


def test_a_row_finds_the_key_of_one_that_was_stored_after_it_was_made() -> None:
    reporter = Reporter(pseudonym="Amber Heron 1")
    report = Report(incident=make(), reporter=reporter, reference="K7MQ-3XPT", received_at=WHEN, text="words")
    assert insert_unless_there(reporter, by="pseudonym")
    write(inserting(report.incident), inserting(report))
    assert Report.objects.get().reporter == reporter
    assert report.reporter_id == reporter.pk


def test_work_is_done_once_for_all_rows_and_each_gathering_has_its_own_change() -> None:
    asked: list[int] = []

    def harming(incidents: Sequence[Incident]) -> list[Change | None]:
        asked.append(len(incidents))
        return [
            inserting(IncidentHarm(incident=incident, harm=Harm.ARREST, rank=0)) if incident.country else None
            for incident in incidents
        ]

    incidents = [make(), make(reference="K7MQ-3XPU", country="SL")]
    many = [Gathered(), Gathered()]
    for incident, into in zip(incidents, many, strict=True):
        with gathering(into):
            write(inserting(incident))
            write_for_each(harming, incident)
    work_out(many)
    assert asked == [2]
    assert [len(gathered.changes) for gathered in many] == [1, 2]
    for gathered in many:
        gathered.carry_out()
    assert IncidentHarm.objects.get().incident == incidents[1]
    write_for_each(harming, incidents[0])
    assert asked == [2, 1]

import threading
from datetime import date, timedelta

import pytest
from django.db import connection

from impact.incidents.intake import DraftError, enter_report, submit_report
from impact.incidents.models import Incident, Report
from impact.incidents.reporter import new_reporter
from impact.vocabulary import Harm
from tests.builders import NOW, make_area, make_draft, make_place, take_in

pytestmark = pytest.mark.django_db


def test_a_text_is_kept_as_sent_read_placed_and_linked() -> None:
    make_place()
    make_area()
    text = "Hier à Tshikapa les militaires ont tué 2 creuseurs  "
    receipt = take_in(text, sender_country="CD")
    report = Report.objects.get(pk=receipt.report_id)
    incident = report.incident
    assert report.text == text
    assert report.language == "fr"
    assert incident.harm_codes[0] == "killing"
    assert incident.people == {"killed": {"low": 2, "high": 2}}
    assert incident.perpetrator == "army"
    assert incident.occurred_from == date(2026, 11, 22)
    assert incident.place_name.startswith("Tshikapa")
    assert incident.country == "CD"
    assert incident.uncertainty_m
    assert [link.area.name for link in incident.area_links.all()] == ["Tshikapa pits"]
    assert incident.reliability + incident.credibility == "F6"


def test_a_report_that_was_just_made_knows_what_its_record_says() -> None:
    make_place("Tshikapa", 20.8, -6.4, "CD")
    made, _ = enter_report(make_draft(text="Soldiers shot two men at Tshikapa yesterday"))
    kept = Report.objects.get(pk=made.pk)
    assert made.understood is not None
    assert made.understood.place is not None
    assert made.understood == kept.understood
    assert made.understanding == kept.understanding
    kept.understanding = made.understanding = {"a record": "of another version"}
    assert kept.understood is None
    assert made.understood is not None  # not read again


def test_what_cannot_be_read_still_becomes_a_report() -> None:
    receipt = take_in("zzz qqq")
    incident = Incident.objects.get()
    assert incident.reference == receipt.reference
    assert incident.harm_codes == []
    assert incident.point is None
    assert incident.linked_at is not None


def test_the_same_source_key_is_the_same_report_for_ever() -> None:
    draft = make_draft(source_key="twilio:SM1")
    first, second = submit_report(draft), submit_report(draft)
    assert first.is_new
    assert not second.is_new
    assert (first.reference, first.follow_up_code) == (second.reference, second.follow_up_code)
    assert Report.objects.count() == Incident.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_thirty_two_at_once_make_one_report() -> None:
    draft = make_draft(source_key="twilio:SM-race")
    barrier = threading.Barrier(32)
    references: list[str] = []
    failures: list[BaseException] = []

    def send() -> None:
        barrier.wait()
        try:
            references.append(submit_report(draft).reference)
        except BaseException as error:  # noqa: BLE001  (the assertion below shows it)
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(references) == 32
    assert len(set(references)) == 1
    assert Report.objects.count() == Incident.objects.count() == 1


def test_what_the_reporter_chose_goes_before_what_was_read() -> None:
    make_place()
    receipt = take_in(
        "Soldiers shot two men at Tshikapa yesterday",
        point=(21.5, -7.0),
        occurred_from=date(2026, 11, 1),
        occurred_to=date(2026, 11, 30),
        harms=(Harm.INJURY,),
    )
    incident = Report.objects.get(pk=receipt.report_id).incident
    assert incident.point is not None
    assert (incident.point.x, incident.point.y) == (21.5, -7.0)
    assert incident.place_method == "reporter_point"
    assert incident.country == "CD"
    assert incident.harm_codes == ["injury"]
    assert incident.occurred_precision == "month"


def test_a_place_from_the_list_is_taken_as_chosen() -> None:
    place = make_place("Koidu", 10.97, 8.64, "SL", radius_m=4000)
    take_in("they took our stones", place_id=place.pk)
    incident = Incident.objects.get()
    assert (incident.place_name, incident.country, incident.uncertainty_m) == ("Koidu", "SL", 4000)


def test_the_words_for_a_place_are_read_as_a_place() -> None:
    make_place()
    take_in("they took our stones", place_words="tshikapa")
    incident = Incident.objects.get()
    assert incident.place_name == "Tshikapa"
    assert incident.place_words == "tshikapa"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("text", {"text": " \n "}),
        ("text", {"text": "a" * 20_001}),
        ("point", {"point": (0.0, 0.0)}),
        ("point", {"point": (200.0, 1.0)}),
        ("occurred_to", {"occurred_from": date(2026, 11, 2), "occurred_to": date(2026, 11, 1)}),
        ("occurred_from", {"occurred_from": NOW.date() + timedelta(days=3)}),
    ],
)
def test_it_names_what_cannot_be_taken(field: str, values: dict[str, object]) -> None:
    with pytest.raises(DraftError) as caught:
        take_in(**values)  # type: ignore[arg-type]
    assert caught.value.field == field
    assert not Report.objects.exists()


def test_a_name_that_is_twice_is_where_the_reporter_usually_is() -> None:
    reporter = new_reporter()
    make_place("Boda", 17.469, 4.319, "CF", population=900)
    make_place("Boda", 16.0, 7.9, "CF", population=900)
    make_place("Paoua", 16.44, 7.25, "CF")
    take_in("soldiers beat us in Paoua", reporter_id=reporter.pk, sender_country="CF")
    again = take_in("they beat a man in Boda", reporter_id=reporter.pk, sender_country="CF")
    incident = Incident.objects.get(reference=again.reference)
    assert incident.point is not None
    assert round(incident.point.x, 1) == 16.0
    somebody = take_in("they beat a man at Boda", sender_country="CF")
    other = Incident.objects.get(reference=somebody.reference)
    assert other.point is not None
    assert round(other.point.x, 1) == 17.5

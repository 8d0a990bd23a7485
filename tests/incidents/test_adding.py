from datetime import date
from typing import Any

import pytest

from impact.accounts.models import User
from impact.incidents.adding import DraftError, SaidLater, add_to_report
from impact.incidents.asking import Choice
from impact.incidents.models import AreaLink, Incident, Message, Report
from impact.moderation.deciding import triage_incident
from impact.understanding.answers import Asked
from impact.vocabulary import Channel, PlaceMethod, Triage
from tests.builders import NOW, make_area, make_place, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    make_place("Tshikapa")
    make_place("Kolwezi", 25.466, -10.715)


def say(text: str, kind: Message.Kind = Message.Kind.ADDITION, **fields: Any) -> Message:
    return add_to_report(
        SaidLater(
            **{
                "report_id": Report.objects.get().pk,
                "kind": kind,
                "channel": Channel.SMS,
                "source_key": f"twilio:{text}",
                "text": text,
                "said_at": NOW,
                **fields,
            }
        )
    )


def answer(text: str, asked: Asked, **fields: Any) -> Message:
    return say(text, Message.Kind.ANSWER, asked=asked, **fields)


def case() -> Incident:
    return Incident.objects.get()


def test_the_report_stays_as_sent_and_the_words_lie_beside_it() -> None:
    take_in("Soldiers shot two men", sender_country="CD")
    before = Report.objects.values().get()
    message = answer("Tshikapa", Asked.WHERE)
    assert Report.objects.values().get() == before
    assert (message.text, message.kind, message.asked, message.has_changed_case) == (
        *("Tshikapa", "answer", "where", True),
    )


def test_an_answer_to_where_places_the_case_and_links_it_again() -> None:
    area = make_area("Tshikapa pits", 20.81, -6.41)
    take_in("Soldiers shot two men", sender_country="CD")
    answer("Tshikapa", Asked.WHERE)
    assert (case().place_name, case().place_method) == ("Tshikapa", PlaceMethod.GAZETTEER)
    assert AreaLink.objects.get().area == area


def test_a_chosen_place_goes_before_the_words() -> None:
    place = make_place("Kamonia", 20.95, -6.63)
    take_in("Soldiers shot two men at Tshikapa", sender_country="CD")
    answer("2", Asked.WHICH, choice=Choice("Kamonia", place_id=place.pk))
    assert case().place_name == "Kamonia"


def test_none_of_the_places_leaves_the_case_without_one() -> None:
    make_area("Tshikapa pits", 20.81, -6.41)
    take_in("Soldiers shot two men at Tshikapa", sender_country="CD")
    answer("0", Asked.WHICH, is_none_of_them=True)
    assert (case().point, case().place_name, AreaLink.objects.count()) == (None, "", 0)


def test_a_location_that_was_shared_is_where_it_was() -> None:
    take_in("Soldiers shot two men", sender_country="CD")
    answer("[no words, a location]", Asked.WHEN, point=(20.8, -6.4))
    assert case().point is not None
    assert case().place_method == PlaceMethod.REPORTER_POINT


def test_an_answer_that_nobody_can_place_is_kept_as_the_words_for_it() -> None:
    take_in("Soldiers shot two men", sender_country="CD")
    answer("Kwa Mulongo", Asked.WHERE)
    assert (case().point, case().place_words) == (None, "Kwa Mulongo")


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        (Asked.WHEN, "hier", {"occurred_from": date(2026, 11, 22), "occurred_precision": "day"}),
        (Asked.PEOPLE, "3", {"people": {"affected": {"low": 3, "high": 3}}}),
        (Asked.WHO, "police", {"perpetrator": "police"}),
    ],
)
def test_an_answer_fills_in_what_was_asked(asked: Asked, text: str, expected: dict[str, Any]) -> None:
    take_in("They burned houses at Tshikapa", sender_country="CD")
    answer(text, asked)
    assert {name: getattr(case(), name) for name in expected} == expected


def test_more_words_fill_in_and_override_nothing() -> None:
    take_in("Soldiers shot two men at Tshikapa yesterday", sender_country="CD")
    say("police burned houses at Kolwezi today, 5 injured")
    assert (case().place_name, case().occurred_from, case().perpetrator) == (
        *("Tshikapa", date(2026, 11, 22), "army"),
    )
    assert case().harm_codes == ["injury", "eviction"]
    assert "injured" in case().people


def test_a_correction_overrides_one_field() -> None:
    take_in("Soldiers shot two men at Tshikapa yesterday", sender_country="CD")
    say("K place Kolwezi", Message.Kind.CORRECTION, asked=Asked.WHERE, words="Kolwezi")
    assert (case().place_name, case().occurred_from) == ("Kolwezi", date(2026, 11, 22))


def test_a_correction_to_a_place_that_nobody_knows_takes_the_wrong_point_away() -> None:
    take_in("Soldiers shot two men at Tshikapa yesterday", sender_country="CD")
    say("K place Kwa Mulongo", Message.Kind.CORRECTION, asked=Asked.WHERE, words="Kwa Mulongo")
    assert (case().point, case().place_words) == (None, "Kwa Mulongo")


def test_after_a_decision_no_text_changes_the_case(moderator: User) -> None:
    take_in("Soldiers shot two men at Tshikapa yesterday", sender_country="CD")
    triage_incident(
        incident=case(), moderator=moderator, triage=Triage.TRIAGED, reason="read", expected_version=1
    )
    message = say("K place Kolwezi", Message.Kind.CORRECTION, asked=Asked.WHERE, words="Kolwezi")
    assert case().place_name == "Tshikapa"
    assert not message.has_changed_case


def test_words_from_another_telephone_are_kept_and_change_nothing() -> None:
    take_in("Soldiers shot two men at Tshikapa yesterday", sender_country="CD")
    message = say(
        *("K place Kolwezi", Message.Kind.CORRECTION),
        asked=Asked.WHERE, words="Kolwezi", is_same_reporter=False,
    )  # fmt: skip
    assert case().place_name == "Tshikapa"
    assert (message.has_changed_case, message.is_same_reporter) == (False, False)


def test_the_same_message_twice_is_one() -> None:
    take_in("They burned houses", sender_country="CD")
    assert answer("3", Asked.PEOPLE) == answer("3", Asked.PEOPLE)
    assert Message.objects.count() == 1


@pytest.mark.parametrize("text", ["", "  ", "x" * 20_001])
def test_what_cannot_be_kept_is_refused(text: str) -> None:
    take_in("They burned houses", sender_country="CD")
    with pytest.raises(DraftError):
        say(text, source_key="twilio:one")
    assert not Message.objects.exists()


def test_later_words_are_found_and_weigh_in_how_urgent_it_is() -> None:
    take_in("They burned houses at Tshikapa", sender_country="CD")
    before = case().urgency
    say("they are killing people now, three children died")
    assert case().urgency > before
    assert "children" in case().search_entry.document

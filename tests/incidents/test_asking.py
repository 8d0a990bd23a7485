import pytest

from impact.incidents.asking import Question, next_question
from impact.incidents.models import Report
from impact.understanding.answers import Asked
from tests.builders import make_area, make_place, take_in

pytestmark = pytest.mark.django_db


def question(text: str, *already: str, country: str = "SL") -> Question | None:
    receipt = take_in(text, sender_country=country)
    return next_question(Report.objects.select_related("incident").get(pk=receipt.report_id), already)


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    make_place("Koidu", -10.971, 8.644, "SL", region="Kono", population=128_000)
    make_place("Koindu", -10.337, 8.461, "SL", region="Kailahun", population=15_000)


def test_a_complete_report_is_asked_nothing() -> None:
    assert question("Police beat two men at Koidu yesterday") is None


def test_where_goes_before_what_and_what_before_when() -> None:
    assert question("Police came") == Question(Asked.WHERE)
    assert question("They did it to us again and again", Asked.WHERE) == Question(Asked.WHAT)
    assert question("Police beat two men at Koidu") == Question(Asked.WHEN)


def test_nothing_is_asked_twice() -> None:
    assert question("Police beat two men", Asked.WHERE) == Question(Asked.WHEN)
    assert question("Police beat two men", Asked.WHERE, Asked.WHEN) is None


def test_a_name_that_may_be_two_places_is_a_choice_between_them() -> None:
    asked = question("Police beat two men at Koidoo yesterday")
    assert asked is not None
    assert asked.asked is Asked.WHICH
    assert [choice.label for choice in asked.choices] == ["Koidu, Kono", "Koindu, Kailahun"]


def test_two_places_of_one_name_are_told_apart_by_what_lies_around() -> None:
    make_place("Kamina", 25.0, -8.7, "CD", region="Haut-Lomami", population=60_000)
    make_place("Kamina", 20.9, -6.4, "CD", region="Kasai", population=60_000)
    asked = question("Soldats ont frappé deux hommes à Kamina hier", country="CD")
    assert asked is not None
    assert {choice.label for choice in asked.choices} == {"Kamina, Haut-Lomami", "Kamina, Kasai"}


def test_a_town_and_its_mine_are_one_answer() -> None:
    make_area("Koidu pits", -10.98, 8.65, country="SL", aliases=["Koidu"])
    assert question("Police beat two men at Koidu yesterday") is None


def test_a_threat_of_what_is_to_come_has_no_day() -> None:
    assert question("They will kill us at Koidu if we talk") is None


def test_what_is_no_report_is_asked_nothing() -> None:
    assert question("Please send me airtime") is None

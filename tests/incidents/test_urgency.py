from datetime import date
from typing import Any

import pytest

from impact.incidents.urgency import assess_urgency

TODAY = date(2026, 11, 23)


def reasons(text: str, *harms: str, **fields: Any) -> list[str]:
    given = {"people": {}, "occurred_to": None, "received_on": TODAY, **fields}
    return [str(reason) for reason in assess_urgency(harms=harms, texts=[text], **given).reasons]


@pytest.mark.parametrize(
    ("text", "harm"),
    [
        ("Soldiers are beating diggers right now at the pit", "injury"),
        ("En ce moment les militaires tirent", "killing"),
        ("Ils sont coincés sous la terre, au secours", "unsafe_work"),
        ("Agora estão a bater nos garimpeiros", "injury"),
        ("Watu wamekwama kwenye shimo", "unsafe_work"),
        ("L’armée tire à l'instant", "killing"),
    ],
)
def test_danger_now_is_heard_in_every_language_and_goes_first(text: str, harm: str) -> None:
    assert reasons(text, harm)[0] == "danger_now"


def test_now_is_no_danger_without_a_dangerous_harm_or_long_after() -> None:
    assert reasons("The river is red now, maintenant", "water_pollution") == []
    assert reasons("They are trapped right now", "unsafe_work", occurred_to=date(2026, 11, 2)) == []


def test_now_in_later_words_is_a_danger_however_old_the_event() -> None:
    old = date(2026, 11, 2)
    assert reasons("Soldiers came", "threats", occurred_to=old) == ["threats"]
    later = reasons("Soldiers came", "threats", occurred_to=old, later_texts=["They are back right now"])
    assert later == ["danger_now", "threats"]
    assert reasons("Red water", "water_pollution", later_texts=["It is red right now"]) == []


@pytest.mark.parametrize(
    "text",
    ["They beat two boys", "Des enfants battus", "Crianças espancadas", "Watoto walipigwa", "Bana babeti"],
)
def test_children_are_heard_where_people_are_harmed(text: str) -> None:
    assert reasons(text, "injury") == ["children"]
    assert reasons(text, "river_damage") == []


def test_killing_is_known_by_its_harm_or_by_the_dead() -> None:
    assert reasons("", "killing") == ["killing"]
    assert reasons("", "injury", people={"killed": {"low": 0, "high": 1}}) == ["killing"]
    assert reasons("", "injury", people={"killed": {"low": 0, "high": 0}}) == []
    assert reasons("", "unsafe_work", people={"killed": {"low": 3, "high": 3}}) == []


def test_the_score_sorts_danger_before_all_others_together() -> None:
    def score(text: str, *harms: str) -> int:
        return assess_urgency(harms=harms, texts=[text], people={}, occurred_to=None, received_on=TODAY).score

    together = score("children", "killing", "sexual_violence", "threats")
    assert score("help us", "injury") >= together > score("", "killing") > score("", "threats") > 0
    assert score("", "air_noise") == 0

"""The plan of the demo: enough invented material, well-formed, and the same every time."""

import csv
from collections import Counter
from datetime import timedelta

import phonenumbers
import pytest

from impact.demo.planning import SPAN_DAYS, Outcome, planned_reports
from impact.demo.scenery import LANGUAGES, hard_cases, hot_spots, phrasebook
from impact.places.importing.areas import SHIPPED_FILE
from impact.vocabulary import Harm, Theme, theme_of
from tests.builders import NOW

SLOTS = {"place": "Somewhere", "day": "today", "n": 3, "who": "they"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_many_messages_in_every_language(language: str) -> None:
    book = phrasebook(language)
    assert len({template.text for template in book.templates}) >= 60
    assert {harm for template in book.templates for harm in template.harms} == set(Harm) - {Harm.OTHER}
    for template in book.templates:
        assert "{" not in template.text.format(**SLOTS)
        assert ("{who}" in template.text) == bool(template.by)
        assert ("{n}" in template.text) == bool(template.people)
        assert set(template.by) <= book.who.keys()


def test_its_places_are_areas_that_ship() -> None:
    with SHIPPED_FILE.open(encoding="utf-8") as lines:
        shipped = {row["id"] for row in csv.DictReader(lines)}
    assert {spot.area for spot in hot_spots()} <= shipped
    assert {case.area for case in hard_cases()} <= shipped


def test_it_is_the_same_every_time() -> None:
    assert planned_reports(120, NOW) == planned_reports(120, NOW)


def test_a_larger_demo_holds_the_smaller_one() -> None:
    smaller = {report.key: report for report in planned_reports(50, NOW)}
    larger = {report.key: report for report in planned_reports(150, NOW)}
    assert len(larger) == 150
    assert smaller.items() <= larger.items()


def test_its_identifiers_stay_from_day_to_day() -> None:
    later = NOW + timedelta(days=40)
    assert {report.source_key for report in planned_reports(80, NOW)} == {
        report.source_key for report in planned_reports(80, later)
    }


def test_its_shares_are_believable() -> None:
    plan = planned_reports(500, NOW)
    themes = Counter(theme_of(report.harms[0]) for report in plan if report.harms)
    outcomes = Counter(report.outcome for report in plan)
    assert themes.keys() == set(Theme) - {Theme.OTHER}
    assert themes.most_common(1)[0][0] == Theme.VIOLENCE
    assert 0.5 < outcomes[Outcome.PUBLISHED] / 500 < 0.7
    assert 40 <= outcomes[Outcome.NEW] <= 90
    assert outcomes.keys() == set(Outcome)
    assert all(timedelta() < NOW - report.sent_at < timedelta(days=SPAN_DAYS + 2) for report in plan)
    assert len({report.area[:2] for report in plan}) >= 12


def test_its_numbers_can_exist_in_their_countries() -> None:
    for report in planned_reports(500, NOW):
        if report.sender:
            number = phonenumbers.parse(report.sender)
            assert phonenumbers.is_possible_number(number)
            assert phonenumbers.region_code_for_number(number) == report.area[:2].upper()

from typing import Any
from uuid import uuid4

import pytest

from impact.incidents.models import Incident, Report, Reporter
from impact.incidents.references import new_reference
from impact.moderation.sources import independent_sources
from tests.builders import NOW, make_incident

pytestmark = pytest.mark.django_db


def add_report(incident: Incident, text: str, **fields: Any) -> Report:
    return Report.objects.create(
        **{
            "incident": incident,
            "reference": new_reference(),
            "follow_up_digest": uuid4().hex,
            "channel": "sms",
            "source_key": f"test:{uuid4()}",
            "text": text,
            "received_at": NOW,
            **fields,
        }
    )


def sources(*reports: tuple[str, Reporter | None]) -> int:
    incident = make_incident(text=reports[0][0])
    incident.reports.update(reporter=reports[0][1])
    for text, reporter in reports[1:]:
        add_report(incident, text, reporter=reporter)
    return len(independent_sources(incident))


@pytest.fixture
def heron() -> Reporter:
    return Reporter.objects.create(pseudonym="Amber Heron 42")


@pytest.fixture
def ibis() -> Reporter:
    return Reporter.objects.create(pseudonym="Jade Ibis 7")


def test_two_people_in_their_own_words_are_two_sources(heron: Reporter, ibis: Reporter) -> None:
    assert sources(("Soldiers shot two men at the pit", heron), ("Deux creuseurs tués hier", ibis)) == 2
    assert sources(("Soldiers shot two men at the pit", None), ("Deux creuseurs tués hier", None)) == 2


def test_the_same_reporter_is_one_source_whatever_the_words(heron: Reporter) -> None:
    assert sources(("Soldiers shot two men", heron), ("Les militaires sont revenus ce soir", heron)) == 1


@pytest.mark.parametrize(
    "again",
    [
        "Soldiers shot two men at the pit near Tshikapa",
        "SOLDIERS SHOT TWO MEN at the pit near Tshikapa!!",
        "Please share: soldiers shot two men at the pit near Tshikapa",
        "Soldiers shot two men at thé pit near Tsikapa",
    ],
)
def test_a_text_sent_on_is_one_source_whoever_sends_it(again: str, heron: Reporter, ibis: Reporter) -> None:
    assert sources(("Soldiers shot two men at the pit near Tshikapa", heron), (again, ibis)) == 1


def test_sources_join_through_a_third(heron: Reporter, ibis: Reporter) -> None:
    text = "Soldiers shot two men at the pit near Tshikapa"
    assert sources((text, heron), ("Ils ont brûlé le village aussi", ibis), (text, ibis)) == 1

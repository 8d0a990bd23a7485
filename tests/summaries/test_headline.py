from datetime import date
from uuid import uuid4

import pytest
from django.utils import translation

from impact.publication.filtering import IncidentFilter
from impact.publication.models import CountedIncident
from impact.summaries.headline import headline
from impact.summaries.tally import tally
from tests.builders import make_area, make_published

pytestmark = pytest.mark.django_db


def test_the_sentence_claims_what_was_counted() -> None:
    pits, mine = make_area(kind="artisanal"), make_area(name="Mine", kind="industrial")
    make_published(areas=((pits, 1000.0), (mine, 2000.0)))
    make_published(areas=((pits, 1000.0),), perpetrator="company")
    make_published(perpetrator="police", verification="partially_corroborated")
    make_published(
        perpetrator="unknown",
        occurred_from=date(2025, 2, 3),
        occurred_to=date(2025, 2, 9),
        areas=((mine, 5000.0),),
    )
    said = headline(tally())
    assert said.sentence == (
        "4 published incidents (3 verified), 3 of them near 2 producing areas, "
        "February 2025 to November 2026; 2 of them involve public or private security forces."
    )
    assert (said.incidents, said.verified, said.areas, said.by_security_forces) == (4, 3, 2, 2)
    assert headline(tally(IncidentFilter.parse({"perpetrator": "unknown"}))).areas == 1


@pytest.mark.parametrize(
    ("forces", "total", "said"),
    [
        (9, 12, "3 of 4 (9) involve"),
        (25, 99, "about 1 of 4 (25) involve"),
        (3, 4, "3 of them involve"),  # too few for a share
        (9, 20, "9 of them involve"),  # near no small share
        (1, 12, "1 of them involves"),
    ],
)
def test_a_share_is_said_where_it_is_so(forces: int, total: int, said: str) -> None:
    for number in range(total):
        make_published(perpetrator="army" if number < forces else "company")
    sentence = headline(tally()).sentence
    assert sentence == (
        f"{total} verified incidents, November 2026; {said} public or private security forces."
    )


def test_the_sentence_of_one_and_of_none() -> None:
    assert headline(tally()).sentence == "Nothing is published yet."
    make_published(perpetrator="unknown")
    assert headline(tally()).sentence == "1 verified incident, November 2026."
    assert (
        headline(tally(IncidentFilter.parse({"country": "SL"}))).sentence == "Nothing that is published fits."
    )


def test_what_is_told_in_counts_only_is_said_rounded_and_never_by_a_finer_filter() -> None:
    for _number in range(7):
        CountedIncident.objects.create(incident_key=uuid4(), harm="sexual_violence", country="CD", year=2026)
    make_published()
    assert headline(tally()).counted_only == 5
    assert headline(tally()).counted_sentence.startswith("At least 5 more harms")
    assert headline(tally(IncidentFilter.parse({"bbox": "20,-7,21,-6"}))).counted_sentence == ""


@pytest.mark.parametrize("language", ["fr", "pt", "sw"])
def test_it_is_said_in_each_language(language: str) -> None:
    for number in range(12):
        make_published(perpetrator="army" if number < 9 else "company")
    with translation.override(language):
        sentence = headline(tally()).sentence
    assert "12" in sentence
    assert "(9)" in sentence
    assert "involve public" not in sentence
    assert " of " not in sentence

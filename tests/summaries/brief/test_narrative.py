"""What the sentences say where there is nothing to say."""

import pytest

from impact.publication.filtering import IncidentFilter
from impact.publication.published import published_incidents, published_properties
from impact.summaries.brief.figures import brief_figures
from impact.summaries.brief.narrative import five_sentences, period_of
from impact.summaries.brief.options import BriefOptions
from tests.builders import make_published

pytestmark = pytest.mark.django_db


def test_where_nothing_is_published_it_says_so_and_counts_no_noughts() -> None:
    options = BriefOptions(country="BF")
    figures = brief_figures([], options)
    sentences = five_sentences(figures, options)
    assert sentences == [
        "No incident beside mines in Burkina Faso was published for what was chosen here.",
        "That nothing is published does not mean that nothing happened.",
        "There is nothing to publish where nobody can report, or where nothing could be verified.",
    ]
    assert period_of(figures) == "nothing published"


def test_an_advocates_own_sentences_stay_all_there() -> None:
    options = BriefOptions(sentences=((2, "We went there."), (5, "We ask for access.")))
    sentences = five_sentences(brief_figures([], options), options)
    assert sentences[1] == "We went there."
    assert sentences[-1] == "We ask for access."


def test_who_died_in_a_collapsed_pit_is_told_from_who_was_killed_by_people() -> None:
    def second_sentence() -> str:
        records = [published_properties(one) for one in published_incidents(IncidentFilter())]
        return five_sentences(brief_figures(records, BriefOptions()), BriefOptions())[1]

    make_published(harms=("killing", "injury"), killed=2)
    assert "at least 2 killed;" in second_sentence()
    make_published(harms=("unsafe_work",), killed=9)
    make_published(harms=("extortion",), killed=None)
    assert "at least 11 killed (2 of them in killings);" in second_sentence()

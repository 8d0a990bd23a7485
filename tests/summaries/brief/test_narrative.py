"""What the sentences say where there is nothing to say."""

import pytest

from impact.summaries.brief.figures import brief_figures
from impact.summaries.brief.narrative import five_sentences, period_of
from impact.summaries.brief.options import BriefOptions

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

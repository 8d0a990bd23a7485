from impact.places.gazetteer import Gazetteer
from impact.understanding.facts import Hints
from impact.understanding.reading import read_text
from impact.vocabulary import Harm
from tests.builders import NOW

NOWHERE = Gazetteer([])


def test_words_of_one_harms_phrases_give_an_unsure_guess() -> None:
    text = "our cocoyam, yam, cassava and plantain, they did all with that grader"
    read = read_text(text, Hints(NOW, "GH"), NOWHERE)
    assert [found.harm for found in read.harms] == [Harm.LAND_DAMAGE]
    assert read.harms[0].confidence < 0.5
    shown = {text[span.start : span.end] for span in read.harms[0].spans}
    assert {"yam", "cassava"} <= shown


def test_what_leans_to_nothing_stays_open() -> None:
    read = read_text("they came again with that thing of theirs", Hints(NOW, "GH"), NOWHERE)
    assert read.is_report
    assert read.harms == ()


def test_a_phrase_goes_before_every_guess() -> None:
    read = read_text("soldiers beat us in the cassava, the yam, the plantain", Hints(NOW, "GH"), NOWHERE)
    assert [found.harm for found in read.harms] == [Harm.INJURY]

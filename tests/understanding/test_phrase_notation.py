import pytest

from impact.understanding.phrase_notation import Label, PhraseError, written_phrases

LABEL = Label("harms", "killing", "sure")


@pytest.mark.parametrize("phrase", ["", "~ house", "burn* ~", "burn* ~ ~ house", "a*b", "k*", "!", "a|*"])
def test_it_refuses_a_phrase_that_makes_no_sense(phrase: str) -> None:
    with pytest.raises(PhraseError):
        list(written_phrases(LABEL, phrase))


def test_it_writes_an_alternative_of_several_words_out() -> None:
    one, other = written_phrases(LABEL, "took_over|seized ~ mine")
    assert [(sorted(element.words), element.gap) for element in one.elements] == [
        (["seized"], 0),
        (["mine"], 3),
    ]
    assert [sorted(element.words) for element in other.elements] == [["took"], ["over"], ["mine"]]

import pytest

from impact.understanding.denials import is_announced, is_negated
from impact.vocabulary import Harm
from tests.understanding.cast import marked


@pytest.mark.parametrize(
    ("language", "text", "harm", "expected"),
    [
        ("en", "nobody was killed", Harm.KILLING, True),
        ("en", "nobody was hurt when soldiers killed him", Harm.KILLING, False),
        ("en", "they killed him", Harm.KILLING, False),
        ("sw", "hakuna aliyekufa", Harm.KILLING, True),
    ],
)
def test_it_sees_what_is_denied(language: str, text: str, harm: Harm, expected: bool) -> None:
    found = marked(text, language)
    assert is_negated(found.marks("harms", harm)[0], found) == expected


@pytest.mark.parametrize(
    ("language", "text", "harm", "expected"),
    [
        ("en", "they will evict us", Harm.EVICTION, True),
        ("en", "On 4 May they evicted us", Harm.EVICTION, False),
        ("en", "they may evict us", Harm.EVICTION, True),
        ("en", "held against their will and beaten", Harm.INJURY, False),
        ("kri", "wan man day", Harm.KILLING, False),
        ("kri", "den tek am go na polis stesin", Harm.ARREST, False),
        ("pt", "vão nos matar", Harm.KILLING, True),
    ],
)
def test_it_sees_what_is_only_announced(language: str, text: str, harm: Harm, expected: bool) -> None:
    found = marked(text, language)
    assert is_announced(found.marks("harms", harm)[0], found) == expected

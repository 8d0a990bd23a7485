import pytest

from impact.understanding.language import UNKNOWN_LANGUAGE, LanguageFound, find_language
from impact.understanding.tokens import tokens_of


def found(text: str, country: str = "", asked: str = "") -> LanguageFound:
    return find_language(tokens_of(text), country, asked)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("They took our money and we cannot go home", "en"),
        ("ils ont pris notre argent hier soir", "fr"),
        ("ILS ONT TUE NOTRE FRERE", "fr"),
        ("levaram o nosso dinheiro ontem à noite", "pt"),
        ("wamechukua pesa zetu jana usiku", "sw"),
        ("Mwen nan Delma, nou pa gen dlo ak manje", "ht"),
        ("los soldados han matado a mucha gente y nosotros estamos aqui", "es"),
        ("xqzt vbnm wwrt plkj hgfd", UNKNOWN_LANGUAGE),
        ("", UNKNOWN_LANGUAGE),
    ],
)
def test_it_tells_the_language(text: str, language: str) -> None:
    assert found(text).language == language


def test_it_leans_on_the_country_where_a_text_is_short() -> None:
    assert found("Tongo", "AO").language == "pt"
    assert found("Tongo", "TZ").language == "sw"
    assert found("Tongo", "AO").confidence < 0.6 < found("eles levaram o nosso dinheiro", "AO").confidence


def test_it_does_not_let_the_country_overrule_the_words() -> None:
    assert found("soldiers took all our money yesterday", "CD").language == "en"


def test_it_heeds_the_language_asked_for_where_words_leave_it_open() -> None:
    assert found("Tongo", asked="sw").language == "sw"


def test_it_reads_mixed_languages_with_both_lexicons() -> None:
    read_with = found("les askari wamepiga watu watatu hier soir", "CD").read_with
    assert {lexicon.language for lexicon in read_with} >= {"fr", "sw"}


def test_it_reads_with_a_small_language_where_it_is_spoken() -> None:
    text = "explosion de dynamite sur le site de Gombiro, une cinquantaine de morts"
    assert "kri" in {book.language for book in found(text).read_with}
    assert "kri" not in {book.language for book in found(text, "BF").read_with}


def test_it_takes_a_kindred_language_for_mixed_in_only_where_it_is_spoken() -> None:
    text = "ontem a PNA disparou contra os garimpeiros, mais de 10 mortos dizem"
    assert {book.language for book in found(text, "AO").read_with} == {"pt"}
    mixed = "Please help, os soldados entraram no garimpo, four people shot dead"
    assert {book.language for book in found(mixed, "MZ").read_with} >= {"pt", "en"}


def test_it_reads_nothing_into_a_foreign_language() -> None:
    foreign = found("Mwen nan Delma, nou pa gen dlo ak manje")
    assert foreign.is_foreign
    assert foreign.read_with == ()

from pathlib import Path

import pytest

from impact.understanding.lexicon import (
    LEXICON_DIR,
    LexiconError,
    countries,
    everyday_words,
    foreign_languages,
    foreign_words,
    languages,
    lexicons,
    read_lexicon,
)
from impact.understanding.tokens import tokens_of
from impact.vocabulary import Harm, PeopleKind, Perpetrator

# Native speakers who have read a lexicon; nobody is claimed who has not.
_CHECKED: set[str] = set()
GOOD = (LEXICON_DIR / "pt.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", languages())
def test_it_has_words_for_every_code_in_every_language(language: str) -> None:
    names = {label.name for label, _, _ in lexicons()[language].phrases.parts()}
    assert {str(harm) for harm in Harm} <= names
    assert {str(kind) for kind in Perpetrator} <= names
    assert {str(kind) for kind in PeopleKind} <= names


@pytest.mark.parametrize("language", languages())
def test_it_knows_days_months_and_numbers_in_every_language(language: str) -> None:
    lexicon = lexicons()[language]
    assert {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100} <= set(lexicon.numbers.values())
    read_with = [language, *lexicon.reads_with]
    tables = "".join((LEXICON_DIR / f"{code}.toml").read_text(encoding="utf-8") for code in read_with)
    assert all(f" = {month}\n" in tables.split("[months]", 1)[1] for month in range(1, 13))
    assert all(f" = {day}\n" in tables.split("[weekdays]", 1)[1] for day in range(1, 8))


@pytest.mark.parametrize("language", languages())
def test_it_says_who_has_checked_a_file(language: str) -> None:
    assert "checked_by = " in (LEXICON_DIR / f"{language}.toml").read_text(encoding="utf-8")
    assert lexicons()[language].checked_by in {"", *_CHECKED}


@pytest.mark.parametrize(
    ("was", "becomes", "message"),
    [
        ("[harms.killing]", "[harms.sorcery]", r"bad\.toml line \d+: no such harm: sorcery"),
        ('sure = ["assassin*"', 'sur = ["assassin*"', r"bad\.toml line \d+: harms\.killing has no list sur"),
        ('"massacr*"', '"mas*sacr"', r"bad\.toml line \d+: harms\.killing\.sure: 'mas\*sacr'"),
        ('army = ["militar"', 'amry = ["militar"', r"bad\.toml line \d+: perpetrators has no list amry"),
        ('"massacr*"', "7", r"bad\.toml: harms\.killing\.sure holds 7"),
        ("segunda = 1", "segunda = 9", r"bad\.toml line \d+: weekdays\.segunda cannot be 9"),
        ('pq = "porque"', 'pq = "por que"', r"bad\.toml line \d+: spellings\.pq must stand for one word"),
        ("dois = 2", 'dois = "2"', r"bad\.toml line \d+: numbers\.dois cannot be '2'"),
        ("[ignore]", "[ignored]", r"bad\.toml line \d+: no such part: ignored"),
        ("[ignore]", "[ignore", r"bad\.toml: .*line"),
        ('language = "pt"', "language = 3", r"bad\.toml: language must be a text"),
    ],
)
def test_it_names_file_and_line_of_a_bad_row(tmp_path: Path, was: str, becomes: str, message: str) -> None:
    assert was in GOOD
    path = tmp_path / "bad.toml"
    path.write_text(GOOD.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(LexiconError, match=message):
        read_lexicon(path)


def test_it_knows_countries_by_name() -> None:
    found = countries().names.matches(tokens_of("en République centrafricaine et en RDC"))
    assert [match.label.name for match in found] == ["CF", "CD"]
    assert countries().languages["AO"] == ("pt",)
    assert countries().zones["CD"].key == "Africa/Kinshasa"


def test_it_knows_words_of_languages_that_it_does_not_read() -> None:
    assert foreign_words()["mwen"] == ("ht",)
    assert not set(foreign_languages()) & set(languages())


def test_it_knows_everyday_words_of_every_language_read_in_full() -> None:
    assert {"soldiers", "twelve", "demain", "ontem", "jana"} <= everyday_words().words
    assert "killings" in everyday_words()
    assert "koidu" not in everyday_words()

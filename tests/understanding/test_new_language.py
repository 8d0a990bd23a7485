"""A language is added as CONTRIBUTING.md says: one file, and the countries that speak it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from impact.places.gazetteer import Gazetteer, NamedPlace
from impact.understanding import language, leanings, lexicon
from impact.understanding.facts import Hints
from impact.understanding.reading import read_text
from impact.vocabulary import Harm
from tests.builders import NOW

CHICHEWA = """
language = "ny"
checked_by = ""
reads_with = ["en"]

[harms.killing]
sure = ["anapha", "adapha", "anaphedwa"]

[harms.injury]
sure = ["anamenya", "anavulazidwa"]

[perpetrators]
army = ["asilikali", "msilikali"]

[people]
killed = ["anapha", "anaphedwa"]
injured = ["anamenya", "anavulazidwa"]

[counting]
persons = ["anthu", "munthu", "ana"]

[numbers]
awiri = 2
atatu = 3

[places]
at = ["ku", "pa"]

[dates]
yesterday = ["dzulo"]
today = ["lero"]

[common]
words = "ndi ku pa kwa a wa ya za mu iwo ife koma chifukwa kuti ali pamene"
"""


@pytest.fixture(autouse=True)
def _caches() -> Iterator[None]:
    yield
    _forget()


def _forget() -> None:
    for cached in (
        *(lexicon.languages, lexicon.lexicons, lexicon.countries, lexicon.code_words),
        *(lexicon.everyday_words, lexicon.foreign_languages, lexicon.foreign_words, lexicon._foreign),
        *(language._weights_of, language._detector, language._neighbours, leanings._table),
    ):
        cached.cache_clear()


def test_one_file_and_its_countries_add_a_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "lexicons"
    shutil.copytree(lexicon.LEXICON_DIR, folder)
    (folder / "ny.toml").write_text(CHICHEWA, encoding="utf-8")
    countries = (folder / "countries.toml").read_text(encoding="utf-8")
    (folder / "countries.toml").write_text(
        countries.replace('MW = ["en"]', 'MW = ["en", "ny"]'), encoding="utf-8"
    )
    gazetteer = Gazetteer([NamedPlace("place", 1, "Kasungu", (), "MW", 33.48, -13.03, 5_000.0, 60_000)])
    text = "asilikali anapha anthu awiri ku Kasungu dzulo"
    assert read_text(text, Hints(NOW, "MW"), gazetteer).language != "ny"
    monkeypatch.setattr(lexicon, "LEXICON_DIR", folder)
    _forget()
    read = read_text(text, Hints(NOW, "MW"), gazetteer)
    assert (read.language, [found.harm for found in read.harms]) == ("ny", [Harm.KILLING])
    assert read.perpetrator is not None
    assert read.perpetrator.kind == "army"
    assert [(found.kind, found.low) for found in read.people] == [("killed", 2)]
    assert read.place is not None
    assert read.place.name == "Kasungu"
    assert read.occurred is not None

import gzip
from pathlib import Path

import pytest

from impact.places import gazetteer as shipped
from impact.places.gazetteer import Gazetteer, LearntName, NamedPlace, place_radius_m, read_shipped_places
from impact.places.names import fold_name, sound_of


def place(name: str, *aliases: str, country: str = "CD", kind: str = "place", number: int = 1) -> NamedPlace:
    return NamedPlace(kind, number, name, aliases, country, 23.6, -6.15, 5000.0, 1000)


def names(gazetteer: Gazetteer, text: str) -> list[str]:
    return [match.place.name for match in gazetteer.matches(text)]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Mbuji-Mayi", "mbujimayi"),
        ("MBUJI MAYI", "mbujimayi"),
        ("Séguéla", "seguela"),
        ("N'Djolé", "ndjole"),
        ("Carrière de Kasulo", "kasulo"),
        ("Geita Gold Mine", "geita"),
        ("village Kimbulu", "kimbulu"),
        ("Gold Coast", "goldcoast"),
        ("New Site", "newsite"),
        ("Mine", "mine"),
        ("Kɔidu", "koidu"),
        ("", ""),
        ("?!", ""),
    ],
)
def test_it_folds_a_name_to_a_key(text: str, key: str) -> None:
    assert fold_name(text) == key


def test_it_finds_a_name_however_it_is_written() -> None:
    gazetteer = Gazetteer([place("Mbuji-Mayi", "Bakwanga")])
    for text in ("mbujimayi", "MBUJI MAYI", "Mbuji-Mayi", "village de Mbuji Mayi"):
        assert names(gazetteer, text) == ["Mbuji-Mayi"]
    alias = gazetteer.exact_matches("bakwanga")[0]
    assert alias.is_alias
    assert alias.closeness == 1.0


def test_it_gives_back_the_place_as_it_was() -> None:
    given = place("Tshikapa", "Tchikapa", kind="area", number=77)
    assert Gazetteer([given]).matches("tshikapa")[0].place == given


def test_it_keeps_every_place_of_the_same_name() -> None:
    gazetteer = Gazetteer(
        [place("Boda", country=code, number=n) for n, code in enumerate(("CF", "CD", "IN"))]
    )
    assert [match.place.country for match in gazetteer.matches("Boda")] == ["CF", "CD", "IN"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Tchikapa", "Tshikapa"),
        ("Tsihkapa", "Tshikapa"),
        ("mbujimai", "Mbuji-Mayi"),
        ("Kuidu", "Koidu"),
        ("Segela", "Séguéla"),
        ("Kafunfo", "Cafunfo"),
        ("Shikapa", "Tshikapa"),
        ("Banankolo", "Banankoro"),
        ("Kolwesi", "Kolwezi"),
    ],
)
def test_it_forgives_typing_errors(typed: str, name: str) -> None:
    gazetteer = Gazetteer(
        place(other, number=n)
        for n, other in enumerate(
            ("Tshikapa", "Mbuji-Mayi", "Koidu", "Séguéla", "Cafunfo", "Banankoro", "Kolwezi")
        )
    )
    found = gazetteer.matches(typed)
    assert [match.place.name for match in found] == [name]
    assert 0.5 < found[0].closeness < 1


@pytest.mark.parametrize("typed", ["Bora", "Bodo", "Kuandu", "Kinshasa", "Tshika", "", "x"])
def test_it_does_not_stretch_to_another_name(typed: str) -> None:
    gazetteer = Gazetteer([place("Boda"), place("Koidu", number=2), place("Tshikapa", number=3)])
    assert names(gazetteer, typed) == []


def test_it_puts_the_nearest_spelling_first() -> None:
    gazetteer = Gazetteer([place("Kamitugo", number=1), place("Kamituga", number=2)])
    assert names(gazetteer, "Kamitugaa") == ["Kamituga", "Kamitugo"]


def test_it_hears_variants_alike() -> None:
    assert sound_of("tshikapa") == sound_of("chikapa")
    assert sound_of("oubangui") == sound_of("ubangi")
    assert sound_of("koidu") != sound_of("kono")


def test_it_takes_a_radius_by_class() -> None:
    assert place_radius_m("ADM1", 0) > place_radius_m("ADM2", 0) > place_radius_m("PPL", 2_000_000)
    assert place_radius_m("PPL", 500) == 2_000


def test_it_reads_the_shipped_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "DATA_DIR", tmp_path)
    with gzip.open(tmp_path / "gazetteer.csv.gz", "wt", encoding="utf-8") as lines:
        lines.write("id,name,aliases,country,lat,lon,population,feature_code,admin1\n")
        lines.write("204318,Tshikapa,Tchikapa|Chikapa,CD,-6.416,20.8,267462,PPLA,Kasaï\n")
    (tmp_path / "producing_areas.csv").write_text(
        "id,name,aliases,country,kind,minerals,lat,lon,accuracy_m,operator,source,note\n"
        "cd-miba,MIBA,Bakwanga,CD,industrial,diamond,-6.15,23.6,8000,MIBA,a source,\n"
    )
    town, area = read_shipped_places()
    assert (town.kind, town.id, town.aliases, town.radius_m) == (
        "place",
        204318,
        ("Tchikapa", "Chikapa"),
        8000,
    )
    assert (area.kind, area.id, area.longitude, area.radius_m) == ("area", 1, 23.6, 8000.0)


def test_it_names_the_line_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "DATA_DIR", tmp_path)
    with gzip.open(tmp_path / "gazetteer.csv.gz", "wt", encoding="utf-8") as lines:
        lines.write("id,name,aliases,country,lat,lon,population,feature_code,admin1\n")
        lines.write("1,Here,,CD,north,20.8,0,PPL,\n")
    with pytest.raises(ValueError, match=r"gazetteer\.csv\.gz line 2"):
        list(read_shipped_places())


def test_it_tells_how_many_words_are_a_name_written_together() -> None:
    places = [
        NamedPlace("place", number, name, (), "CD", 23.6, -6.15, 5_000.0, 0)
        for number, name in enumerate(["Mbuji", "Mbuji-Mayi", "Mayi"])
    ]
    taught = LearntName("mbujimayicentre", places[1], "")
    gazetteer = Gazetteer(places, [taught])
    assert gazetteer.names_begun(["mbuji", "mayi", "centre", "ville"]) == [3, 2, 1]
    assert gazetteer.names_begun(["mbujimayi"]) == [1]
    assert gazetteer.names_begun(["ville", "mayi"]) == []
    assert gazetteer.names_begun([]) == []
    assert gazetteer.begins_none("mbusimayi")
    assert not gazetteer.begins_none("mbujimaya")
    assert not gazetteer.begins_none("mbu")

"""Gazetteers from files made here: GeoNames' tab format, CSV, packed and piped."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from impact.places.gazetteer_store import current_gazetteer
from impact.places.importing.place_rows import clean_aliases
from impact.places.models import Place

pytestmark = pytest.mark.django_db


def geonames_line(
    key: int, name: str, aliases: str = "", lat: str = "-6.4167", lon: str = "20.8", kind: str = "P",
    code: str = "PPL", country: str = "CD", population: int = 0, admin1: str = "",
) -> str:  # fmt: skip
    cells = [
        str(key),
        name,
        name,
        aliases,
        lat,
        lon,
        kind,
        code,
        country,
        "",
        admin1,
        "",
        "",
        "",
        str(population),
    ]
    return "\t".join([*cells, "", "500", "Africa/Lubumbashi", "2024-01-01"])


TSHIKAPA = geonames_line(
    1, "Tshikapa", "Chikapa,Ticikapa,TSH,Чикапа,https://x.org/T", code="PPLA", population=267_462, admin1="03"
)
KASAI = geonames_line(2, "Kasaï", kind="A", code="ADM1", admin1="03")
RIVER = geonames_line(3, "Kasai River", kind="H", code="STM")


def run_import(path: Path | str, *options: str) -> str:
    out = io.StringIO()
    call_command("import_places", str(path), *options, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_it_reads_the_format_of_geonames(tmp_path: Path) -> None:
    printed = run_import(write(tmp_path / "CD.txt", TSHIKAPA, KASAI, RIVER))
    town = Place.objects.get(source_name="GeoNames", source_key="1")
    assert (town.name, town.country, town.region, town.population) == ("Tshikapa", "CD", "Kasaï", 267_462)
    assert town.aliases == ["Chikapa", "Ticikapa"]
    assert town.radius_m == 8_000
    assert Place.objects.get(source_key="2").radius_m == 100_000
    assert Place.objects.count() == 2
    assert "1 rows of other kinds" in printed


def test_it_updates_only_what_changed(tmp_path: Path) -> None:
    path = tmp_path / "CD.txt"
    run_import(write(path, TSHIKAPA, KASAI))
    key = Place.objects.get(source_key="1").pk
    printed = run_import(write(path, TSHIKAPA.replace("267462", "300000"), KASAI))
    assert "updated   1" in printed
    assert "unchanged 1" in printed
    assert Place.objects.get(source_key="1").population == 300_000
    assert Place.objects.get(source_key="1").pk == key


@pytest.mark.parametrize("packing", ["plain", "gz", "zip"])
def test_it_reads_csv_packed_or_not(tmp_path: Path, packing: str) -> None:
    content = "name,aliases,country,lat,lon,population\nTshikapa,Chikapa|Tchikapa,RDC,-6.4167,20.8,267462\n"
    path = tmp_path / {"plain": "p.csv", "gz": "p.csv.gz", "zip": "p.zip"}[packing]
    if packing == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("readme.txt", "a longer text about it " * 50)
            archive.writestr("p.csv", content)
    else:
        path.write_bytes(gzip.compress(content.encode()) if packing == "gz" else content.encode())
    run_import(path)
    place = Place.objects.get()
    assert (place.name, place.country, place.aliases) == ("Tshikapa", "CD", ["Chikapa", "Tchikapa"])
    assert "unchanged 1" in run_import(path)


def test_it_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO((TSHIKAPA + "\n").encode())))
    run_import("-")
    assert Place.objects.get().name == "Tshikapa"


def test_it_reads_people_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "towns.csv"
    rows = ('A;"1 200"', "B;1.200", "C;1,200", "D;1200.0", "E;many", "F;-5")
    path.write_text(
        "name;population;country;lat;lon\n" + "".join(f"{row};CD;-6.4;20.8\n" for row in rows),
        encoding="utf-8",
    )
    call_command("import_places", str(path), stdout=io.StringIO(), stderr=io.StringIO())
    people = dict(Place.objects.values_list("name", "population"))
    assert people == {"A": 1200, "B": 1200, "C": 1200, "D": 1200, "E": 0, "F": 0}


def test_it_says_which_rows_it_skips_and_why(tmp_path: Path) -> None:
    printed = run_import(
        write(
            tmp_path / "p.csv",
            "id,name,country,lat,lon",
            "1,,CD,-6.4,20.8",
            "2,Far,CD,-96.4,20.8",
            "3,Nowhere,CD,0,0",
            "4,Blank,CD,,",
            "5,Twice,CD,-6.4,20.8",
            "5,Twice,CD,-6.4,20.8",
        )
    )
    for line in (
        "row 2: it has no name",
        "row 3: there is no such point as latitude -96.4, longitude 20.8",
        "row 4: coordinates are 0, 0",
        "row 5: no coordinates",
        "row 7: the same identifier",
    ):
        assert line in printed
    assert Place.objects.count() == 1


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    printed = run_import(write(tmp_path / "CD.txt", TSHIKAPA), "--dry-run")
    assert "created   1" in printed
    assert not Place.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.txt", None, "there is no file"),
        ("a.csv", b"place,where\nA,B\n", "neither the 19-column tab format"),
        ("a.csv.gz", b"not packed", "cannot be read"),
        ("a.zip", b"not packed", "cannot be read"),
        ("a.csv", b"", "neither"),
    ],
)
def test_it_refuses_in_one_line(tmp_path: Path, name: str, content: bytes | None, message: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(CommandError, match=message) as refused:
        run_import(tmp_path / name)
    assert "\n" not in str(refused.value)


def test_it_keeps_the_names_that_people_text() -> None:
    aliases = ("Mbujimayi", "Mbuji Mayi", "MJM", "Мбужи", "http://x", "mbuji-mayi", "Bakwanga", "bakwanga")
    assert clean_aliases("Mbuji-Mayi", aliases) == ("Mbujimayi", "Mbuji Mayi", "Bakwanga")


def test_what_was_imported_is_read_with_at_once(tmp_path: Path) -> None:
    assert not current_gazetteer().matches("Kabrousse Ndiaye")
    run_import(write(tmp_path / "p.csv", "name,country,lat,lon", "Kabrousse Ndiaye,SN,12.4,-16.7"))
    assert current_gazetteer().matches("Kabrousse Ndiaye")


def test_it_loads_the_shipped_gazetteer() -> None:
    call_command("import_places", "--shipped", stdout=io.StringIO(), stderr=io.StringIO())
    assert Place.objects.filter(name="Tshikapa", source_name="GeoNames", country="CD").exists()
    assert Place.objects.filter(source_name="Headlamp").exists()

import io
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import DictionaryObject
from pytest_django import Settings

from impact.publication.models import Snapshot
from impact.publication.snapshots.taking import snapshot_records, take_snapshot
from impact.summaries.maps import MAP_SIZES, MAP_STYLES, MapOptions, render_map
from impact.summaries.maps.rendering import records_on_map
from tests.builders import make_area, make_place, make_published
from tests.programs import needs

pytestmark = pytest.mark.django_db


def words_of(snapshot: Snapshot, options: MapOptions) -> str:
    reader = PdfReader(io.BytesIO(render_map(snapshot, options)))
    assert len(reader.pages) == 1
    return " ".join(reader.pages[0].extract_text().replace("\u200a", "").split())


@pytest.fixture
def snapshot(settings: Settings) -> Snapshot:
    settings.DEMO = False  # all that a demo shows is fictional
    make_place(name="Tshikapa")
    area = make_area(name="Kamonia", kind="artisanal")
    for number in range(3):
        make_published(longitude=20.8 + number / 2, areas=((area, 3200.0),))
    make_published(longitude=None, latitude=None)
    make_published(harms=("chemicals",), country="SL", longitude=-11.0, latitude=8.6)
    return take_snapshot()


def test_a_sheet_says_all_that_it_has_to(snapshot: Snapshot) -> None:
    words = words_of(snapshot, MapOptions("a4", "pdf"))
    for said in (
        "5 published incidents beside mines",
        "4 incidents shown",
        "1 without a known place",
        "at least 0 verified and withheld",
        "Natural Earth",
        "GeoNames",
        "Lambert azimuthal equal-area",
        "Scale in the middle about 1:",
        "Scan to check this map",
        "20° E",
        "Headlamp",
        "do not imply official endorsement",
        f"/snapshots/{snapshot.pk}/",
        snapshot.digest,
        " km",
    ):
        assert said in words, said
    assert "FICTIONAL" not in words


def test_a_map_of_a_country_counts_that_country_only(snapshot: Snapshot) -> None:
    words = words_of(snapshot, MapOptions("a4", "pdf", country="SL"))
    assert "1 published incident beside mines: Sierra Leone" in words
    assert "1 incident shown 0 without a known place 4 of the snapshot not on this map" in words


def test_a_map_of_a_box_counts_what_lies_in_it(snapshot: Snapshot) -> None:
    inside = records_on_map(snapshot_records(snapshot), MapOptions(bbox=(20.0, -7.0, 21.0, -6.0)))
    assert [record["lon"] for record in inside] == [20.8]


def test_invented_data_are_marked_on_the_sheet() -> None:
    make_published(is_fictional=True)
    assert "FICTIONAL DEMONSTRATION DATA" in words_of(take_snapshot(), MapOptions())


def test_nothing_published_is_a_map_that_says_so() -> None:
    assert "Nothing is published yet." in words_of(take_snapshot(), MapOptions())


@pytest.mark.parametrize("size", MAP_SIZES)
def test_a_picture_has_the_size_of_its_sheet(snapshot: Snapshot, size: str) -> None:
    sheet = MAP_SIZES[size]
    picture = Image.open(io.BytesIO(render_map(snapshot, MapOptions(size, "png"))))
    assert picture.size == pytest.approx((sheet.width * sheet.dpi, sheet.height * sheet.dpi), abs=1)


def test_a_picture_shows_the_mark_of_each_theme(snapshot: Snapshot) -> None:
    picture = Image.open(io.BytesIO(render_map(snapshot, MapOptions("slide", "png")))).convert("RGB")
    middle = picture.crop((0, 300, int(picture.width * 0.64), picture.height - 200))
    colours = {colour for _count, colour in middle.getcolors(maxcolors=10_000_000) or []}
    assert (0xD5, 0x5E, 0x00) in colours
    assert (0x00, 0x9E, 0x73) in colours
    assert (0xCC, 0x79, 0xA7) not in colours


@pytest.mark.parametrize(
    ("form", "style"), [("png", "points"), ("svg", "points"), *(("pdf", style) for style in MAP_STYLES)]
)
def test_the_same_snapshot_gives_the_same_bytes_in_any_time_zone(
    snapshot: Snapshot, form: str, style: str
) -> None:
    options = MapOptions("slide", form, style=style)
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        elsewhere = render_map(snapshot, options)
    assert render_map(snapshot, options) == elsewhere


def test_hexagons_count_what_is_published_in_them(snapshot: Snapshot) -> None:
    words = words_of(snapshot, MapOptions(style="hexagons"))
    assert "Incidents in a hexagon 1 2 +" in words or "Incidents in a hexagon 1" in words
    assert "That is not to say that there was no harm" in words


def test_areas_are_shaded_by_what_is_near_them(snapshot: Snapshot) -> None:
    words = words_of(snapshot, MapOptions(style="areas", country="CD"))
    assert "Incidents near a producing area 1 2 +" in words
    assert "None published" in words
    assert "Kamonia" in words


def test_what_lies_an_ocean_away_has_an_inset() -> None:
    for number in range(3):
        make_published(longitude=20.8 + number, latitude=-6.4)
    make_published(longitude=-57.0, latitude=-12.0, country="BR")
    words = words_of(take_snapshot(), MapOptions())
    assert "4 incidents shown" in words
    assert "BRAZIL" in words
    assert words.count(" km") >= 2  # a scale bar each


def test_what_lies_in_two_windows_is_counted_once() -> None:
    for longitude, latitude in ((178.0, 66.0), (176.0, 65.5), (-175.0, 65.5), (-114.0, 62.5)):
        make_published(longitude=longitude, latitude=latitude, country="RU")
    words = words_of(take_snapshot(), MapOptions())
    assert "4 incidents shown 0 without a known place at least 0" in words


def test_a_small_map_is_drawn_in_its_utm_zone(snapshot: Snapshot) -> None:
    words = words_of(snapshot, MapOptions(bbox=(20.0, -7.0, 22.0, -6.0)))
    assert "UTM zone 34S, WGS 84 (EPSG:32734)" in words


def test_the_code_on_the_sheet_leads_to_the_snapshot(
    snapshot: Snapshot, tmp_path: Path, settings: Settings
) -> None:
    needs("zbarimg", "zbar-tools")
    file = tmp_path / "map.png"
    file.write_bytes(render_map(snapshot, MapOptions("a4", "png")))
    read = subprocess.run(["zbarimg", "--quiet", "--raw", file], capture_output=True, text=True, check=True)
    assert read.stdout.strip() == f"{settings.PUBLIC_URL}/snapshots/{snapshot.pk}/"


def test_french_has_its_spaces_and_its_west(snapshot: Snapshot) -> None:
    words = words_of(snapshot, MapOptions(language="fr", country="SL"))
    assert "mines : Sierra Leone" in words
    assert "° O" in words


def test_a_title_of_ones_own_stands_at_the_head(snapshot: Snapshot) -> None:
    words = words_of(snapshot, MapOptions(title="Harm along the Kasai"))
    assert "Harm along the Kasai" in words
    assert "published incidents beside mines" not in words


def test_letters_of_the_languages_are_embedded() -> None:
    make_published()
    reader = PdfReader(io.BytesIO(render_map(take_snapshot(), MapOptions())))
    fonts = [one for one in objects_of(reader) if one.get("/Type") == "/FontDescriptor"]
    assert len(fonts) >= 3
    assert all("/FontFile2" in font for font in fonts)


def objects_of(reader: PdfReader) -> list[DictionaryObject]:
    """Every dictionary of a document."""
    found = (reader.get_object(number) for number in range(1, int(str(reader.trailer["/Size"]))))
    return [one for one in found if isinstance(one, DictionaryObject)]


@pytest.mark.parametrize(("size", "style"), list(zip(MAP_SIZES, cycle(MAP_STYLES), strict=False)))
def test_a_screen_reader_gets_the_sheet_in_order_and_the_picture_in_words(
    snapshot: Snapshot, size: str, style: str
) -> None:
    reader = PdfReader(io.BytesIO(render_map(snapshot, MapOptions(size, "pdf", "fr", style=style))))
    catalogue = reader.root_object
    assert str(catalogue["/Lang"]) == "fr"
    assert catalogue["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalogue["/Metadata"].get_data()  # type: ignore[attr-defined]
    assert str(reader.metadata and reader.metadata.title).startswith("5 incidents publiés")
    order = [str(element["/S"]) for element in read_aloud(catalogue["/StructTreeRoot"])]
    assert order.index("/H1") < order.index("/Figure") < order.index("/H2")
    assert order.count("/H2") >= 3
    assert order.count("/LI") >= 3
    [figure] = [one for one in objects_of(reader) if one.get("/S") == "/Figure"]
    assert "Violence 4" in str(figure["/Alt"])
    assert "Environnement 1" in str(figure["/Alt"])
    assert "Kamonia 3" in str(figure["/Alt"])
    assert not [
        one for one in objects_of(reader) if one.get("/Subtype") == "/Image"
    ]  # all drawn, none painted


def read_aloud(element: Any) -> Iterator[Any]:
    """The elements of a structure tree in the order in which they are read."""
    children = element.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        found = child.get_object()
        if isinstance(found, DictionaryObject) and "/S" in found:
            yield found
            yield from read_aloud(found)


def test_a_map_without_incidents_says_so_to_a_screen_reader() -> None:
    reader = PdfReader(io.BytesIO(render_map(take_snapshot(), MapOptions())))
    [figure] = [one for one in objects_of(reader) if one.get("/S") == "/Figure"]
    assert str(figure["/Alt"]) == "A map without incidents: nothing is published here."


def test_many_points_of_one_place_are_counted_not_piled() -> None:
    for _ in range(40):
        make_published()
    make_published(longitude=28.0, latitude=-2.5)
    words = words_of(take_snapshot(), replace(MapOptions(), country="CD"))
    assert "41 incidents shown" in words


@pytest.mark.usefixtures("snapshot")
def test_the_command_takes_the_format_from_the_name(tmp_path: Path) -> None:
    file = tmp_path / "map.png"
    call_command("export_map", "--size", "slide", "--country", "CD", "--lang", "fr", "-o", str(file))
    assert Image.open(file).format == "PNG"


@pytest.mark.parametrize(
    "box", [["--bbox", "-14,6,-7,10"], ["--bbox=-14.5,6,-7,10"], ["--bbox", "-.5,6,7,10"]]
)
def test_the_command_draws_a_box_west_of_greenwich(tmp_path: Path, box: list[str]) -> None:
    file = tmp_path / "map.svg"
    call_command("export_map", *box, "-o", str(file))
    assert file.read_bytes().startswith(b"<?xml")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "a.docx"], "one of pdf, png, svg"),
        (["-o", "a.pdf", "--country", "XX"], "--country XX"),
        (["-o", "a.pdf", "--bbox", "1,2,3"], "west,south,east,north"),
        (["-o", "a.pdf", "--bbox", "30,0,20,5"], "west below east"),
        (["-o", "a.pdf", "--bbox", "20,0,200,5"], "degrees"),
        (["-o", "a.pdf", "--bbox=-180,-85,180,85"], "less than the whole world"),
        (["-o", "a.pdf", "--snapshot", "nosuch"], "there is no snapshot nosuch"),
    ],
)
def test_the_command_says_in_one_line_what_is_wrong(
    arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # what it should refuse to write would lie there
    with pytest.raises(CommandError, match=message):
        call_command("export_map", *arguments)


@pytest.mark.parametrize("language", ["fr", "sw"])  # which need the most room
@pytest.mark.parametrize("size", MAP_SIZES)
def test_nothing_in_the_column_runs_over_the_foot(snapshot: Snapshot, size: str, language: str) -> None:
    page = PdfReader(io.BytesIO(render_map(snapshot, MapOptions(size, "pdf", language)))).pages[0]
    rows: list[tuple[float, str]] = []
    page.extract_text(
        visitor_text=lambda text, cm, at, _font, _size: rows.append(
            (at[4] * cm[1] + at[5] * cm[3] + cm[5], text)
        )
    )
    foot = [y for y, text in rows if "SHA-256" in text]
    disclaimer = [y for y, text in rows if text.strip() and foot and y < foot[0] - 1]
    assert foot
    assert disclaimer == []


@pytest.mark.parametrize("size", MAP_SIZES)
def test_no_locator_makes_the_type_too_small_to_read(snapshot: Snapshot, size: str) -> None:
    options = MapOptions(size, "pdf", "sw", country="CD")
    page = PdfReader(io.BytesIO(render_map(snapshot, options))).pages[0]
    sizes: list[float] = []
    page.extract_text(
        visitor_text=lambda text, cm, at, _font, points: (
            sizes.append(abs(points * at[3] * cm[3])) if "Matukio kwa mada" in text else None
        )
    )
    assert sizes[0] >= 7.5 * options.sheet.type_scale * 0.78 - 0.01

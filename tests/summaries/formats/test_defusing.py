import csv
import io
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.publication.snapshots import take_snapshot
from impact.summaries.exporting import write_export
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
FORMULA = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}formula"
BOOLEANS = ("of:=FALSE()", "of:=TRUE()")  # how Calc writes a cell that is false or true
CELL = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table-cell"


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


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_no_spreadsheet_finds_a_formula(name: str, tmp_path: Path) -> None:
    needs("soffice", "libreoffice-calc-nogui")
    for case in CASES[::3]:
        make_published(text=case.replace("\r", "\n"))
    file = tmp_path / f"a.{name}"
    with file.open("wb") as stream:
        write_export(take_snapshot(), name, stream)
    opened = open_in_office(file, tmp_path)
    cells = list(opened.iter(CELL))
    assert len(cells) > 1000
    assert {cell.get(FORMULA) for cell in cells} <= {None, *BOOLEANS}


def test_the_office_does_find_a_formula_where_there_is_one(tmp_path: Path) -> None:
    needs("soffice", "libreoffice-calc-nogui")
    file = tmp_path / "a.csv"
    text = io.StringIO()
    csv.writer(text).writerows([["x"], ["=1+1"]])
    file.write_text(text.getvalue())
    assert any(cell.get(FORMULA) for cell in open_in_office(file, tmp_path).iter(CELL))


def open_in_office(file: Path, directory: Path) -> ElementTree.Element:
    """The file as LibreOffice Calc has it, in flat XML. A CSV is read with formulas on, as a person might."""
    profile = directory / "profile"
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
            str(directory),
            str(file),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    written = next(iter(directory.glob("a*.fods")))
    return ElementTree.parse(written).getroot()

import csv
import json
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from impact.places.importing.areas import import_shipped_areas
from impact.places.importing.report import ImportReport
from impact.places.importing.source import ImportRefused
from impact.places.models import ProductionFigure
from impact.places.production.importing import SHIPPED_FILE, import_production, import_shipped_production
from impact.places.production.stated import ReadingOptions
from tests.builders import make_area

pytestmark = pytest.mark.django_db

# The form of the Kimberley Process's public statistics, with figures of our own.
KP_HEAD = ("Country Name", "Year", "Quarter", "Trade Type", "Production Type", "Carat", "US Value", "Created")


def write_csv(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def write_book(path: Path, *rows: tuple[Any, ...]) -> Path:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return path


def take(path: Path, **options: Any) -> ImportReport:
    reading = options.pop("reading", ReadingOptions())
    return import_production(path, reading, source_name="test", **options)


def current() -> dict[tuple[str, str, str], tuple[Decimal | None, Decimal | None]]:
    return {
        (figure.country, f"{figure.from_on:%Y-%m}", str(figure.kind)): (figure.carats, figure.value_usd)
        for figure in ProductionFigure.objects.filter(superseded_at__isnull=True)
    }


def test_it_reads_the_statistics_as_published(tmp_path: Path) -> None:
    report = take(
        write_book(
            tmp_path / "kp.xlsx",
            KP_HEAD,
            ("Congo, Democratic Republic of", 2023, 1, "Production", "ASM", 300.5, 2400, ""),
            ("Congo, Democratic Republic of", 2023, 1, "Production", "LSM", 100, 900, ""),
            ("Congo, Democratic Republic of", 2023, 2, "Production", "ASM", 200, 1600, ""),
            ("Congo, Democratic Republic of", 2023, 2, "Production", "LSM", 50, 450, ""),
            ("Norway", 2023, 1, "No Production", None, 0, 0, ""),
            ("Angola", 2018, 1, "Production", "Production", 10, 1500, ""),
            ("Angola", 2018, 2, "Production", "Production", 12, 1800, ""),
        )
    )
    assert report.created == 7
    assert current() == {
        ("CD", "2023-01", "artisanal"): (Decimal("300.5"), Decimal(2400)),
        ("CD", "2023-01", "industrial"): (Decimal(100), Decimal(900)),
        ("CD", "2023-07", "artisanal"): (Decimal(200), Decimal(1600)),
        ("CD", "2023-07", "industrial"): (Decimal(50), Decimal(450)),
        ("NO", "2023-01", "total"): (Decimal(0), Decimal(0)),
        ("AO", "2018-01", "total"): (Decimal(10), Decimal(1500)),
        ("AO", "2018-07", "total"): (Decimal(12), Decimal(1800)),
    }
    assert any("half-years" in note for note in report.notes)
    assert report.doubtful == [(6, "NO 2023: 2023-H2 is not stated; the year is not complete")]


def test_duplicates_are_said_with_their_rows(tmp_path: Path) -> None:
    path = write_book(
        tmp_path / "kp.xlsx",
        KP_HEAD,
        ("Mali", 2023, 1, "Production", "ASM", 10, 100, "a"),
        ("Mali", 2023, 1, "Production", "ASM", 10, 100, "b"),
        ("Mali", 2023, 2, "Production", "ASM", 5, 50, "a"),
        ("Mali", 2023, 2, "Production", "ASM", 7, 70, "b"),
    )
    report = take(path)
    assert report.skipped == [(3, "the same as row 2: counted once")]
    ((row, reason),) = report.doubtful
    assert row == 5
    assert "rows 4, 5 state different figures" in reason
    assert current()[("ML", "2023-07", "artisanal")] == (Decimal(12), Decimal(120))
    take(path, duplicates="latest")
    assert current()[("ML", "2023-07", "artisanal")] == (Decimal(7), Decimal(70))
    with pytest.raises(ImportRefused, match="rows 4, 5"):
        take(path, duplicates="refuse")


def test_a_kind_that_is_stated_for_half_a_year_is_said(tmp_path: Path) -> None:
    report = take(
        write_csv(
            tmp_path / "f.csv",
            "country,period,kind,carats,value\nTZ,2023-H1,ASM,5,50\nTZ,2023-H2,ASM,5,50\nTZ,2023-H2,LSM,9,90\n"
            "CM,2020,ASM,5,50\nCM,2023,ASM,5,50\n",
        )
    )
    assert report.doubtful == [
        (6, "CM: nothing is stated of 2021 to 2022"),
        (4, "TZ 2023: industrial is stated for 2023-H2 and not for 2023-H1"),
    ]


def test_what_is_not_disclosed_is_stored_as_that(tmp_path: Path) -> None:
    report = take(
        write_csv(
            tmp_path / "f.csv",
            "Pays;Période;Type;Carats;Valeur (US$)\n"
            "RDC;2023;artisanale;1 234 567,5;n/d\nRDC;2023;industrielle;c;-\n"
            "Lesotho;2023;;0;0\nTchad;2023;;;\n"
            "Angola;2023;total;100;0\n",
        )
    )
    assert current() == {
        ("CD", "2023-01", "artisanal"): (Decimal("1234567.5"), None),
        ("CD", "2023-01", "industrial"): (None, None),
        ("LS", "2023-01", "total"): (Decimal(0), Decimal(0)),
        ("AO", "2023-01", "total"): (Decimal(100), None),
    }
    assert report.skipped == [(5, "neither carats nor value")]
    assert report.doubtful == [(6, "a value of 0 for 100.00 carats: taken as not disclosed")]


def test_a_correction_replaces_and_keeps_what_was(tmp_path: Path) -> None:
    head = "country,period,kind,carats,value\n"
    take(write_csv(tmp_path / "f.csv", f"{head}CD,2023,ASM,100,800\nCD,2023,LSM,40,300\nCF,2023,ASM,7,70\n"))
    report = take(write_csv(tmp_path / "f.csv", f"{head}CD,2023,ASM,110,800\nCD,2023,LSM,40,300\n"))
    assert (report.created, report.updated, report.unchanged) == (0, 1, 1)
    old = ProductionFigure.objects.get(superseded_at__isnull=False)
    assert old.carats == 100
    assert old.superseded_by is not None
    assert old.superseded_by.carats == 110
    assert current()[("CF", "2023-01", "artisanal")] == (Decimal(7), Decimal(70))
    assert any("100.00 carats" in note and "is now 110.00 carats" in note for note in report.notes)
    assert any("were kept: CF 2023" in note for note in report.notes)
    assert take(tmp_path / "f.csv").unchanged == 2


def test_a_dry_run_reports_the_same_and_writes_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", "country,year,carats\nAO,2023,9\nXX,2023,1\n")
    dry = take(path, is_dry_run=True)
    assert not ProductionFigure.objects.exists()
    wet = take(path)
    assert list(dry.lines()) == list(wet.lines())


def test_every_row_that_cannot_be_has_its_reason(tmp_path: Path) -> None:
    make_area("Kamonia", country="CD")
    report = take(
        write_csv(
            tmp_path / "f.csv",
            "country,area,period,kind,quality,carats\n"
            "Atlantis,,2023,,,1\nTotal,,2023,,,1\nAO,,soon,,,1\nAO,,2023,sometimes,,1\nAO,,2023,,shiny,1\n"
            "AO,,2023,,,many\nAO,,2023,,,-5\nCD,Kamonya,2023,,,1\n,,2023,,,1\nCD,kamonia,2023,ASM,gem,3\n"
            "AO,,2099,,,1\n",
        )
    )
    reasons = dict(report.skipped)
    assert '"Atlantis" is no country' in reasons[2]
    assert "sum of the others" in reasons[3]
    assert '"soon" is no period' in reasons[4]
    assert '"sometimes" is no kind' in reasons[5]
    assert '"shiny" is no quality' in reasons[6]
    assert '"many" in column "carats" is not a number' in reasons[7]
    assert reasons[8] == "less than nought"
    assert reasons[9] == 'no producing area in CD is called "Kamonya"; close to it: Kamonia'
    assert reasons[10] == "no country"
    assert reasons[12] == "its period has not begun"
    figure = ProductionFigure.objects.get()
    assert (figure.area and figure.area.name, str(figure.quality)) == ("Kamonia", "gem")


def test_kinds_in_columns_titles_above_and_thousands_are_understood(tmp_path: Path) -> None:
    report = take(
        write_book(
            tmp_path / "summary.xlsx",
            ("Annual summary 2023",),
            (),
            ("", "Production", "", "", "", "Export", ""),
            (
                "Participant",
                "ASM ('000 cts)",
                "LSM ('000 cts)",
                "Value (US$)",
                "US$/ct",
                "Volume (cts)",
                "Value",
            ),
            ("Sierra Leone", 83.2, 442.3, 102_500_000, 195, 500_000, 9),
        )
    )
    assert current() == {
        ("SL", "2023-01", "artisanal"): (Decimal("83200"), None),
        ("SL", "2023-01", "industrial"): (Decimal("442300"), None),
        ("SL", "2023-01", "total"): (None, Decimal("102500000")),
    }
    assert sum("1,000s" in note for note in report.notes) == 2


def test_columns_are_named_by_hand(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", "land,jahr,menge\nAngola,2023,5\n")
    with pytest.raises(ImportRefused, match="land, jahr, menge"):
        take(path)
    take(path, reading=ReadingOptions(columns={"country": "land", "year": "jahr", "carats": "menge"}))
    assert current() == {("AO", "2023-01", "total"): (Decimal(5), None)}


def test_the_command_writes_its_report(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", "country,year,carats\nAO,2023,9\nXX,2023,1\n")
    out = StringIO()
    call_command(
        "import_production", str(path), "--source", "S", "--report", str(tmp_path / "r.csv"), stdout=out
    )
    assert "created   1" in out.getvalue()
    with open(tmp_path / "r.csv", encoding="utf-8") as file:
        assert list(csv.DictReader(file)) == [
            {"row": "3", "what": "skipped", "why": '"XX" is no country that we know'}
        ]
    with pytest.raises(CommandError, match="give a file"):
        call_command("import_production")
    with pytest.raises(CommandError, match="there is no file"):
        call_command("import_production", str(tmp_path / "none.csv"))


def test_the_shipped_figures_are_whole_and_each_names_its_source() -> None:
    import_shipped_areas()
    report = import_shipped_production()
    with SHIPPED_FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert report.skipped == []
    assert report.created == len(rows) == ProductionFigure.objects.count()
    assert all(row["source"] for row in rows), json.dumps(rows)
    assert import_shipped_production().unchanged == len(rows)

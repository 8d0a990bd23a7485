"""Tables as offices really send them, written by hand: read right, or refused with the line named."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from openpyxl import Workbook

from impact.places.importing.report import ImportReport
from impact.places.importing.source import ImportRefused
from impact.places.models import ProductionFigure
from impact.places.production.importing import import_production
from impact.places.production.stated import ReadingOptions

pytestmark = pytest.mark.django_db
Row = tuple[Any, ...]


def take(path: Path, **options: Any) -> ImportReport:
    return import_production(path, ReadingOptions(**options), source_name="test")


def text(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / "odd.csv"
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def book(folder: Path, *rows: Row, hidden: Sequence[Row] = ()) -> Path:
    made = Workbook()
    for row in rows:
        made.worksheets[0].append(row)
    if hidden:
        sheet = made.create_sheet("Draft")
        sheet.sheet_state = "hidden"
        for row in hidden:
            sheet.append(row)
    made.save(folder / "odd.xlsx")
    return folder / "odd.xlsx"


def stored() -> dict[tuple[str, int, str], tuple[Decimal | None, Decimal | None]]:
    return {
        (one.country, one.from_on.year, str(one.kind)): (one.carats, one.value_usd)
        for one in ProductionFigure.objects.filter(superseded_at=None)
    }


def test_an_ambiguous_number_beside_decimal_commas_is_an_error_of_its_line(tmp_path: Path) -> None:
    path = text(tmp_path, "pays;année;carats", "Angola;2021;12,5", "Angola;2022;727,000", "Angola;2023;9,75")
    report = take(path)
    assert dict(report.skipped) == {
        3: '"727,000" in column "carats" can be 727 or 727,000: '
        "say which with --decimal comma or --decimal point"
    }
    assert [carats for carats, _value in stored().values()] == [Decimal("12.5"), Decimal("9.75")]
    take(path, decimal="comma")
    assert stored()["AO", 2022, "total"] == (Decimal(727), None)


def test_the_command_takes_the_decimal_sign(tmp_path: Path) -> None:
    path = text(tmp_path, "country,year,carats", 'AO,2022,"727,000"', "AO,2023,12.5", "AO,2021,727.000")
    call_command("import_production", str(path), "--decimal", "point")
    assert [carats for carats, _value in sorted(stored().values())] == [
        Decimal("12.5"),
        Decimal(727),
        Decimal(727_000),
    ]


def test_a_french_ministry(tmp_path: Path) -> None:
    """Semicolons, Windows-1252, thousands with no-break spaces, decimal commas, a total, a note."""
    path = text(
        tmp_path,
        "Direction des Mines : production de diamants",
        "",
        "Pays;Année;Quantité (cts);Valeur (USD)",
        "République centrafricaine;2021;1\u00a0234,5;98\u00a0765\u00a0432,10",
        "République centrafricaine;2022;n.d.;-",
        "Total;;1\u00a0234,5;98\u00a0765\u00a0432,10",
        "Source : registres des bureaux d’achat;;;",
        encoding="cp1252",
    )
    report = take(path)
    assert stored() == {
        ("CF", 2021, "total"): (Decimal("1234.50"), Decimal("98765432.10")),
        ("CF", 2022, "total"): (None, None),
    }
    reasons = dict(report.skipped)
    assert reasons[6] == "Total: the sum of the others"
    assert "is no country" in reasons[7]


def test_a_portuguese_ministry(tmp_path: Path) -> None:
    """Points between thousands in every cell, and one cell that proves it."""
    path = text(
        tmp_path, "País;Ano;Quilates", "Angola;2021;8.723.160", "Angola;2022;12.001", "Angola;2023;.."
    )
    take(path)
    assert [carats for carats, _value in stored().values()] == [Decimal(8_723_160), Decimal(12_001), None]


def test_a_swiss_trader(tmp_path: Path) -> None:
    """Apostrophes of both kinds, tabs."""
    path = text(tmp_path, "Country\tYear\tCarats\tValue USD", "Sierra Leone\t2022\t688’969\t1'142'863'340.50")
    take(path)
    assert stored() == {("SL", 2022, "total"): (Decimal(688_969), Decimal("1142863340.50"))}


def test_an_indian_hand(tmp_path: Path) -> None:
    take(text(tmp_path, "country,year,carats", 'IN,2022,"12,34,567"', 'IN,2023,"31,000"'))
    assert [carats for carats, _value in stored().values()] == [Decimal(1_234_567), Decimal(31_000)]


def test_units_within_cells(tmp_path: Path) -> None:
    report = take(
        text(
            tmp_path,
            "country,year,production,value",
            "AO,2019,9.12 Mct,US$ 1.263 billion",
            "BW,2020,16.9 million carats,USD 2.1bn",
            "LS,2021,727 kct,US$ 300m",
            "SL,2022,~ 0.689 mct,",
            "GH,2023,<1,5",
            "ZW,2023,4.9 tonnes,5",
        )
    )
    assert stored() == {
        ("AO", 2019, "total"): (Decimal(9_120_000), Decimal(1_263_000_000)),
        ("BW", 2020, "total"): (Decimal(16_900_000), Decimal(2_100_000_000)),
        ("LS", 2021, "total"): (Decimal(727_000), Decimal(300_000_000)),
        ("SL", 2022, "total"): (Decimal(689_000), None),
    }
    assert dict(report.skipped) == {
        6: '"<1" in column "production" is not a number',
        7: '"4.9 tonnes" in column "production" is not a number',
    }


def test_units_in_a_second_row_of_the_header(tmp_path: Path) -> None:
    report = take(
        book(
            tmp_path,
            ("Diamond production of participants",),
            ("Country", "Year", "Production", "Value"),
            (None, None, "(kct)", "(USD million)"),
            ("Lesotho", 2022, 727.5, 312.25),
            ("Lesotho", 2023, "n/a", ".."),
        )
    )
    assert stored() == {
        ("LS", 2022, "total"): (Decimal(727_500), Decimal(312_250_000)),
        ("LS", 2023, "total"): (None, None),
    }
    assert not report.skipped


def test_kinds_in_a_second_row_under_merged_headings(tmp_path: Path) -> None:
    take(
        book(
            tmp_path,
            ("Country", "Year", "Carats", None, "US$ million", None),
            (None, None, "ASM", "LSM", "ASM", "LSM"),
            ("Sierra Leone", 2023, 83_200, 442_300, 20.5, 82),
        )
    )
    assert stored() == {
        ("SL", 2023, "artisanal"): (Decimal(83_200), Decimal(20_500_000)),
        ("SL", 2023, "industrial"): (Decimal(442_300), Decimal(82_000_000)),
    }


def test_totals_between_and_below(tmp_path: Path) -> None:
    report = take(
        text(
            tmp_path,
            "Participant,Year,Carats",
            "Angola,2023,9",
            "Sub-total Africa,2023,9",
            "Grand total,2023,9",
            "World,2023,9",
        )
    )
    assert list(stored()) == [("AO", 2023, "total")]
    assert [row for row, _reason in report.skipped] == [3, 4, 5]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_with_and_without_its_mark(tmp_path: Path, encoding: str) -> None:
    take(text(tmp_path, "Country\tYear\tCarats", "Côte d’Ivoire\t2023\t5904", encoding=encoding))
    assert stored() == {("CI", 2023, "total"): (Decimal(5904), None)}


def test_formulas_that_nobody_worked_out_are_refused_and_not_lost(tmp_path: Path) -> None:
    """openpyxl stores a formula and no value, as other programs do too."""
    report = take(
        book(
            tmp_path,
            ("Country", "Year", "Carats", "Value USD"),
            ("AO", 2021, 5, 10),
            ("AO", 2022, "=C2*2", 20),
            ("AO", 2023, 7, "#REF!"),
        )
    )
    assert stored() == {("AO", 2021, "total"): (Decimal(5), Decimal(10))}
    reasons = dict(report.skipped)
    assert reasons[3].startswith('"=C2*2" in column "Carats" was never worked out')
    assert reasons[4] == '"#REF!" in column "Value USD" is not a number'


def test_hidden_sheets_are_left_out_unless_named(tmp_path: Path) -> None:
    head = ("Country", "Year", "Carats")
    path = book(tmp_path, head, ("AO", 2023, 9), hidden=(head, ("AO", 2023, 8_000)))
    report = take(path)
    assert stored() == {("AO", 2023, "total"): (Decimal(9), None)}
    assert "hidden sheets are left out: Draft; --sheet reads one" in report.notes
    import_production(path, ReadingOptions(), source_name="other", sheet="Draft")
    assert stored()["AO", 2023, "total"][0] == Decimal(8_000)


def test_days_as_numbers_are_refused_and_days_as_days_are_read(tmp_path: Path) -> None:
    report = take(
        book(
            tmp_path,
            ("Country", "From", "To", "Carats"),
            ("AO", datetime(2023, 1, 1), datetime(2023, 6, 30), 5),  # noqa: DTZ001
            ("AO", 45_108, 45_291, 6),
        )
    )
    assert list(stored()) == [("AO", 2023, "total")]
    [(row, reason)] = report.skipped
    assert (row, "45108 to 45291" in reason) == (3, True)


def test_a_year_that_a_spreadsheet_made_a_day_is_refused(tmp_path: Path) -> None:
    report = take(
        book(tmp_path, ("Country", "Period", "Carats"), ("AO", datetime(2023, 1, 1), 5))  # noqa: DTZ001
    )
    [(row, reason)] = report.skipped
    assert (row, "is no period" in reason) == (2, True)


def test_what_is_too_large_to_be_is_refused(tmp_path: Path) -> None:
    report = take(text(tmp_path, "country,year,carats", "AO,2022,1e30", f"AO,2023,{'9' * 50}", "AO,2021,5"))
    assert dict(report.skipped) == {
        2: '"1e30" in column "carats" is more than can be',
        3: f'"{"9" * 50}" in column "carats" is more than can be',
    }


def test_a_table_of_no_production_is_refused_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="no table with a country or area and carats"):
        take(text(tmp_path, "name;phone", "somebody;none"))

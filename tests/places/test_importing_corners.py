"""Outlines that a table gives by their corners, a row each."""

from pathlib import Path

import pytest

from impact.places.importing.area_rows import AreaOptions
from impact.places.importing.areas import import_areas
from impact.places.importing.corners import corner_column
from impact.places.importing.report import ImportReport
from impact.places.models import ProducingArea

pytestmark = pytest.mark.django_db


def take(folder: Path, *lines: str) -> ImportReport:
    (folder / "a.csv").write_text("\n".join(lines))
    return import_areas(folder / "a.csv", AreaOptions(source_name="S"))


def test_it_makes_an_outline_of_the_corners_of_a_site(tmp_path: Path) -> None:
    report = take(
        tmp_path,
        "Code;Nom;Sommet;Longitude;Latitude;Substance",
        "PE1;Kamonia;1;20°48'00\"E;6°24'00\"S;Diamant",
        "PE1;Kamonia;2;20°54'00\"E;6°24'00\"S;Diamant",
        "PE1;Kamonia;3;20°54'00\"E;6°30'00\"S;Diamant",
        "PE1;Kamonia;4;20°48'00\"E;6°30'00\"S;Diamant",
        "PE2;Tshina;A;21.0;-6.5;Or",
        "PE2;Tshina;B;21.1;-6.5;Or",
        "PE2;Tshina;C;21.1;-6.6;Or",
        "PE3;Short;1;21.0;-6.5;Or",
        "PE3;Short;2;21.1;-6.5;Or",
    )
    assert report.skipped == [(9, "2 corners make no outline")]
    first, second = ProducingArea.objects.order_by("source_key")
    assert (first.source_key, first.name, first.minerals) == ("PE1", "Kamonia", ["diamond"])
    assert first.geometry.extent == pytest.approx((20.8, -6.5, 20.9, -6.4))
    assert second.geometry.geom_type == "Polygon"
    assert report.notes == [
        "column Sommet counts corners: 2 outlines were made of them, in the order of their rows"
    ]


def test_corners_on_a_grid_are_an_outline_too(tmp_path: Path) -> None:
    take(
        tmp_path,
        "name,vertex no,easting,northing,zone",
        "A,1,477883,9290731,34S",
        "A,2,478883,9290731,34S",
        "A,3,478883,9291731,34S",
    )
    assert ProducingArea.objects.get().geometry.extent == pytest.approx(
        (20.8, -6.4167, 20.809, -6.4076), abs=1e-3
    )


def test_a_corner_that_cannot_be_read_leaves_out_the_whole_outline(tmp_path: Path) -> None:
    report = take(tmp_path, "name,corner,lon,lat", "A,1,20,-6", "A,2,20.1,-6", "A,3,here,-6.1", "B,1,20,-7")
    assert report.skipped == [
        (2, "its corner in row 4: 'here' is not a coordinate"),
        (5, "1 corners make no outline"),
    ]
    assert not ProducingArea.objects.exists()


@pytest.mark.parametrize("name", ["Sommet", "N° Sommet", "Corner No.", "vertex_id", "Borne"])
def test_it_knows_a_column_of_corners_by_its_name(name: str) -> None:
    assert corner_column(["Nom", name, "X"]) == name
    assert corner_column(["Nom", "X", "Y"]) == ""

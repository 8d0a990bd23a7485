"""A second import of a changed file, what moderators did in between, recipes and reports."""

import csv
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError

from impact.accounts.models import User
from impact.places.curating import add_alias, correct_area, retire_area
from impact.places.importing.area_rows import AreaOptions
from impact.places.importing.areas import import_areas
from impact.places.models import AreaChange, AreaPair, ProducingArea
from tests.builders import make_area
from tests.places.test_importing_areas import counts, run_import, write_csv

pytestmark = pytest.mark.django_db
HEADER = "id,name,country,lat,lon,operator"
ONE, TWO = "s1,Kamako,CD,-6.4,20.8,Firm", "s2,Kamonia,CD,-6.6,20.9,Firm"


def first(tmp_path: Path) -> Path:
    path = write_csv(tmp_path / "a.csv", HEADER, ONE, TWO)
    run_import(path)
    return path


def test_it_keeps_what_moderators_corrected_and_named(tmp_path: Path, moderator: User) -> None:
    path = first(tmp_path)
    area = ProducingArea.objects.get(source_key="s1")
    area = correct_area(
        area=area,
        fields={"operator": "Nobody"},
        by=moderator.pk,
        reason="Seen.",
        expected_version=area.version,
    )
    add_alias(
        area=area,
        name="Tshibungu",
        language="lua",
        by=moderator.pk,
        reason="Said.",
        expected_version=area.version,
    )
    write_csv(path, HEADER, ONE.replace("Kamako", "Kamako Pits"), TWO)
    printed = counts(run_import(path))
    assert (printed["updated"], printed["unchanged"]) == (1, 1)
    area.refresh_from_db()
    assert (area.name, area.operator, area.aliases) == ("Kamako Pits", "Nobody", ["Tshibungu"])
    change = area.changes.last()
    assert change is not None
    assert (change.action, change.before, change.changed_by) == ("imported", {"name": "Kamako"}, None)


def test_what_the_source_has_no_longer_is_listed_and_stays(tmp_path: Path) -> None:
    path = first(tmp_path)
    write_csv(path, HEADER, TWO)
    printed = run_import(path)
    assert "no longer in the source, kept:\n  Kamako (CD) s1" in printed
    area = ProducingArea.objects.get(source_key="s1")
    assert (area.retired_on, area.absent_since is None) == (None, False)
    assert "Kamako (CD) s1" in run_import(path), "listed every time"
    assert area.changes.count() == 1


def test_it_is_retired_when_asked_and_comes_back_with_the_source(tmp_path: Path) -> None:
    path = first(tmp_path)
    write_csv(path, HEADER, TWO)
    assert "retired, no longer in the source:" in run_import(path, "--retire")
    area = ProducingArea.objects.get(source_key="s1")
    assert (area.retired_on is None, area.relinked_at) == (False, None)
    write_csv(path, HEADER, ONE, TWO)
    run_import(path)
    area.refresh_from_db()
    assert (area.retired_on, area.absent_since, area.retired_because) == (None, None, "")


def test_a_row_that_cannot_be_used_is_not_gone(tmp_path: Path) -> None:
    path = first(tmp_path)
    write_csv(path, HEADER, ONE.replace("-6.4", "nowhere"), TWO)
    printed = run_import(path, "--retire")
    assert "gone" not in counts(printed)
    assert not ProducingArea.objects.filter(retired_on__isnull=False).exists()


def test_what_a_moderator_retired_stays_retired(tmp_path: Path, moderator: User) -> None:
    path = first(tmp_path)
    area = ProducingArea.objects.get(source_key="s1")
    retire_area(area=area, by=moderator.pk, reason="Filled in.", expected_version=area.version)
    write_csv(path, HEADER, ONE.replace("Firm", "Other"), TWO)
    run_import(path)
    area.refresh_from_db()
    assert (area.operator, area.retired_because) == ("Other", "Filled in.")


def test_a_dry_run_says_the_same_and_changes_nothing(tmp_path: Path) -> None:
    path = first(tmp_path)
    write_csv(path, HEADER, ONE.replace("Kamako", "Other"), "s3,New,CD,-6.5,20.7,")
    before = list(ProducingArea.objects.order_by("pk").values())
    dry = run_import(path, "--dry-run", "--retire")
    assert list(ProducingArea.objects.order_by("pk").values()) == before
    assert not AreaChange.objects.exists()
    wet = run_import(path, "--retire")
    assert dry.splitlines()[:-1] == wet.splitlines()[:-1]


def test_the_report_is_a_file_too(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", HEADER, ONE, "s2,Swapped,CD,20.9,-6.6,", "s3,Blank,CD,,,")
    run_import(path, "--report", str(tmp_path / "r.csv"))
    with (tmp_path / "r.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["row", "what", "why"]
    assert sorted((row, what) for row, what, _ in rows[1:]) == [
        ("2", "created"),
        ("3", "created"),
        ("3", "mended"),
        ("4", "skipped"),
    ]
    with pytest.raises(CommandError, match="--report"):
        run_import(path, "--report", str(tmp_path / "no" / "r.csv"))


def test_a_recipe_reads_the_next_file_of_a_source(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", "a;b;c;d", "k1;Kamako;20,8;-6,4")
    told = (
        "--map",
        "id=a",
        "name=b",
        "lon=c",
        "lat=d",
        "--source",
        "Survey",
        "--licence",
        "CC0",
        "--country",
        "CD",
    )
    assert "recipe survey kept" in run_import(path, *told, "--save-recipe", "survey")
    write_csv(path, "a;b;c;d", "k1;Kamako;20,8;-6,4", "k2;Kamonia;20,9;-6,6")
    printed = counts(run_import(path, "--recipe", "survey"))
    assert (printed["created"], printed["unchanged"]) == (1, 1)
    assert set(ProducingArea.objects.values_list("source_name", "licence")) == {("Survey", "CC0")}
    with pytest.raises(CommandError, match="no recipe 'other'; there are: survey"):
        run_import(path, "--recipe", "other")
    with pytest.raises(CommandError, match="name of a recipe"):
        run_import(path, "--save-recipe", "two words")


def test_it_suggests_that_two_sources_have_one_place(tmp_path: Path) -> None:
    polygon = make_area("Mine de Kamako", wkt="POLYGON((20.78 -6.42,20.82 -6.42,20.82 -6.38,20.78 -6.42))")
    make_area("Elsewhere", longitude=20.85)
    first(tmp_path)
    pair = AreaPair.objects.get()
    assert (pair.one, pair.other.name, pair.verdict) == (polygon, "Kamako", "open")
    assert (pair.distance_m < 3000, pair.closeness) == (True, 1.0)


def test_it_reads_periods_title_holders_and_names_in_languages(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv",
        "id,name,name:fr,nom_sw,titulaire,date_octroi,date_expiration,survey date,lat,lon",
        "s1,Kamako,Les puits,Machimbo,Holder SA,2015,31/12/2039,2024-05,-6.4,20.8",
        "s2,Other,,,,2020,2010,someday,-6.6,20.8",
    )
    printed = run_import(path)
    area = ProducingArea.objects.get(source_key="s1")
    assert (area.name, area.title_holder) == ("Kamako", "Holder SA")
    assert (area.active_from, area.active_to, area.source_date) == (
        date(2015, 1, 1),
        date(2039, 12, 31),
        date(2024, 5, 1),
    )
    assert set(area.other_names.values_list("name", "language")) == {("Les puits", "fr"), ("Machimbo", "sw")}
    assert "row 3: it says that it was worked from 2020-01-01 until 2010-12-31" in printed
    assert "row 3: survey date 'someday' is not a day" in printed


def test_of_several_visits_to_a_site_the_latest_says_how_it_is(tmp_path: Path) -> None:
    """As IPIS publishes its surveys: a row a visit, the site's code beside the visit's."""
    path = tmp_path / "visits.csv"
    path.write_text(
        "vid,pcode,visit_date,name,longitude,latitude,mineral1,mineral2\n"
        "101,cod1,2021-02-11,Kamituga,28.18,-3.05,Or,Cassitérite\n"
        "102,cod1,2019-05-04,Kamituga,28.18,-3.05,Or,\n"
        "103,cod2,12/03/2020,Mulungu,28.25,-2.90,Coltan,\n"
        "104,cod1,2020-05-04,Kamituga,28.18,-3.05,Or,\n"
    )
    report = import_areas(path, AreaOptions(source_name="visits"))
    assert report.skipped == [
        (3, "row 2 is a later visit to the same site"),
        (5, "row 2 is a later visit to the same site"),
    ]
    site = ProducingArea.objects.get(name="Kamituga")
    assert (site.source_key, site.minerals, str(site.source_date)) == ("cod1", ["gold", "tin"], "2021-02-11")


def test_rows_of_one_code_that_are_no_visits_are_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text(
        "pcode,visit_date,name,longitude,latitude\n"
        "cod1,2021-02-11,A,28.18,-3.05\ncod1,2020-02-11,B,28.2,-3.1\n"
    )
    report = import_areas(path, AreaOptions(source_name="sites"))
    assert report.created == 2
    assert "pcode is not taken as the identifier, for in row 3 it is also in" in report.notes[0]

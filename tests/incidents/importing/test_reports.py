from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from impact.incidents.models import Incident, Report

pytestmark = pytest.mark.django_db

PLATFORM = """Post ID,Post Status,Created (UTC),Post Date (UTC),Title,Description,Location.lat,Location.lon,Categories,Photo
101,published,2026-03-05 10:00:00,2026-03-02 00:00:00,Tax at the pit,"Soldiers take a tax at the pit, every day",-6.41,20.80,"Extortion, Roadblock",https://photos.example/1.jpg
102,draft,2026-03-06 10:00:00,,Somebody shot,A digger was shot dead,,,Killing,
"""  # noqa: E501
VERSION_2 = """#,INCIDENT TITLE,INCIDENT DATE,LOCATION,DESCRIPTION,CATEGORY,LATITUDE,LONGITUDE,APPROVED
1,River dead,03/14/2026 12:30:00,Kasai river,"The water is brown, fish die","Pollution, ",-6.2,20.9,YES
"""
EVENTS = """id,date_start,date_end,latitude,longitude,where_prec,country,best,type,source_headline
a,2014-02-03,2014-02-03,4.36,18.55,1,Central African Republic,3,Killing,Three killed in a town
b,2014-02-03,2014-02-09,4.33,18.60,2,Central African Republic,0,Killing,Two men were killed near a village
c,2014-03-01,2014-03-31,6.00,21.00,6,Central African Republic,12,Killing,Twelve killed in the country
d,2014-04-09,2014-04-02,4.36,18.55,1,Central African Republic,1,Killing,Backwards
e,2014-04-02,2014-04-02,95,18.55,1,Central African Republic,1,Killing,Beyond the pole
,2014-04-02,2014-04-02,4.36,18.55,1,Central African Republic,1,Killing,Nameless
f,2014-05-01,,4.36,18.55,9,Central African Republic,x,Riot,Doubtful in three ways
"""


def run(tmp_path: Path, content: str, *options: str, kind: str = "csv", name: str = "events.csv") -> str:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    out = StringIO()
    call_command("import_reports", str(file), "--format", kind, *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_an_export_of_the_platform_keeps_its_words_place_day_and_links(tmp_path: Path) -> None:
    assert "created   2" in run(tmp_path, PLATFORM, kind="ushahidi")
    report = Report.objects.get(source_key="import:events:101")
    assert report.text == (
        "Tax at the pit\n\nSoldiers take a tax at the pit, every day\n\nhttps://photos.example/1.jpg"
    )
    incident = report.incident
    assert incident.harm_codes == ["extortion"]
    assert incident.point is not None
    assert (incident.point.x, incident.point.y, incident.uncertainty_m) == (20.80, -6.41, 2000)
    assert incident.occurred_from == date(2026, 3, 2)
    assert (report.channel, report.received_at.date()) == ("import", date(2026, 3, 5))
    assert (incident.verification, incident.publication) == ("unverified", "internal")
    assert not report.may_publish


def test_an_export_of_version_2_is_read_too(tmp_path: Path) -> None:
    run(tmp_path, VERSION_2, kind="ushahidi")
    incident = Incident.objects.get()
    assert incident.harm_codes == ["water_pollution"]
    assert incident.occurred_from == date(2026, 3, 14)
    assert incident.place_name == "Kasai river"


def test_the_same_file_again_adds_nothing(tmp_path: Path) -> None:
    run(tmp_path, PLATFORM, kind="ushahidi")
    assert "unchanged 2" in run(tmp_path, PLATFORM, kind="ushahidi")
    assert Report.objects.count() == 2
    run(tmp_path, PLATFORM, "--source", "another system", kind="ushahidi")
    assert Report.objects.count() == 4


def test_precision_codes_become_uncertainty_and_every_row_left_out_has_a_reason(tmp_path: Path) -> None:
    told = run(tmp_path, EVENTS)
    # What the source states goes before the words, and its country before a coarse basemap's at a river.
    assert "killed" not in Report.objects.get(source_key="import:events:b").incident.people
    uncertainty = {
        report.source_key[-1]: (report.incident.uncertainty_m, report.incident.country)
        for report in Report.objects.select_related("incident")
    }
    assert uncertainty == {"a": (5000, "CF"), "b": (25000, "CF"), "c": (None, "CF"), "f": (2000, "CF")}
    assert Report.objects.get(source_key="import:events:a").incident.people["killed"] == {"low": 3, "high": 3}
    for line in (
        "rows      7",
        "created   4",
        "skipped   3",
        "row 5: it ends (2014-04-02) before it begins (2014-04-09)",
        "row 6: there is no such point: latitude 95, longitude 18.55",
        "row 7: it has no identifier of its own",
        "row 8: where_prec '9' is not a code",
        "row 8: killed 'x' is not a number",
        "row 8: category 'Riot' is none that is known here",
    ):
        assert line in told, line


def test_columns_and_categories_can_be_named(tmp_path: Path) -> None:
    odd = "nr,what,kind\n7,Men with guns came to the mine,Banditry\n"
    run(tmp_path, odd, "--map", "id=nr", "text=what", "categories=kind", "--category", "banditry=threats")
    assert Incident.objects.get().harm_codes == ["threats"]


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    assert "created   2" in run(tmp_path, PLATFORM, "--dry-run", kind="ushahidi")
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("content", "options", "reason"),
    [
        ("what\nthat\n", (), "identifier"),
        ("id,colour\n1,red\n", (), "what happened"),
        (EVENTS, ("--map", "id=number"), "no column 'number'"),
        (EVENTS, ("--map", "colour=id"), "not one of"),
        (EVENTS, ("--category", "riot=noise"), "not one of"),
        ("", (), "empty"),
    ],
)
def test_a_file_or_option_that_is_wrong_is_refused_in_one_line(
    content: str, options: tuple[str, ...], reason: str, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match=reason):
        run(tmp_path, content, *options)
    assert not Report.objects.exists()


def test_it_says_which_file_there_is_not(tmp_path: Path) -> None:
    absent = tmp_path / "absent.csv"
    with pytest.raises(CommandError, match=r"absent\.csv: No such file or directory"):
        call_command("import_reports", str(absent), "--format", "csv")


def test_it_finds_the_header_below_a_title(tmp_path: Path) -> None:
    printed = run(tmp_path, "Events of 2025\n\nid,text\n1,Soldiers beat two diggers at Tongo\n")
    assert "created   1" in printed


def test_one_identifier_with_other_words_is_said_and_not_lost_in_silence(tmp_path: Path) -> None:
    content = (
        "identifiant;texte\n7;Des militaires ont battu deux creuseurs\n7;La rivière est rouge\n"
        "7;Des militaires ont battu deux creuseurs\n"
    )
    for options in (("--dry-run",), ()):
        printed = run(tmp_path, content, *options)
        assert "created   1" in printed
        assert "unchanged 1" in printed
        assert "row 3: row 2 has the same identifier and other words" in printed

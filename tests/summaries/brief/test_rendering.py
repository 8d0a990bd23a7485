import io
import json
import shutil
import subprocess
import sys
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone
from pypdf import PdfReader
from scipy.stats import chi2

from impact.places.models import ProductionFigure
from impact.publication.models import PublishedIncident, Snapshot
from impact.publication.snapshots.taking import snapshot_lines, snapshot_records, take_snapshot
from impact.summaries.brief import Brief, BriefOptions, make_brief
from impact.summaries.brief.wording import how_to_check
from tests.builders import make_area, make_published
from tests.programs import needs

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture
def snapshot() -> Snapshot:
    kasai = make_area(name="Kamonia", kind="artisanal")
    mine = make_area(name="Catoca", kind="industrial", country="AO")
    for number in range(3):
        make_published(longitude=20.8 + number / 2, areas=((kasai, 3200.0),))
    make_published(
        harms=("extortion",),
        perpetrator="police",
        killed=None,
        country="AO",
        areas=((mine, 1000.0), (kasai, 9000.0)),
        occurred_from=date(2026, 8, 3),
        occurred_to=date(2026, 8, 9),
        verification="partially_corroborated",
    )
    make_published(harms=("chemicals",), perpetrator="company", killed=None, longitude=None, latitude=None)
    return take_snapshot()


def import_figures(text: str, imported_at: datetime) -> int:
    """Production figures as if they had come in at a moment; how many."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write(text)
        file.flush()
        call_command("import_production", file.name)
    ProductionFigure.objects.update(imported_at=imported_at)
    return ProductionFigure.objects.count()


def words_of(brief: Brief) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(brief.pdf)).pages).split())


def test_it_says_all_that_it_has_to(snapshot: Snapshot) -> None:
    words = words_of(make_brief(snapshot, BriefOptions()))
    for said in (
        "5 incidents beside mines in 2 countries",
        "at least 6 killed",
        "named in 4 of 5",
        "in the words of 2018",
        "rough diamonds used by public security forces or private",
        "acquired through systematic and widespread violence",
        "Working Group on Artisanal and Alluvial Production",
        "Two people were killed at an artisanal site",
        "Standard of proof",
        "are not a sample",
        "Kamonia",
        "check_brief.py",
        f"/snapshots/{snapshot.pk}/",
        snapshot.digest,
    ):
        assert said in words, said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("is_one_page", [True, False])
def test_it_has_its_pages_is_tagged_and_embeds_its_fonts(
    snapshot: Snapshot, language: str, is_one_page: bool, tmp_path: Path
) -> None:
    needs("pdffonts", "poppler-utils")
    needs("qpdf", "qpdf")
    brief = make_brief(snapshot, BriefOptions(language=language, is_one_page=is_one_page))
    reader = PdfReader(io.BytesIO(brief.pdf))
    assert len(reader.pages) in ({1} if is_one_page else range(4, 9))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert reader.trailer["/Root"]["/Lang"] == language  # type: ignore[index]
    file = tmp_path / "brief.pdf"
    file.write_bytes(brief.pdf)
    fonts = subprocess.run(["pdffonts", file], capture_output=True, text=True, check=True).stdout
    rows = fonts.splitlines()[2:]
    assert rows
    assert all(" yes yes " in row for row in rows)
    subprocess.run(["qpdf", "--check", file], capture_output=True, check=True)


def test_the_same_snapshot_gives_the_same_bytes_in_any_time_zone(snapshot: Snapshot) -> None:
    with timezone.override(ZoneInfo("Pacific/Auckland")):
        elsewhere = make_brief(snapshot, BriefOptions(language="fr"))
    assert make_brief(snapshot, BriefOptions(language="fr")) == elsewhere


def test_every_figure_is_asked_again_by_the_script_that_ships(snapshot: Snapshot, tmp_path: Path) -> None:
    brief = make_brief(snapshot, BriefOptions())
    (tmp_path / "lines").write_bytes(snapshot_lines(snapshot))
    (tmp_path / "figures.json").write_bytes(brief.figures)
    script = [sys.executable, "-I", str(settings.BASE_DIR / "docs" / "check_brief.py")]
    command = [*script, str(tmp_path / "lines"), str(tmp_path / "figures.json")]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert asked.returncode == 0, asked.stdout + asked.stderr
    figures = json.loads(brief.figures)
    assert f"{len(figures['figures'])} figures asked of 5 incidents, 0 differ" in asked.stdout
    assert figures["digest_sha256"] == snapshot.digest

    figures["figures"][3]["value"] += 1
    (tmp_path / "figures.json").write_text(json.dumps(figures))
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert asked.returncode == 1
    assert f"DIFFERS: {figures['figures'][3]['name']}" in asked.stdout


def test_the_commands_that_it_prints_check_it(snapshot: Snapshot, tmp_path: Path) -> None:
    (tmp_path / f"headlamp-{snapshot.pk}.jsonl").write_bytes(snapshot_lines(snapshot))
    (tmp_path / "figures.json").write_bytes(make_brief(snapshot, BriefOptions()).figures)
    for name in ("check_snapshot.py", "check_brief.py"):
        shutil.copy(settings.BASE_DIR / "docs" / name, tmp_path)
    commands = "\n".join(how_to_check(snapshot)["commands"]).replace("python3 ", f"{sys.executable} ")
    asked = subprocess.run(["sh", "-ec", commands], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert asked.returncode == 0, asked.stderr
    assert "5 incidents fit the digest" in asked.stdout
    assert "0 differ" in asked.stdout


def test_its_figures_are_those_of_a_plain_group_by(snapshot: Snapshot) -> None:
    figures = {
        figure["name"]: figure["value"]
        for figure in json.loads(make_brief(snapshot, BriefOptions()).figures)["figures"]
    }
    frame = pandas.DataFrame(snapshot_records(snapshot))
    for theme, count in frame.groupby("theme").size().items():
        assert figures[f"theme.{theme}"] == count
    for perpetrator, count in frame.groupby("perpetrator").size().items():
        assert figures[f"perpetrator.{perpetrator}"] == count
    assert figures["people.killed"] == frame["killed"].sum()
    exploded = frame.explode("areas").dropna(subset="areas")
    for area, count in exploded["areas"].map(lambda area: area["id"]).value_counts().items():
        assert figures[f"area.{area}.incidents"] == count
    assert figures["ask.security_finance.incidents"] == 1
    assert figures["ask.environment.incidents"] == 1
    assert figures["month.2026-08"] == 1


def test_production_is_what_was_held_when_the_snapshot_was_taken(snapshot: Snapshot) -> None:
    file = "country,period,kind,carats,value\nCD,2026,total,4000000,\nCD,2026,artisanal,n/d,n/d\n"
    first = make_brief(take_snapshot(), BriefOptions())
    assert "No production figures are held for Democratic Republic of the Congo" in words_of(first)
    held_then = import_figures(file, snapshot.created_at - timedelta(hours=1))
    brief = make_brief(snapshot, BriefOptions())
    words = words_of(brief)
    assert held_then == 2
    assert "4.00" in words
    assert "not disclosed" in words
    rate = next(one for one in json.loads(brief.figures)["derived"] if one["name"] == "rate.CD.2026.total")
    assert rate["incidents"] == 4
    assert rate["incidents_per_million_carats"]["rate"] == pytest.approx(1.0)
    low, high = chi2.ppf(0.025, 8) / 2 / 4, chi2.ppf(0.975, 10) / 2 / 4
    assert rate["incidents_per_million_carats"]["low"] == pytest.approx(low)
    assert rate["incidents_per_million_carats"]["high"] == pytest.approx(high)


def test_what_repeats_is_told_with_its_measure(snapshot: Snapshot) -> None:
    words = words_of(make_brief(snapshot, BriefOptions(country="CD")))
    assert "Systematic and widespread: the evidence" in words
    assert "not enough to call it widespread or systematic" in words


def test_a_brief_of_a_country_and_a_period_is_narrowed(snapshot: Snapshot) -> None:
    words = words_of(make_brief(snapshot, BriefOptions(country="AO", to_on=date(2026, 8, 31))))
    assert "Harm beside mines: Angola" in words
    assert "1 incident beside mines in Angola" in words


def test_an_advocate_chooses_cases_and_words(snapshot: Snapshot) -> None:
    chosen = next(record for record in snapshot_records(snapshot) if record["harms"] == ["extortion"])
    options = BriefOptions(cases=(chosen["id"],), sentences=((3, "Police taxed the pit."),))
    brief = make_brief(snapshot, options)
    words = words_of(brief)
    assert "Police taxed the pit." in words
    assert "Police taxed the pit." in brief.speech
    assert chosen["id"][:8] in words
    assert "Extortion or illegal tax Two people" in words


def test_nothing_published_is_a_brief_that_says_so() -> None:
    words = words_of(make_brief(take_snapshot(), BriefOptions()))
    assert "No incident beside mines was published for what was chosen here." in words
    assert "No case with a public text" in words


def test_invented_data_are_marked_on_every_page() -> None:
    make_published(is_fictional=True)
    brief = make_brief(take_snapshot(), BriefOptions())
    for page in PdfReader(io.BytesIO(brief.pdf)).pages:
        assert "FICTIONAL DEMONSTRATION DATA" in page.extract_text()
    assert brief.speech.startswith("FICTIONAL")


@pytest.mark.usefixtures("snapshot")
def test_the_command_writes_figures_and_speech_beside(tmp_path: Path) -> None:
    sentences = tmp_path / "own.txt"
    sentences.write_text("2: Six people died.\n")
    file, case = tmp_path / "brief.pdf", str(PublishedIncident.objects.latest("id").pk)
    own = ("--sentences", str(sentences), "--cases", case.upper())
    call_command("export_brief", "--lang", "fr", *own, "-o", str(file))
    assert file.read_bytes().startswith(b"%PDF")
    assert "Six people died." in (tmp_path / "brief.speech.txt").read_text()
    assert json.loads((tmp_path / "brief.figures.json").read_text())["figures"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--country", "XX"], "--country XX"),
        (["--from", "yesterday"], "--from yesterday: write a day as YYYY-MM-DD"),
        (["--from", "2026-02-01", "--to", "2026-01-01"], "--from is after --to"),
        (["--sentences", "/nowhere"], "--sentences /nowhere"),
        (["--snapshot", "nosuch"], "there is no snapshot nosuch"),
        (["--cases", "zzz"], "--cases zzz: not published"),
        (["--cases", *"123456789"], "--cases: at most 8"),
    ],
)
def test_the_command_says_in_one_line_what_is_wrong(
    arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # what it should refuse to write would lie there
    with pytest.raises(CommandError, match=message):
        call_command("export_brief", *arguments, "-o", "never.pdf")

from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pypdf import PdfReader

from impact.publication.filtering import IncidentFilter
from impact.publication.models import Snapshot
from impact.publication.snapshots.taking import take_snapshot
from impact.summaries.brief import BriefOptions, make_brief
from impact.summaries.brief.scope import scope_words
from tests.builders import make_area, make_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def snapshot() -> Snapshot:
    pits = make_area(kind="artisanal", minerals=["diamond"])
    make_published(areas=((pits, 1000.0),))
    make_published(harms=("chemicals",))
    return take_snapshot(
        IncidentFilter.parse({"country": "CD", "kind": "artisanal", "harm": "killing", "from": "2026-01"})
    )


def test_it_says_what_neither_the_title_nor_the_period_does(snapshot: Snapshot) -> None:
    assert scope_words(snapshot, BriefOptions(country="CD")) == "Killing; Artisanal"
    assert scope_words(snapshot, BriefOptions()) == "Killing; Democratic Republic of the Congo; Artisanal"
    assert scope_words(take_snapshot(), BriefOptions()) == ""


def test_a_filter_of_another_version_is_told_as_it_was_written(snapshot: Snapshot) -> None:
    Snapshot.objects.filter(pk=snapshot.pk).update(filter={"country": "CD", "weather": "rain"})
    snapshot.refresh_from_db()
    assert scope_words(snapshot, BriefOptions()) == "country=CD, weather=rain"


def test_paper_and_speech_begin_with_it(snapshot: Snapshot) -> None:
    brief = make_brief(snapshot, BriefOptions(country="CD", is_one_page=True))
    first = " ".join(PdfReader(BytesIO(brief.pdf)).pages[0].extract_text().split())
    assert "Killing; Artisanal" in first
    assert brief.speech.split("\n\n")[1] == "Counted here: Killing; Artisanal."
    assert "Counted here" not in make_brief(take_snapshot(), BriefOptions(is_one_page=True)).speech


def test_a_country_that_the_filter_names_is_named_in_the_title(snapshot: Snapshot, tmp_path: Path) -> None:
    made = tmp_path / "brief.pdf"
    call_command("export_brief", "--filter", "country=CD", "--one-page", "-o", str(made))
    first = " ".join(PdfReader(made).pages[0].extract_text().split())
    assert "Harm beside mines: Democratic Republic of the Congo" in first
    assert "1 country" not in first

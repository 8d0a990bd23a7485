from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from impact.accounts.models import User
from impact.incidents.models import Incident, Report
from impact.moderation.deciding import Correction, correct_incident, verify_incident
from impact.operations.working import beat
from impact.understanding import adopted_model as store
from impact.understanding.harm_model import HarmModel
from impact.vocabulary import Harm
from tests.builders import NOW, make_incident

pytestmark = pytest.mark.django_db
PEOPLE = ("Abu", "Ben", "Cici", "Dan", "Eva", "Foday", "Gina", "Hawa", "Isa", "Jo", "Kai", "Lamin", "Musa")


@pytest.fixture(autouse=True)
def place_for_models(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    store.look_again()


def settle(count: int, word: str, harm: Harm, **fields: Any) -> None:
    """So many verified incidents whose reports say a word of their own for one harm."""
    for number in range(count):
        text = f"they {word} {PEOPLE[number % len(PEOPLE)]} at pit number {number} of the {word} field"
        make_incident(
            text=text,
            harms=(harm,),
            triage="triaged",
            verification="verified",
            received_at=NOW - timedelta(hours=number),
            **fields,
        )


def train(*options: str) -> str:
    out = StringIO()
    call_command("train_reading", *options, stdout=out)
    return out.getvalue()


def test_too_few_reports_are_refused() -> None:
    settle(10, "beat", Harm.INJURY)
    with pytest.raises(CommandError, match="10 moderated reports with a harm; at least 200"):
        train()
    assert not store.model_path().exists()


def test_a_model_is_adopted_when_it_reads_better() -> None:
    settle(120, "zumbaliki", Harm.DISAPPEARANCE)
    settle(120, "beat", Harm.INJURY)
    assert "It would be adopted. Nothing changed." in train("--dry-run")
    assert not store.model_path().exists()
    said = train()
    assert "Learnt from 180 moderated reports, tried on 60" in said
    assert "Adopted:" in said
    training = HarmModel.load(store.model_path()).training
    assert training.f1_after > training.f1_before
    beat()
    out = StringIO()
    call_command("doctor", stdout=out)
    assert "from 180 reports; F1 of the harms" in out.getvalue()
    # What it knows now it cannot beat.
    assert "Not adopted" in train()
    assert "Forgotten" in train("--forget")
    assert "There is no learnt model" in train("--forget")


def test_a_model_that_reads_no_better_is_not_adopted() -> None:
    settle(220, "beat", Harm.INJURY)
    settle(30, "killed", Harm.KILLING)
    said = train()
    assert "Not adopted" in said
    assert not store.model_path().exists()


def test_demonstration_data_teaches_only_when_asked() -> None:
    settle(240, "zumbaliki", Harm.DISAPPEARANCE, is_fictional=True)
    Report.objects.update(is_fictional=True)
    with pytest.raises(CommandError, match="0 moderated reports"):
        train()
    with pytest.raises(CommandError, match="no harm was told of often enough"):
        train("--with-fictional")


def test_what_nobody_settled_teaches_nothing(moderator: User) -> None:
    for text in ("one", "two", "three", "four"):
        make_incident(text=f"they beat {text}", triage="triaged")
    verified, corrected, _unsettled, spam = Incident.objects.all()
    Incident.objects.filter(pk=spam.pk).update(triage="spam", verification="verified")
    verify_incident(incident=verified, moderator=moderator, reason="seen", expected_version=1)
    correct_incident(
        incident=corrected,
        moderator=moderator,
        correction=Correction(harms=(Harm.INJURY,)),
        reason="read wrongly",
        expected_version=1,
    )
    with pytest.raises(CommandError, match="2 moderated reports"):
        train()


def test_a_broken_model_is_told_by_the_doctor() -> None:
    store.model_path().parent.mkdir()
    store.model_path().write_bytes(b"no model")
    beat()
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("doctor", stdout=out)
    assert "FAIL learnt model" in out.getvalue()

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from impact.accounts.models import User
from impact.ledger.chain import log_head
from impact.ledger.models import Entry, Kind
from impact.ledger.witnessing import read_heads, witness_head
from tests.builders import NOW
from tests.ledger.builders import some_decisions

pytestmark = pytest.mark.django_db


def test_it_tells_a_file_and_a_person_once_a_day(
    moderator: User, settings: Settings, tmp_path: Path, mailoutbox: list[object]
) -> None:
    file = tmp_path / "outside" / "heads.txt"
    settings.WITNESS_FILE, settings.WITNESS_EMAIL = str(file), ["board@partner.example"]
    assert witness_head(NOW) == 0  # an empty log has no head
    some_decisions(moderator, 2)
    head = log_head()
    assert witness_head(NOW) == 2
    assert read_heads(file.read_text()) == [head]
    assert str(head) in vars(mailoutbox[0])["body"]
    assert witness_head(NOW + timedelta(hours=23)) == 0
    assert witness_head(NOW + timedelta(hours=25)) == 2
    assert [found.sequence for found in read_heads(file.read_text())] == [2, 3]
    assert Entry.objects.filter(kind=Kind.WITNESS).count() == 2
    call_command("verify_log")


def test_without_a_witness_nothing_is_claimed(moderator: User, settings: Settings) -> None:
    settings.WITNESS_FILE, settings.WITNESS_EMAIL = "", []
    some_decisions(moderator, 2)
    assert witness_head(NOW) == 0
    assert not Entry.objects.filter(kind=Kind.WITNESS).exists()


def test_a_file_of_heads_that_is_none_is_named(tmp_path: Path) -> None:
    file = tmp_path / "heads.txt"
    file.write_text("12:not-a-digest\n")
    with pytest.raises(CommandError, match="not a head of the log"):
        call_command("verify_log", "--heads", str(file))
    with pytest.raises(CommandError, match="no such file"):
        call_command("verify_log", "--heads", str(tmp_path / "nothing"))

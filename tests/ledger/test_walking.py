"""Whatever is done to the log behind its back is found; the run of 1,000 is bench/tampering.py."""

import random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from impact.accounts.models import User
from impact.ledger.chain import LogHead, log_head, record
from impact.ledger.erasing import NothingToErase
from impact.ledger.models import Entry, Kind
from impact.moderation.log import erase_entry, first_broken_entry
from impact.moderation.models import Decision
from tests.ledger.builders import a_mixed_log, some_decisions
from tests.ledger.tampering import TAMPERS, Tamper, cut_off, cut_off_head_and_all, run, take_guards_off

pytestmark = pytest.mark.django_db


class _Undo(Exception):
    pass


def test_an_untouched_log_is_whole(moderator: User) -> None:
    count = a_mixed_log(moderator)
    assert first_broken_entry() is None
    assert list(Entry.objects.values_list("sequence", flat=True)) == list(range(1, count + 1))


@pytest.mark.parametrize("tamper", TAMPERS, ids=lambda tamper: tamper.__name__)
def test_it_finds_what_was_done(moderator: User, tamper: Tamper) -> None:
    count = a_mixed_log(moderator)
    witnessed = log_head()
    take_guards_off()
    for seed in range(6):
        try:
            with transaction.atomic():
                tamper(random.Random(f"{tamper.__name__} {seed}"), count)
                assert first_broken_entry([witnessed]) is not None, seed
                raise _Undo
        except _Undo:
            assert first_broken_entry() is None


def test_it_finds_the_row_itself(moderator: User) -> None:
    some_decisions(moderator)
    take_guards_off()
    run("UPDATE moderation_decision SET reason = 'quietly changed' WHERE sequence = 4")
    broken = first_broken_entry()
    assert broken is not None
    assert broken.sequence == 4
    with pytest.raises(CommandError, match="row 4: its contents were altered"):
        call_command("verify_log")


def test_rows_cut_off_are_missed_even_when_the_log_goes_on(moderator: User) -> None:
    count = a_mixed_log(moderator)
    take_guards_off()
    cut_off(random.Random(3), count)
    record(Kind.SIGN_IN, actor_id=moderator.pk, details={})
    broken = first_broken_entry()
    assert broken is not None
    assert "missing" in broken.why


def test_only_a_witness_misses_rows_that_were_cut_off_head_and_all(moderator: User) -> None:
    count = a_mixed_log(moderator)
    witnessed = log_head()
    take_guards_off()
    cut_off_head_and_all(random.Random(1), count)
    last = Entry.objects.order_by("-sequence")[0]
    assert first_broken_entry() is None
    for head in (witnessed, LogHead(last.sequence, "0" * 64)):
        assert first_broken_entry([head]) is not None
    with pytest.raises(CommandError, match=f"a witness saw {count}"):
        call_command("verify_log", "--head", str(witnessed))


def test_it_erases_what_a_row_says_and_the_chain_stays_whole(moderator: User) -> None:
    some_decisions(moderator, 2)
    record(Kind.SIGN_IN_FAILED, actor_id=None, details={"name": "a person's name"})
    erase_entry(1, actor_id=moderator.pk, reason="a witness asked")
    erase_entry(3, actor_id=moderator.pk, reason="a witness asked")
    assert first_broken_entry() is None
    erased = Decision.objects.get(sequence=1)
    assert (erased.reason, erased.before, erased.after) == ("", {}, {})
    assert erased.moderator == moderator
    with pytest.raises(NothingToErase):
        erase_entry(1, actor_id=moderator.pk, reason="again")
    take_guards_off()
    run("UPDATE moderation_decision SET action = 'grade' WHERE sequence = 1")
    assert first_broken_entry() is not None


@pytest.mark.django_db(transaction=True)
def test_a_row_whose_change_failed_is_not_in_the_log(moderator: User) -> None:
    def change() -> None:
        with transaction.atomic():
            record(Kind.EXPORT, actor_id=moderator.pk, details={})
            raise _Undo

    with pytest.raises(_Undo):
        change()
    assert log_head().sequence == 0
    assert connection.in_atomic_block is False

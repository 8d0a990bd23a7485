"""Names are loaded once; who finds them being loaded waits so long, or reads with those of before."""

import threading

import pytest
from django.db import OperationalError

from impact.places import gazetteer_store
from impact.places.gazetteer_store import current_gazetteer, forget_gazetteer, gazetteer_within
from tests.builders import make_place

pytestmark = pytest.mark.django_db


def test_who_cannot_wait_is_told_that_there_are_no_names_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gazetteer_store, "_held", None)
    with gazetteer_store._lock:
        assert gazetteer_within(0.01) is None
    assert gazetteer_within(0.01) is not None


def test_while_another_looks_for_changes_the_names_of_before_are_read_with() -> None:
    before = current_gazetteer()
    make_place("Kamakwie")
    forget_gazetteer()
    with gazetteer_store._lock:
        assert current_gazetteer() is gazetteer_within(0.01) is before
    assert current_gazetteer().exact_matches("kamakwie")


def test_a_load_that_fails_lets_the_next_one_try(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("away")

    with monkeypatch.context() as patch:
        patch.setattr(gazetteer_store, "_held", None)
        patch.setattr(gazetteer_store, "_stamp", fail)
        with pytest.raises(RuntimeError):
            current_gazetteer()
        patch.setattr(gazetteer_store, "_stamp", tuple)
        assert gazetteer_within(0.01) is not None


def test_a_database_that_is_away_at_start_is_said_and_hurts_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away() -> None:
        raise OperationalError("server closed the connection")

    with monkeypatch.context() as patch:
        patch.setattr(gazetteer_store, "_held", None)
        patch.setattr(gazetteer_store, "_stamp", away)
        thread = threading.Thread(target=gazetteer_store._load)
        thread.start()
        thread.join()
    assert "names were not loaded at start: OperationalError" in caplog.text

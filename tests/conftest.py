"""What the whole suite stands on: a clean gazetteer, the default language, and the standing cast."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import TransactionTestCase
from django.utils import translation

from impact.accounts.models import Role, User
from impact.ledger.guarding import unprotect_tables
from impact.places.gazetteer_store import forget_gazetteer
from tests.browsing import browser, page, phone
from tests.builders import make_advocate, make_moderator, make_senior, make_user

__all__ = ["browser", "page", "phone"]


@pytest.fixture(scope="session", autouse=True)
def _log_lets_the_suite_clean_up() -> None:
    """Tests with real transactions are cleaned up by deleting (on PostgreSQL truncating) all rows.

    The log refuses that, so its triggers are off for that moment: Django's flush puts them back itself, by
    the signal that a migration sends too. tests/ledger/test_guarding.py tests the refusal.
    """
    clean_up = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def teardown(case: TransactionTestCase) -> None:
        unprotect_tables(("delete", "truncate"))
        clean_up(case)

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _clean_process() -> Iterator[None]:
    forget_gazetteer()
    cache.clear()
    with translation.override("en"):
        yield


@pytest.fixture
def moderator(db: None) -> User:
    return make_moderator()


@pytest.fixture
def second_moderator(db: None) -> User:
    return make_moderator("second-moderator")


@pytest.fixture
def senior(db: None) -> User:
    return make_senior()


@pytest.fixture
def second_senior(db: None) -> User:
    return make_senior("second-senior")


@pytest.fixture
def administrator(db: None) -> User:
    return make_user(Role.ADMINISTRATOR, "administrator")


@pytest.fixture
def auditor(db: None) -> User:
    return make_user(Role.AUDITOR, "auditor")


@pytest.fixture
def advocate(db: None) -> User:
    return make_advocate()

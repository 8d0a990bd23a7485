"""What the whole suite stands on: a clean gazetteer, the default language, and the standing cast."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from impact.accounts.models import Role, User
from impact.places.gazetteer_store import forget_gazetteer
from tests.browsing import browser, page, phone
from tests.builders import make_advocate, make_moderator, make_senior, make_user

__all__ = ["browser", "page", "phone"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    # Tests with real transactions are cleaned up by deleting rows, which the log refuses on SQLite
    # (PostgreSQL truncates, which it allows). tests/moderation/test_log.py tests the refusal itself.
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER decision_no_delete")


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

"""The copy that each process counts with is what is public now, whoever wrote it and however."""

import random
import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.models import F
from pytest_django import DjangoAssertNumQueries

from impact.accounts.models import User
from impact.publication.changes import forget_changes, forget_old_changes, keep_changes
from impact.publication.columns import standing
from impact.publication.columns.rows import NEVER
from impact.publication.columns.standing import public_columns
from impact.publication.models import PublicChange, PublishedHarm, PublishedIncident, PublishedLink
from impact.publication.previewing import as_if_public
from impact.publication.publishing import retract_incident
from impact.vocabulary import PeopleKind
from tests.builders import NOW, make_area, make_published
from tests.publication.test_publishing import publish, verified

pytestmark = pytest.mark.django_db
HARMS = ("killing", "child_labour", "chemicals", "armed_presence")


@pytest.fixture(autouse=True)
def _cold() -> Iterator[None]:
    standing._holder.columns = None
    yield
    standing._holder.columns = None


def held() -> list[tuple[Any, ...]]:
    """The copy in words, in order."""
    columns = public_columns()
    assert columns is not None
    rows, words = columns.rows, columns.words
    return sorted(
        (
            str(UUID(int=(int(high) << 64) | int(low))),
            *(str(part) for part in words.points.words[rows.point[row]]),
            sorted(words.links.words[rows.links[row]]),
            words.themes.words[rows.theme[row]],
            words.perpetrators.words[rows.perpetrator[row]],
            words.verifications.words[rows.verification[row]],
            words.countries.words[rows.country[row]],
            sorted(harm for code, harm in enumerate(words.harms.words) if rows.harms[row] >> code & 1),
            _day(rows.occurred_from[row]),
            _day(rows.occurred_to[row]),
            int(rows.people[row]),
        )
        for row, (high, low) in enumerate(rows.ids.tolist())
    )


def _day(number: Any) -> str:
    return str(None if abs(number) == NEVER else date(1970, 1, 1) + timedelta(days=int(number)))


def public() -> list[tuple[Any, ...]]:
    """The tables in the same words."""
    return sorted(
        (
            str(one.pk),
            *(str(part) for part in (one.longitude, one.latitude, one.cell)),
            sorted((link.rank, link.area_id) for link in one.area_links.all()),
            one.theme,
            one.perpetrator,
            one.verification,
            one.country,
            sorted(one.harm_codes),
            str(one.occurred_from),
            str(one.occurred_to),
            sum(getattr(one, kind) or 0 for kind in PeopleKind.values),
        )
        for one in PublishedIncident.objects.filter(retracted_on=None)
    )


def test_it_is_exact_whoever_writes() -> None:
    chance = random.Random(3)
    areas = [make_area(f"Pit {number}") for number in range(3)]
    rows: list[PublishedIncident] = []
    for turn in range(240):
        some = PublishedIncident.objects.filter(pk=chance.choice(rows).pk) if rows else None
        way = chance.randrange(12)
        if way < 5 or some is None:
            day = date(2026, chance.randrange(1, 12), 3) if chance.random() < 0.9 else None
            rows.append(
                make_published(
                    harms=tuple(chance.sample(HARMS, chance.choice((1, 2)))),
                    longitude=chance.choice((20.8, 21.3, 179.9)) if chance.random() < 0.9 else None,
                    country=chance.choice(("CD", "SL", "")),
                    occurred_from=day,
                    occurred_to=day,
                    killed=chance.choice((None, 0, 3)),
                    areas=tuple((area, 1000.0) for area in chance.sample(areas, chance.randrange(3))),
                )
            )
        elif way == 5:
            some.update(longitude=10.5, latitude=8.6, injured=chance.randrange(9))
        elif way == 6:
            some.update(theme="labour", perpetrator="police", text="Other words.")
        elif way == 7:
            some.update(retracted_on=chance.choice((None, NOW.date())))
        elif way == 8:
            PublishedHarm.objects.filter(published__in=some).delete()
        elif way == 9:
            PublishedLink.objects.filter(published__in=some).update(rank=F("rank") + 1)
        elif way == 10:
            PublishedLink.objects.filter(published=chance.choice(rows)).delete()
        else:
            rows.pop(chance.randrange(len(rows))).delete()
        if turn % 8 == 0:
            assert held() == public(), turn
    assert held() == public() != []
    areas[0].delete()
    assert held() == public()
    PublishedIncident.objects.all().delete()
    assert held() == []


def test_what_was_taken_back_is_missing_from_the_next_answer(moderator: User) -> None:
    incident = verified(moderator)
    publish(incident, moderator)
    make_published()
    assert len(held()) == 2
    incident.refresh_from_db()
    retract_incident(
        incident=incident, moderator=moderator, reason="Wrong.", expected_version=incident.version, now=NOW
    )
    assert len(held()) == 1


def test_a_change_reads_again_what_it_touches(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(3):
        make_published()
    before = public_columns()
    with django_assert_max_num_queries(1):
        assert public_columns() is before
    make_published(harms=("chemicals",))
    with django_assert_max_num_queries(4):  # the log, and three tables for one key
        after = public_columns()
    assert after is not None
    assert before is not None
    assert (len(before.rows), len(after.rows)) == (3, 4)
    assert after.words is before.words


def test_what_is_rolled_back_was_never_there(moderator: User) -> None:
    make_published()
    held()
    with as_if_public(verified(moderator), "People were hurt."):
        assert len(held()) == 2
    assert len(held()) == 1
    make_published(harms=("chemicals",))  # takes the number of the change that was rolled back, on SQLite
    assert held() == public()


def test_a_copy_older_than_the_log_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("impact.publication.changes._KEPT", 1)
    make_published()
    held()
    make_published()
    make_published()
    assert forget_old_changes() > 0
    assert PublicChange.objects.count() == 1
    assert held() == public()
    assert forget_old_changes() == 0


def test_too_many_changes_are_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "_MOST_CHANGES", 2)
    make_published()
    first = public_columns()
    for _ in range(4):
        make_published()
    assert held() == public()
    again = public_columns()
    assert first is not None
    assert again is not None
    assert again.words is not first.words


def test_a_migration_says_that_all_may_have_changed() -> None:
    make_published()
    held()
    forget_changes()
    make_published(harms=("chemicals",))
    assert held() != public()  # nothing told it
    keep_changes()
    assert held() == public()
    make_published()
    assert held() == public()


@pytest.mark.django_db(transaction=True)
def test_a_large_table_is_read_behind_and_asked_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "_LARGE", 2)
    keep_changes()
    for _ in range(3):
        make_published()
    assert public_columns() is None
    reading = [thread for thread in threading.enumerate() if thread.name == "public-columns"]
    for thread in reading:
        thread.join(20)
    assert held() == public()
    make_published()
    assert held() == public()


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_leave_nothing_out() -> None:
    """Were a number to become visible after a higher one, it would be missed."""
    keep_changes()
    held()
    failures: list[BaseException] = []
    is_over = threading.Event()

    def write(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(12):
            with transaction.atomic():
                for _one in range(chance.randrange(1, 4)):
                    published = make_published(longitude=float(chance.randrange(20)))
                if chance.random() < 0.3:
                    PublishedIncident.objects.filter(pk=published.pk).update(retracted_on=NOW.date())

    def read() -> None:
        while not is_over.is_set():
            public_columns()

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001
            failures.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=run, args=(lambda seed=seed: write(seed),)) for seed in range(4)]
    reader = threading.Thread(target=run, args=(read,))
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join(60)
    is_over.set()
    reader.join(60)
    assert failures == []
    assert held() == public()
    assert len(held()) > 40

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from impact.operations.working import beat


def test_it_is_alive_without_a_database(client: Client) -> None:
    answer = client.get(reverse("web:healthz"))  # without the mark, a query would fail here
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_it_is_not_ready_while_no_worker_was_seen(client: Client) -> None:
    answer = client.get(reverse("web:readyz"))
    assert answer.status_code == 503
    assert answer.json() == {"database": True, "spatial_library": True, "worker": False}


@pytest.mark.django_db
def test_it_is_ready_when_all_parts_are(client: Client) -> None:
    call_command("worker", "--once")
    beat()
    answer = client.get(reverse("web:readyz"))
    assert (answer.status_code, set(answer.json().values())) == (200, {True})


@pytest.mark.django_db
def test_it_says_so_when_the_database_is_away(client: Client) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("away")

    with connection.execute_wrapper(refuse):
        answer = client.get(reverse("web:readyz"))
    assert answer.status_code == 503
    assert set(answer.json().values()) == {False}

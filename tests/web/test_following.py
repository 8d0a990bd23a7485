import pytest
from django.test import Client
from django.urls import reverse

from impact.incidents.models import Report
from impact.incidents.references import follow_up_code
from tests.builders import take_in

pytestmark = pytest.mark.django_db

FOLLOW = reverse("web:follow")


def code_of_a_report() -> str:
    take_in("Soldiers shot two men at Tshikapa yesterday")
    return follow_up_code(Report.objects.get().id)


def test_a_code_says_where_the_report_stands_and_never_what_it_said(client: Client) -> None:
    answer = client.post(FOLLOW, {"code": code_of_a_report()})
    page = answer.content.decode()
    assert "It arrived and waits to be read by a moderator." in page
    assert Report.objects.get().reference in page
    assert "Tshikapa" not in page
    assert "shot" not in page


def test_a_code_may_be_written_as_people_write(client: Client) -> None:
    code = code_of_a_report().lower().replace("-", " ")
    assert "It arrived" in client.post(FOLLOW, {"code": f"  {code} "}).content.decode()


@pytest.mark.parametrize("code", ["", "K7MQ-3XPT", "x" * 100_000, "\x00"])
def test_a_wrong_code_opens_nothing_and_says_what_to_look_for(client: Client, code: str) -> None:
    code_of_a_report()
    answer = client.post(FOLLOW, {"code": code})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert "It arrived" not in answer.content.decode()


def test_the_reference_of_a_report_is_no_code(client: Client) -> None:
    code_of_a_report()
    reference = Report.objects.get().reference
    assert 'role="alert"' in client.post(FOLLOW, {"code": reference}).content.decode()


def test_a_code_in_the_address_opens_nothing(client: Client) -> None:
    assert "It arrived" not in client.get(FOLLOW, {"code": code_of_a_report()}).content.decode()


def test_nothing_of_it_is_kept_by_the_browser(client: Client) -> None:
    answer = client.post(FOLLOW, {"code": code_of_a_report()})
    assert "no-store" in answer.headers["Cache-Control"]
    assert set(answer.cookies) <= {"csrftoken"}

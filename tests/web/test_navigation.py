"""Where a reader is: the page that is open is marked in the head, on the screen and for a screen reader."""

import re

import pytest
from django.test import Client

from impact.accounts.models import User
from tests.builders import make_area

pytestmark = pytest.mark.django_db

MARKED = re.compile(r'<a href="([^"]+)" aria-current="page">')


@pytest.mark.parametrize(
    ("address", "marked"),
    [
        ("/", "/"),
        ("/explore/", "/explore/"),
        ("/areas/", "/areas/"),
        ("/areas/1/", "/areas/"),
        ("/method/", "/method/"),
        ("/follow/", "/follow/"),
        ("/simulator/", "/simulator/"),
    ],
)
def test_the_public_page_that_is_open_is_marked(client: Client, address: str, marked: str) -> None:
    make_area("Kamonia", 20.9, -6.5, pk=1)
    assert MARKED.findall(client.get(address).content.decode()) == [marked]


@pytest.mark.parametrize(
    ("address", "marked"),
    [
        ("/moderate/", "/moderate/"),
        ("/moderate/alerts/", "/moderate/"),
        ("/moderate/gateways/", "/moderate/"),
        ("/exports/", "/exports/"),
        ("/exports/new/map/", "/exports/"),
    ],
)
def test_the_room_of_the_desk_that_is_open_is_marked(
    client: Client, second_moderator: User, address: str, marked: str
) -> None:
    client.force_login(second_moderator)
    assert MARKED.findall(client.get(address).content.decode())[:1] == [marked]


def test_a_page_that_is_in_no_menu_marks_nothing(client: Client) -> None:
    assert MARKED.findall(client.get("/snapshots/").content.decode()) == []

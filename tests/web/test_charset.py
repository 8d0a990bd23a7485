import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("charset", ["hex", "base64", "rot13", "zlib", "undefined", "nothing", "utf-8", "latin-1"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_name_of_a_character_set_breaks_a_page(charset: str, method: str) -> None:
    kind = f"text/plain; charset={charset}"
    answer = Client().generic(method, "/report/?lang=fr&a=%ff", b"a=b", content_type=kind)
    assert answer.status_code < 500

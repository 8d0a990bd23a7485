"""What people meet who send a form without its cookie: their language, their words, and a way on."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from impact.incidents.models import Report

pytestmark = pytest.mark.django_db

REPORT, FOLLOW = reverse("web:report"), reverse("web:follow")
TEXT = 'Soldiers came at night & beat "four" diggers'


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: unescape(value) for name, value in found}


def test_a_report_without_its_cookie_goes_on_from_where_it_was() -> None:
    strict = Client(enforce_csrf_checks=True)
    answers = re.findall(r'name="answers" value="([^"]+)"', strict.get(REPORT).content.decode())[0]
    strict.cookies.clear()
    given = {"answers": answers, "step": "what", "go": "next", "text": TEXT, "harms": ["injury", "killing"]}
    refused = strict.post(REPORT, given)
    assert refused.status_code == 403
    assert "no-store" in refused.headers["Cache-Control"]
    again = refused.content.decode()
    assert re.findall(r'name="harms" value="([a-z]+)"', again) == ["injury", "killing"]
    where = strict.post(REPORT, hidden(again)).content.decode()
    assert "Where did it happen?" in where
    assert not Report.objects.exists()


def test_it_speaks_the_language_of_the_form() -> None:
    refused = Client(enforce_csrf_checks=True).post(f"{REPORT}?lang=sw", {"text": TEXT}).content.decode()
    assert '<html lang="sw">' in refused
    assert "CSRF" not in refused.replace("csrfmiddlewaretoken", "")


def test_any_other_form_gives_the_words_back_and_no_button_to_send_them() -> None:
    refused = Client(enforce_csrf_checks=True).post(FOLLOW, {"code": "secret", "words": TEXT})
    page = refused.content.decode()
    assert refused.status_code == 403
    assert TEXT in unescape(page)
    assert "secret" not in page
    assert "<button" not in page
    assert "headlamp/report.js" in page  # who has left and comes back to it is led away

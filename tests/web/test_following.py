from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from impact.accounts.models import User
from impact.incidents.correspondence import Letter, ask_reporter
from impact.incidents.evidence import read_original
from impact.incidents.models import Evidence, Message, Report
from impact.incidents.references import follow_up_code
from tests.builders import take_in
from tests.disks import disk_with_free

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
    assert "shot two men" not in page


@pytest.mark.parametrize(
    ("language", "noun"),
    [("en", "Report"), ("fr", "Signalement"), ("pt", "Relato"), ("sw", "Taarifa")],
)
def test_the_title_names_the_report_and_asks_for_none(client: Client, language: str, noun: str) -> None:
    code = code_of_a_report()
    page = client.post(f"{FOLLOW}?lang={language}", {"code": code}).content.decode()
    assert f'<h1>{noun} <span class="reference">{Report.objects.get().reference}</span></h1>' in page


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


def test_the_reporter_reads_a_question_answers_it_and_the_page_shows_nothing_of_it(
    client: Client, moderator: User
) -> None:
    code = code_of_a_report()
    report = Report.objects.get()
    ask_reporter(report=report, moderator_id=moderator.pk, letter=Letter("Which bridge was it?", "en"))
    page = client.post(FOLLOW, {"code": code}).content.decode()
    assert "Which bridge was it?" in page
    assert "not answered yet" in page
    assert Message.objects.get().state == Message.State.DELIVERED
    fields = {"code": code, "key": "k1", "words": "The old one at Tshikapa"}
    page = client.post(FOLLOW, fields).content.decode()
    assert client.post(FOLLOW, fields).status_code == 200
    answer = Message.objects.get(kind=Message.Kind.ANSWER)
    assert (answer.text, answer.channel) == ("The old one at Tshikapa", "web")
    assert "It has arrived." in page
    assert "not answered yet" not in page
    assert "The old one" not in page


def test_words_without_a_question_are_an_addition(client: Client) -> None:
    client.post(FOLLOW, {"code": code_of_a_report(), "key": "k", "words": "and two more on Sunday"})
    assert Message.objects.get().kind == Message.Kind.ADDITION


def test_no_words_are_named_and_nothing_is_kept(client: Client) -> None:
    page = client.post(FOLLOW, {"code": code_of_a_report(), "key": "k", "words": "  "}).content.decode()
    assert "Say what happened, in your own words." in page
    assert not Message.objects.exists()


def test_words_with_a_wrong_code_are_kept_nowhere(client: Client) -> None:
    code_of_a_report()
    page = client.post(FOLLOW, {"code": "AAAA", "key": "k", "words": "more"}).content.decode()
    assert 'role="alert"' in page
    assert not Message.objects.exists()


def test_a_picture_is_sealed_with_the_report_of_the_code(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    content = b"\xff\xd8\xff\xe0 a picture of the pit"
    sent = {"code": code_of_a_report(), "evidence": SimpleUploadedFile("pit.exe", content)}
    page = client.post(FOLLOW, sent).content.decode()
    assert "It has arrived" in page
    kept = Evidence.objects.get()
    assert (kept.media_type, kept.source, read_original(kept)) == ("image/jpeg", "web", content)
    assert not any(content in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_what_is_not_taken_says_why_by_its_content(client: Client) -> None:
    program = SimpleUploadedFile("pit.jpg", b"MZ a program", content_type="image/jpeg")
    page = client.post(FOLLOW, {"code": code_of_a_report(), "evidence": program}).content.decode()
    assert "Only pictures (JPEG, PNG, WebP)" in page
    assert not Evidence.objects.exists()


def test_a_file_with_a_wrong_code_goes_nowhere(client: Client) -> None:
    code_of_a_report()
    sent = {"code": "K7MQ-3XPT", "evidence": SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xe0")}
    assert 'role="alert"' in client.post(FOLLOW, sent).content.decode()
    assert not Evidence.objects.exists()


def test_a_full_disk_says_so_and_keeps_the_words(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    sent = {"code": code_of_a_report(), "evidence": SimpleUploadedFile("pit.jpg", b"\xff\xd8\xff\xe0 pit")}
    with disk_with_free(0):
        page = client.post(FOLLOW, sent).content.decode()
    assert "There is no room for files at the moment" in page
    assert not Evidence.objects.exists()


def test_two_pictures_at_once_are_both_kept_and_counted(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    files = [
        SimpleUploadedFile(f"{name}.jpg", b"\xff\xd8\xff\xe0" + name.encode()) for name in ("pit", "road")
    ]
    page = client.post(FOLLOW, {"code": code_of_a_report(), "evidence": files}).content.decode()
    assert "It has arrived" in page
    assert Evidence.objects.count() == 2
    assert '<dd class="number">2</dd>' in page


def test_a_bad_file_among_good_ones_is_named_and_the_good_are_kept(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    files = [SimpleUploadedFile("film.exe", b"MZ"), SimpleUploadedFile("pit.jpg", b"\xff\xd8\xff\xe0 pit")]
    page = client.post(FOLLOW, {"code": code_of_a_report(), "evidence": files}).content.decode()
    assert "film.exe: Only pictures" in page
    assert "It has arrived" in page
    assert [kept.file_name for kept in Evidence.objects.all()] == ["pit.jpg"]


def test_a_reporter_changes_their_mind_and_sees_what_holds(client: Client) -> None:
    code = code_of_a_report()
    Report.objects.update(may_follow_up=True, may_publish=True)
    page = client.post(FOLLOW, {"code": code, "consents": "1", "follow_up": "on"}).content.decode()
    assert "This is what holds from now on." in page
    assert 'name="follow_up" checked' in page
    assert 'name="publish">' in page
    report = Report.objects.get()
    assert (report.may_follow_up, report.may_share, report.may_publish) == (True, False, False)


def test_a_wrong_code_changes_nobody_s_mind(client: Client) -> None:
    code_of_a_report()
    Report.objects.update(may_publish=True)
    page = client.post(FOLLOW, {"code": "K7MQ-3XPT", "consents": "1"}).content.decode()
    assert 'role="alert"' in page
    assert Report.objects.get().may_publish

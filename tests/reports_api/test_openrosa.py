"""OpenRosa as Collect speaks it: found, fetched, filled, sent in parts, sent again, edited."""

import xml.etree.ElementTree as ET
from datetime import date
from hashlib import md5
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from impact.incidents.evidence import read_original
from impact.incidents.models import Evidence, Message, Report
from impact.vocabulary import Harm
from reports_api.openrosa.form import FORM_ID
from tests.builders import make_place
from tests.disks import full_disk

pytestmark = pytest.mark.django_db
SUBMISSION = "/openrosa/submission"
PICTURE = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00 a picture of the pit"
LISTED = "{http://openrosa.org/xforms/xformsList}"
HTML = "{http://www.w3.org/1999/xhtml}"
XFORMS = "{http://www.w3.org/2002/xforms}"


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    make_place()


def filled(instance: str = "uuid:6f1a", edited: str = "", form: str = FORM_ID, **answers: str) -> bytes:
    root = ET.Element("data", {"id": form, "version": "1"})
    for name, value in {"text": "Soldiers shot two men at Tshikapa", **answers}.items():
        ET.SubElement(root, name).text = value
    meta = ET.SubElement(root, "meta")
    ET.SubElement(meta, "instanceID").text = instance
    if edited:
        ET.SubElement(meta, "deprecatedID").text = edited
    return ET.tostring(root)


def send(client: Client, xml: bytes, *files: tuple[str, bytes]) -> Any:
    parts = {"xml_submission_file": SimpleUploadedFile("submission.xml", xml, "text/xml")}
    parts |= {name: SimpleUploadedFile(name, content) for name, content in files}
    return client.post(f"{SUBMISSION}?deviceID=collect%3AQx7secret", parts)


def message(response: Any) -> str:
    [said] = ET.fromstring(response.content)
    return said.text or ""


def test_the_list_names_one_form_by_the_hash_of_what_is_fetched(client: Client) -> None:
    response = client.get("/openrosa/formList?deviceID=collect%3A1")
    assert response.headers["X-OpenRosa-Version"] == "1.0"
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    [form] = ET.fromstring(response.content)
    assert form.findtext(f"{LISTED}formID") == FORM_ID
    fetched = client.get(form.findtext(f"{LISTED}downloadUrl") or "")
    assert fetched.headers["X-OpenRosa-Version"] == "1.0"
    assert form.findtext(f"{LISTED}hash") == f"md5:{md5(fetched.content, usedforsecurity=False).hexdigest()}"
    instance = ET.fromstring(fetched.content).find(f".//{XFORMS}data")
    assert instance is not None
    assert (instance.get("id"), instance.get("version")) == (FORM_ID, form.findtext(f"{LISTED}version"))


def test_the_form_asks_in_four_languages_and_takes_nothing_of_the_phone(client: Client) -> None:
    form = ET.fromstring(client.get("/openrosa/forms/report.xml").content)
    translations = {each.get("lang"): each for each in form.iter(f"{XFORMS}translation")}
    assert [language[-4:] for language in translations if language] == ["(en)", "(fr)", "(pt)", "(sw)"]
    for translation in translations.values():
        assert all(value.text not in {None, "", "-"} for value in translation.iter(f"{XFORMS}value"))
    offered = {item.findtext(f"{XFORMS}name") for item in form.iter(f"{XFORMS}item")}
    assert offered == {*Harm.values, "yes"}
    preloads = {bind.get("{http://openrosa.org/javarosa}preload") for bind in form.iter(f"{XFORMS}bind")}
    assert preloads == {None, "uid"}  # no device, no telephone number, no user, no start and end


def test_collect_asks_first_how_much_may_come(client: Client) -> None:
    response = client.head(f"{SUBMISSION}?deviceID=collect%3A1")
    assert response.status_code == 204
    assert response.headers["X-OpenRosa-Accept-Content-Length"] == "26000000"


def test_other_methods_are_told_what_there_is(client: Client) -> None:
    for method in (client.options, client.put, client.get):
        refused = method(SUBMISSION)
        assert (refused.status_code, refused.headers["Allow"]) == (405, "POST, HEAD")
        assert message(refused) == "Filled forms are sent here with POST."
    for address in ("/openrosa/", "/openrosa/formList", "/openrosa/forms/report.xml"):
        assert client.head(address).status_code == 200


def test_a_filled_form_is_a_report_with_its_answers_and_files(client: Client) -> None:
    xml = filled(
        location="-6.41 20.8 0.0 12.5",
        occurred_on="2026-11-16",
        harms="injury killing",
        place_words="by the river",
        publish="yes",
    )
    response = send(client, xml, ("1700000000.jpg", PICTURE))
    assert response.status_code == 201
    assert b'nature="submit_success"' in response.content
    report = Report.objects.get()
    assert (report.text, report.channel) == ("Soldiers shot two men at Tshikapa", "openrosa")
    assert (report.may_follow_up, report.may_share, report.may_publish) == (False, False, True)
    incident = report.incident
    assert incident.point is not None
    assert incident.point.coords == (20.8, -6.41)
    assert (incident.occurred_from, incident.harm_codes) == (date(2026, 11, 16), ["injury", "killing"])
    kept = Evidence.objects.get()
    assert (kept.report, kept.source, read_original(kept)) == (report, "openrosa", PICTURE)


def test_nothing_of_the_phone_is_kept(client: Client) -> None:
    send(client, filled())
    assert "Qx7secret" not in str(list(Report.objects.values()))


def test_parts_sent_one_after_another_are_one_report(client: Client) -> None:
    for name, content in (("a.jpg", PICTURE), ("b.jpg", PICTURE + b"2"), ("a.jpg", PICTURE)):
        assert send(client, filled(), (name, content)).status_code == 201
    assert (Report.objects.count(), Evidence.objects.count(), Message.objects.count()) == (1, 2, 0)


def test_an_edit_is_added_to_the_report_that_it_edits(client: Client) -> None:
    send(client, filled())
    again = filled("uuid:9b2c", edited="uuid:6f1a", text="Soldiers shot three men at Tshikapa")
    for _ in range(2):
        assert send(client, again).status_code == 201
    assert Report.objects.get().text == "Soldiers shot two men at Tshikapa"
    assert Message.objects.get().text == "Soldiers shot three men at Tshikapa"


def test_an_edit_of_what_never_came_is_a_report(client: Client) -> None:
    assert send(client, filled("uuid:9b2c", edited="uuid:unknown")).status_code == 201
    assert Report.objects.count() == 1


def test_other_words_under_a_known_instance_are_not_lost(client: Client) -> None:
    send(client, filled())
    send(client, filled(text="And they burnt the camp"))
    assert Report.objects.count() == 1
    assert Message.objects.get().text == "And they burnt the camp"


@pytest.mark.parametrize(
    ("xml", "why"),
    [
        (b"<data", "cannot be read"),
        (b'<!DOCTYPE x [<!ENTITY e "&e;">]><data id="headlamp_report">&e;</data>', "cannot be read"),
        (b'<?xml version="1.0" encoding="no-such"?><data/>', "cannot be read"),
        (filled() + b" " * 1_000_000, "too large"),
        (filled(form="other"), "not ours"),
        (filled(instance=""), "instanceID"),
        (filled(instance="u" * 250), "instanceID"),
        (filled(text="  "), "what happened"),
        (filled(text="x" * 100_000), "longer than"),
        (filled(location="here"), "no point"),
        (filled(location="91 20"), "no point"),
        (filled(location="nan 20"), "no point"),
        (filled(occurred_on="soon"), "no day"),
        (filled(occurred_on="2999-01-01"), "not come yet"),
        (filled(harms="gossip"), "no harm"),
    ],
)
def test_what_cannot_be_is_said_in_the_envelope_that_collect_shows(
    client: Client, xml: bytes, why: str
) -> None:
    response = send(client, xml)
    assert response.status_code == 400
    assert b'nature="submit_error"' in response.content
    assert why in message(response)
    assert response.headers["X-OpenRosa-Version"] == "1.0"
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x", 400),
        (b"x", "multipart/form-data", 400),
        (b"{}", "application/json", 415),
        (bytes(26_000_001), "multipart/form-data; boundary=x", 413),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_calmly(
    client: Client, body: bytes, content_type: str, status: int
) -> None:
    response = client.generic("POST", SUBMISSION, body, content_type=content_type)
    assert response.status_code == status
    assert message(response)


def test_a_file_of_another_kind_is_named_and_loses_no_report(client: Client) -> None:
    response = send(client, filled(), ("virus.jpg", b"MZ a program"))
    assert response.status_code == 201
    assert "virus.jpg: Only pictures" in message(response)
    assert (Report.objects.count(), Evidence.objects.count()) == (1, 0)


def test_a_full_disk_is_503_so_that_collect_keeps_the_form(client: Client) -> None:
    with full_disk():
        assert send(client, filled(), ("pit.jpg", PICTURE)).status_code == 503
    assert send(client, filled(), ("pit.jpg", PICTURE)).status_code == 201
    assert (Report.objects.count(), Evidence.objects.count()) == (1, 1)


def test_a_flood_is_told_to_wait(client: Client) -> None:
    for _ in range(120):
        client.post(SUBMISSION, {})
    response = send(client, filled())
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert not Report.objects.exists()


def test_a_page_tells_how_to_set_up_the_app(client: Client) -> None:
    page = client.get("/openrosa/").content.decode()
    assert "http://testserver/openrosa</code>" in page

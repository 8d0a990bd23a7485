import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from impact.accounts.models import Role, User
from impact.ledger.chain import log_head, record
from impact.ledger.models import Kind
from tests.builders import make_moderator, make_organisation, make_user
from tests.ledger.builders import a_mixed_log
from tests.ledger.tampering import run, take_guards_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client, auditor: User, moderator: User) -> Client:
    a_mixed_log(moderator)
    client.force_login(auditor)
    return client


def test_it_shows_filters_and_tells_the_head(reader: Client) -> None:
    page = reader.get(reverse("desk:log"))
    assert str(log_head()) in page.content.decode()
    assert len(page.context["rows"]) == log_head().sequence
    decisions = reader.get(reverse("desk:log"), {"kind": "decision"}).context["rows"]
    assert {row.what for row in decisions} == {"Verification"}
    assert all("reason: " in row.details for row in decisions)
    assert reader.get(reverse("desk:log"), {"actor": "nobody"}).context["rows"] == []
    assert reader.get(reverse("desk:log"), {"since": "nonsense"}).status_code == 200


def test_the_page_tells_in_words_what_the_file_tells_in_codes(reader: Client) -> None:
    page = reader.get(reverse("desk:log"), {"kind": "decision"})
    row = page.context["rows"][0]
    assert (row.reason, ("Verification", "Verified") in row.facts) == ("two sources", True)
    assert "verification: verified" in row.details
    assert "Verification: <b>Verified</b>" in page.content.decode()
    sign_in = reader.get(reverse("desk:log"), {"kind": "export"}).context["rows"][0]
    assert sign_in.facts == (("Format", "pdf"),)


@pytest.mark.parametrize(
    ("deed", "words"), [("seen", "saw the copy"), ("taken", "took a file"), ("of a later version",) * 2]
)
def test_a_deed_is_told_in_words_and_an_unknown_one_as_it_is(
    reader: Client, moderator: User, deed: str, words: str
) -> None:
    record(Kind.EVIDENCE, actor_id=moderator.pk, subject="evidence 1", details={"deed": deed})
    assert reader.get(reverse("desk:log")).context["rows"][0].facts == (("Deed", words),)


def test_it_says_whether_the_log_is_whole(reader: Client) -> None:
    assert "it is whole" in reader.post(reverse("desk:log")).content.decode()
    take_guards_off()
    run("UPDATE ledger_entry SET subject = 'another' WHERE sequence = 3")
    assert "Row 3" in reader.post(reverse("desk:log")).content.decode()


def test_the_file_has_every_row_and_no_formula(reader: Client, moderator: User) -> None:
    record(Kind.SETTING, actor_id=moderator.pk, subject="=1+1", details={})
    lines = reader.get(reverse("desk:log_file")).getvalue().decode()
    rows = list(csv.DictReader(io.StringIO(lines)))
    assert [int(row["sequence"]) for row in rows] == list(range(1, log_head().sequence + 1))
    assert rows[-1]["subject"] == "'=1+1"


def test_an_auditor_of_one_organisation_reads_what_its_people_did(client: Client, moderator: User) -> None:
    other = make_organisation()
    theirs = make_moderator("theirs", organisation=other)
    record(Kind.EXPORT, actor_id=theirs.pk, subject="theirs", details={})
    record(Kind.EXPORT, actor_id=moderator.pk, subject="ours", details={})
    client.force_login(make_user(Role.AUDITOR, "local", organisation=other))
    rows = client.get(reverse("desk:log")).context["rows"]
    assert [row.subject for row in rows] == ["theirs"]

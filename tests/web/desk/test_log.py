import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from impact.accounts.models import Role, User
from impact.ledger.chain import log_head, record
from impact.ledger.models import Kind
from impact.web.desk.log_details import phrase_words
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


@pytest.mark.parametrize(
    ("kind", "details", "facts"),
    [
        (
            Kind.ROLE,
            {"what": "role given", "role": "moderator", "organisation": "Ours", "countries": ["CD", "SL"]},
            (
                ("Quoi", "rôle donné"),
                ("Rôle", "Modérateur"),
                ("Organisation", "Ours"),
                ("Pays", "République démocratique du Congo, Sierra Leone"),
            ),
        ),
        (
            Kind.SETTING,
            {"what": "route set", "country": "CD", "channel": "sms"},
            (("Quoi", "acheminement fixé"), ("Pays", "République démocratique du Congo"), ("Canal", "SMS")),
        ),
        (
            Kind.ALERT,
            {
                "what": "rule changed",
                "before": {"theme": "", "least": 3},
                "after": {"theme": "labour", "least": 2},
            },
            (
                ("Quoi", "règle modifiée"),
                ("Incidents au moins", "3 → 2"),
                ("Thème", "rien → Travail"),
            ),
        ),
        (
            Kind.ALERT,
            {"what": "seen to", "rule": "alert rule 7"},
            (("Quoi", "traitée"), ("Règle", "règle 7")),
        ),
        (
            Kind.AREA,
            {"action": "corrected", "before": {"kind": "unknown"}, "after": {"kind": "artisanal"}},
            (("Acte", "Corrigé"), ("Type d’exploitation", "Inconnu → Artisanale")),
        ),
        (
            Kind.EXPORT,
            {"act": "taken", "what": "map The side event", "why": "asked for"},
            (
                ("Acte", "a pris un fichier"),
                ("Quoi", "Carte à imprimer · The side event"),
                ("Pourquoi", "asked for"),
            ),
        ),
        (Kind.REVIEW, {"action": "let in", "messages": 3}, (("Acte", "laissé entrer"), ("Messages", "3"))),
        (
            Kind.SECOND_FACTOR,
            {"factor": "totp", "what": "added"},
            (("Quoi", "ajouté"), ("Second facteur", "application sur un téléphone")),
        ),
        (Kind.WITNESS, {"told": ["file", "mail"]}, (("Informés", "le fichier, par courriel"),)),
    ],
)
def test_codes_and_phrases_of_ours_are_told_in_the_language_of_the_page(
    reader: Client, moderator: User, kind: Kind, details: dict[str, Any], facts: tuple[tuple[str, str], ...]
) -> None:
    record(kind, actor_id=moderator.pk, subject="1", details=details)
    page = reader.get(reverse("desk:log"), headers={"Accept-Language": "fr"})
    assert page.context["rows"][0].facts == facts


PHRASE = re.compile(r'"(?:what|action)": "([a-z][a-z ,]+)"(?: if \w+ else "([a-z ]+)")?')


def test_every_phrase_that_is_kept_is_told_in_other_languages() -> None:
    sources = [
        *Path(settings.BASE_DIR, "impact").rglob("*.py"),
        *Path(settings.BASE_DIR, "sms_gateway").rglob("*.py"),
    ]
    kept = {
        phrase
        for source in sources
        if "record" in (text := source.read_text(encoding="utf-8"))
        for found in PHRASE.findall(text)
        for phrase in found
        if phrase
    }
    assert {"role given", "rule switched off", "let in", "account closed", "seen to"} <= kept
    with override("fr"):
        assert {phrase for phrase in kept if phrase_words(phrase) == phrase} == set()


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

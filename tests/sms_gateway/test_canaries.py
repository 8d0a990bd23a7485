"""Numbers, texts and signatures planted everywhere, and looked for wherever they must never be."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from logging.config import DictConfigurator
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings as django_settings
from django.db import IntegrityError, connection
from django.urls import reverse
from pytest_django import Settings

from impact.accounts.models import User
from impact.incidents.models import Incident, Report
from impact.operations.working import work_once
from impact.sealing import UnsealError
from sms_gateway.contacts import number_of
from sms_gateway.intake.spool import spool_directory, waiting_files
from sms_gateway.models import Contact, InboundMessage, OutboundMessage
from sms_gateway.receiving import patience
from tests.builders import make_place
from tests.sms_gateway.canaries import COUNT, DOORS, Canary, canaries, client, dump
from tests.sms_gateway.fake_api import FakeApi
from tests.sms_gateway.fake_twilio import FakeTwilio
from tests.sms_gateway.providers.lines import configure_all
from tests.sms_gateway.telephones import Answer
from tests.web.test_every_address import Stage, stage

__all__ = ["stage"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What the installation's own handlers would write to stderr, from the finest level on."""
    written = StringIO()
    formatters: Any = django_settings.LOGGING["formatters"]
    described = formatters["line"]
    handler = logging.StreamHandler(written)
    handler.setFormatter(DictConfigurator({"version": 1}).configure_formatter(dict(described)))
    loggers = [logging.getLogger(name) for name in ("", "headlamp", "django.request", "django")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    loggers[0].addHandler(handler)
    yield written
    loggers[0].removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture(autouse=True)
def _lines(settings: Settings, fake_twilio: FakeTwilio, fake_api: FakeApi) -> None:
    configure_all(settings)
    settings.AFRICASTALKING_API_BASE = settings.HTTPSMS_API_BASE = fake_api.address


def plant(count: int, spooled: int) -> list[Canary]:
    """So many sent in by all doors, the last of them while the database fails: those are in the spool."""
    make_place()
    planted = []
    for canary, name in canaries(count):
        refused = DOORS[name](canary, False)
        assert refused is None or refused.status_code == 403, name
        tell_nothing(refused, canary)
        with failing("sms_gateway_inboundmessage") if canary.serial >= count - spooled else nothing():
            taken = DOORS[name](canary, True)
        assert taken is None or taken.status_code in {200, 202}, name
        patience.regain()
        planted.append(canary)
    return planted


@contextmanager
def failing(table: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO away")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE away RENAME TO {table}")


@contextmanager
def nothing() -> Iterator[None]:
    yield


def tell_nothing(answer: Answer | None, canary: Canary) -> None:
    """No number in an answer; no text and no signature either in one that tells of an error."""
    if answer is not None:
        told = answer.getvalue().decode()
        assert canary.digits not in told
        if answer.status_code >= 400:
            assert canary.word not in told
            assert not [proof for proof in canary.signatures if proof in told]


def found_in(text: str, planted: list[Canary], *, words: bool = True) -> list[str]:
    """Which of what was planted stands in a text: by the digits, so that no way of writing hides a number."""
    secrets = [canary.digits for canary in planted]
    if words:
        secrets += [secret for canary in planted for secret in (canary.word, *canary.signatures)]
    return [secret for secret in dict.fromkeys(secrets) if secret in text]


def test_fifty_numbers_stand_nowhere_in_the_clear(
    fake_twilio: FakeTwilio, fake_api: FakeApi, log: StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    planted = plant(COUNT, spooled=len(DOORS))
    spooled = len(waiting_files())
    assert spooled >= len(DOORS) - 1
    for path in spool_directory().rglob("*"):
        content = path.read_bytes().decode("latin-1") if path.is_file() else ""
        assert found_in(f"{path.name}\n{content}", planted) == []
    provoke_a_fault_of_the_providers(fake_twilio, fake_api, planted)
    assert waiting_files() == []
    numbers = {number_of(contact) for contact in Contact.objects.all()}
    assert numbers == {canary.number for canary in planted}  # they are there, and sealed
    everything = dump()
    assert found_in(everything, planted, words=False) == []
    assert [canary.word for canary in planted if canary.word not in everything] == []  # it reads all rows
    for canary in planted:
        assert not [proof for proof in canary.signatures if proof in everything]
    assert found_in(log.getvalue() + caplog.text, planted) == []
    assert "in the spool" in log.getvalue()  # it was listened to


def provoke_a_fault_of_the_providers(
    fake_twilio: FakeTwilio, fake_api: FakeApi, planted: list[Canary]
) -> None:
    """Each says no with the number and the words in it, as providers do."""
    told = {"message": " ".join(f"{canary.number} {canary.text}" for canary in planted)}
    fake_twilio.answer(400, {"code": 21211, **told})
    fake_api.says(500, told)
    for _ in range(3):
        work_once()
        OutboundMessage.objects.filter(state="queued").update(send_after="2026-01-01T00:00:00Z")
        InboundMessage.objects.filter(state="received").update(try_after="2026-01-01T00:00:00Z")
    with patch("sms_gateway.sending.number_of", side_effect=UnsealError(planted[0].number)):
        work_once()


def test_the_other_doors_and_the_500_page_tell_nothing(
    log: StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    canary = Canary(7)
    fields = {"text": canary.text, "phone": canary.number, "longitude": canary.number}
    reports = "/api/v1/reports/"
    follow = {"code": canary.word, "words": canary.text, "key": canary.number}
    report = {
        "text": canary.text,
        "phone": canary.number,
        "step": "what",
        "go": "next",
        "answers": canary.word,
    }
    answers = [
        client().post(reports, json.dumps(fields), content_type="application/json"),
        client().post(f"{reports}?phone={canary.number}", "{", content_type="application/json"),
        client().get("/api/v1/incidents/", {"near": canary.number}),
        client().get(f"/not/here/{canary.word}", {"q": canary.number}),
    ]
    client().post(reverse("web:follow"), follow)
    client().post(reverse("web:report"), report)
    with failing("incidents_report"):
        answers += [
            client().post(reports, json.dumps({"text": canary.text}), content_type="application/json"),
            client().post(reverse("web:follow"), {"code": "x" * 29, "words": canary.text}),
        ]
    assert [answer.status_code for answer in answers[-2:]] == [500, 500]
    for answer in answers:
        tell_nothing(answer, canary)
    assert found_in(log.getvalue(), [canary]) == []
    assert "Internal Server Error" in log.getvalue()


def test_a_row_that_the_database_refuses_is_not_quoted_in_the_log(log: StringIO) -> None:
    canary = Canary(8)
    with patch("reports_api.reports.submit_report", side_effect=refused_row(canary)):
        answer = client().post(
            "/api/v1/reports/", json.dumps({"text": canary.text}), content_type="application/json"
        )
    assert answer.status_code == 500
    assert "IntegrityError" in log.getvalue()
    assert found_in(log.getvalue(), [canary]) == []


def refused_row(canary: Canary) -> Exception:
    """As PostgreSQL words it, with the values of the row."""
    error = IntegrityError(f"violates a constraint\nDETAIL: Failing row contains ({canary.text})")
    error.__cause__ = ValueError(canary.number)
    return error


def test_no_address_gives_a_number_away(
    stage: Stage, moderator: User, administrator: User, auditor: User, advocate: User
) -> None:
    planted = plant(len(DOORS), spooled=0)
    addresses = list(stage.addresses.values())
    for incident in Incident.objects.filter(reports__in=Report.objects.filter(channel="sms"))[:3]:
        addresses += [reverse(name, args=[incident.pk]) for name in ("desk:case", "desk:talk")]
    for person in (None, advocate, moderator, administrator, auditor):
        visitor: Any = client()
        if person is not None:
            visitor.force_login(person)
        for address in addresses:
            answer = visitor.get(address)
            assert answer.status_code != 500, address
            assert found_in(answer.getvalue().decode(errors="replace"), planted, words=False) == [], address
            if answer.status_code >= 400:
                assert found_in(answer.getvalue().decode(errors="replace"), planted) == [], address

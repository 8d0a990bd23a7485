import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from impact.incidents.models import Report
from sms_gateway.models import InboundMessage
from sms_gateway.providers.simulator import webhook_token
from tests.sms_gateway.providers.security_case import Delivery, ProviderSecurity
from tests.sms_gateway.telephones import Answer, post_simulator, rows

pytestmark = pytest.mark.django_db

FIELDS = {"id": "one", "from": "+243810000001", "text": "Soldiers came"}


def address() -> str:
    return reverse("sms_gateway:provider", args=["simulator", webhook_token()])


class TestSimulatorSecurity(ProviderSecurity):
    @property
    def address(self) -> str:
        return address()

    def genuine(self) -> Answer:
        return post_simulator(FIELDS)

    def forgeries(self) -> Mapping[str, Delivery]:
        token = webhook_token()
        return {
            "another token": lambda: post_simulator(FIELDS, token="0" * 32),
            "cut short": lambda: post_simulator(FIELDS, token=token[:-1]),
            "too long": lambda: post_simulator(FIELDS, token=token + "0"),
            "upper case": lambda: post_simulator(FIELDS, token=token.upper()),
            "not ASCII": lambda: post_simulator(FIELDS, token="é" * 32),
        }

    def test_the_token_hangs_on_the_keys(self, settings: Settings) -> None:
        before = webhook_token()
        settings.HEADLAMP_KEYS = "other:b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm90aGVyb28="
        assert len(before) == 32
        assert webhook_token() != before


def test_it_is_not_there_where_people_are_real(settings: Settings) -> None:
    settings.SIMULATOR_ENABLED = False
    assert post_simulator(FIELDS).status_code == 404
    assert rows() == (0, 0, 0)


def test_json_and_a_form_say_the_same() -> None:
    replies = post_simulator(FIELDS).json()["replies"]
    assert Report.objects.get().reference in replies[0]
    assert Client().post(address(), FIELDS).json() == {"replies": replies}
    assert Report.objects.count() == 1


def test_what_comes_is_fictional() -> None:
    post_simulator(FIELDS)
    report = Report.objects.get()
    assert (report.is_fictional, report.channel) == (True, "simulator")
    assert InboundMessage.objects.get().is_fictional


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05+02:00", datetime(2026, 1, 2, 1, 4, 5, tzinfo=UTC)),
        ("2026-01-02 03:04", datetime(2026, 1, 2, 3, 4, tzinfo=UTC)),
    ],
)
def test_it_was_sent_when_it_says(written: str, expected: datetime) -> None:
    post_simulator({**FIELDS, "sent_at": written})
    assert Report.objects.get().received_at == expected


def test_the_last_moment_of_all_is_now() -> None:
    post_simulator({**FIELDS, "sent_at": "9999-12-31T23:59:59-14:00"})
    assert Report.objects.get().received_at <= timezone.now()


def test_no_answer_is_an_empty_list() -> None:
    assert post_simulator({**FIELDS, "text": "STOP"}).json() == {"replies": []}


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"text": "x"}, "from"),
        ({"from": "+243810000001"}, "text"),
        ({**FIELDS, "from": "nobody"}, "from"),
        ({**FIELDS, "from": ["+243810000001"]}, "from"),
        ({**FIELDS, "text": 7}, "text"),
        ({**FIELDS, "text": "x" * 20_001}, "text"),
        ({**FIELDS, "id": {}}, "id"),
        ({**FIELDS, "id": "i" * 151}, "id"),
        ({**FIELDS, "sent_at": "yesterday"}, "sent_at"),
        ({**FIELDS, "sent_at": "2026-02-31T00:00:00Z"}, "sent_at"),
        ({**FIELDS, "sent_at": "0001-01-01T00:00:00+14:00"}, "sent_at"),
        ([], "body"),
        ("text", "body"),
    ],
)
def test_what_is_no_message_is_400_and_names_the_field(fields: object, named: str) -> None:
    answer = post_simulator(fields if isinstance(fields, dict) else json.dumps(fields))
    assert (answer.status_code, answer.content) == (400, named.encode())
    assert rows() == (0, 0, 0)


@given(body=st.binary(max_size=200) | st.just(b"[" * 100_000))
@hypothesis_settings(
    deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_bytes_that_are_no_json_object_are_400(body: bytes) -> None:
    assert Client().post(address(), body, content_type="application/json").status_code == 400
    assert rows() == (0, 0, 0)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(fields=st.dictionaries(st.sampled_from(["id", "from", "text", "sent_at"]), json_values))
@hypothesis_settings(
    deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_json_is_taken_or_refused(fields: dict[str, object]) -> None:
    answer = post_simulator({"from": "+243810000001", "text": "x", **fields})
    assert answer.status_code in {200, 400}

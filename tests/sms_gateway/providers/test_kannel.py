from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from impact.incidents.models import Report
from sms_gateway.models import InboundMessage, OutboundMessage
from sms_gateway.providers import PROVIDERS
from sms_gateway.providers.contract import DeliveryStatus, OutgoingSms, SendError
from sms_gateway.sending import send_queued
from tests.sms_gateway.fake_api import FakeApi
from tests.sms_gateway.providers.lines import TEXT, get_kannel, kannel_query, path
from tests.sms_gateway.providers.security_case import Delivery, ProviderSecurity
from tests.sms_gateway.telephones import WITNESS, Answer, rows

pytestmark = pytest.mark.django_db
LINE = PROVIDERS["kannel"]
ACCENTED = "Des soldats ont tué à Tshikapa, ça brûle € \N{FIRE}"


class TestSecurity(ProviderSecurity):
    methods = ("get", "post")

    @property
    def address(self) -> str:
        return path("kannel")

    def genuine(self) -> Answer:
        return get_kannel(kannel_query())

    def forgeries(self) -> Mapping[str, Delivery]:
        token = LINE.token
        others = {
            "another token": "0" * 32,
            "cut short": token[:-1],
            "too long": token + "0",
            "upper case": token.upper(),
            "another line's": PROVIDERS["africastalking"].token,
        }
        return {
            name: lambda other=other: get_kannel(kannel_query(), f"/sms/kannel/{other}/")  # type: ignore[misc]
            for name, other in others.items()
        }

    def malformed(self) -> Mapping[str, tuple[str, Delivery]]:
        return {
            "nobody": ("from", lambda: get_kannel(kannel_query(**{"from": ""}))),
            "a long sender": ("from", lambda: get_kannel(kannel_query(**{"from": "2" * 61}))),
            "a long id": ("id", lambda: get_kannel(kannel_query(id="i" * 151))),
            "an endless query": ("from", lambda: get_kannel(kannel_query(text="x" * 200_000))),
            "an endless body": (
                "body",
                lambda: Client().post(f"{self.address}?from=1", b"x" * 200_000, content_type="text/plain"),
            ),
        }


def test_the_answer_is_200_and_empty_where_replies_are_sent(settings: Settings) -> None:
    settings.KANNEL_SENDSMS_URL = "http://127.0.0.1:9/cgi-bin/sendsms"
    answer = get_kannel(kannel_query())
    assert (answer.status_code, answer.content) == (200, b"")  # 204 would be a failure to Kannel
    assert OutboundMessage.objects.get().state == "queued"


def test_without_sendsms_the_reply_goes_back_in_the_answer_as_plain_text() -> None:
    answer = get_kannel(kannel_query())
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert Report.objects.get().reference in answer.content.decode()
    assert OutboundMessage.objects.get().is_in_answer


def test_it_was_sent_when_it_says_and_a_plus_that_became_00_is_a_plus() -> None:
    get_kannel(kannel_query(**{"from": "00243810000001"}))
    assert Report.objects.get().received_at == datetime.fromtimestamp(1795667503, UTC)
    assert Report.objects.get().sender_country == "CD"


@pytest.mark.parametrize(
    ("encoding", "coding", "charset"),
    [
        ("utf-8", "0", "UTF-8"),
        ("utf-8", "0", "GSM"),
        ("utf-8", "", ""),
        ("utf-16-be", "2", "UTF-16BE"),
        ("utf-16-be", "2", ""),
        ("utf-8", "2", "UTF-8"),
    ],
)
def test_the_words_arrive_whole_in_each_character_set(encoding: str, coding: str, charset: str) -> None:
    query = urlencode({"id": "1", "from": WITNESS, "coding": coding, "charset": charset})
    Client().get(f"{path('kannel')}?{query}&text={quote(ACCENTED.encode(encoding))}")
    assert InboundMessage.objects.get().text == ACCENTED


def test_the_words_of_windows_arrive_whole() -> None:
    words = "tué à midi, ça brûle €"
    query = urlencode({"id": "1", "from": WITNESS, "charset": "WINDOWS-1252"})
    Client().get(f"{path('kannel')}?{query}&text={quote(words.encode('cp1252'))}")
    assert InboundMessage.objects.get().text == words


@pytest.mark.parametrize(
    ("encoding", "content_type", "coding"),
    [
        ("utf-8", "text/plain; charset=UTF-8", "0"),
        ("utf-8", "text/plain", "0"),
        ("utf-16-be", "text/plain; charset=UTF-16BE", "2"),
        ("utf-16-be", "text/plain", "2"),
    ],
)
def test_a_post_carries_the_words_in_its_body(encoding: str, content_type: str, coding: str) -> None:
    answer = Client().generic(
        "POST",
        f"{path('kannel')}?id=1",
        ACCENTED.encode(encoding),
        content_type=content_type,
        headers={"X-Kannel-From": WITNESS, "X-Kannel-Coding": coding, "X-Kannel-Time": "2026-11-20 06:04:45"},
    )
    assert answer.status_code == 200
    assert InboundMessage.objects.get().text == ACCENTED
    assert InboundMessage.objects.get().received_at == datetime(2026, 11, 20, 6, 4, 45, tzinfo=UTC)


def test_without_an_id_the_same_words_of_the_same_second_are_one_message() -> None:
    fields = kannel_query()
    del fields["id"]
    get_kannel(fields)
    get_kannel(fields)
    get_kannel({**fields, "ts": "1795667504"})
    assert InboundMessage.objects.count() == 2
    assert WITNESS[1:] not in str(list(InboundMessage.objects.values_list("provider_message_id")))


@given(
    query=st.dictionaries(
        st.sampled_from(["id", "from", "text", "ts", "coding", "charset"]), st.binary(max_size=40)
    ),
    body=st.binary(max_size=60),
    content_type=st.sampled_from(["text/plain", "text/plain; charset=latin-1", "x/y", "é"]),
)
@hypothesis_settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_bytes_kannel_hands_over_are_taken_or_refused(
    query: dict[str, bytes], body: bytes, content_type: str
) -> None:
    address = f"{path('kannel')}?{urlencode(query)}"
    assert Client().get(address).status_code in {200, 400}
    assert Client().generic("POST", address, body, content_type=content_type).status_code in {200, 400}


@pytest.mark.parametrize(("text", "coding"), [("Merci, 12 {ok}", "0"), ("Être ici", "2")])
def test_it_sends_by_post_and_no_number_is_in_the_address(
    fake_api: FakeApi, settings: Settings, text: str, coding: str
) -> None:
    settings.KANNEL_SENDSMS_URL = f"{fake_api.address}/cgi-bin/sendsms"
    settings.KANNEL_USERNAME, settings.KANNEL_PASSWORD, settings.KANNEL_SMSC = "u", "p", "operator"
    fake_api.says(202, b"0: Accepted for delivery")
    sent = LINE.send(OutgoingSms(WITNESS, text, own_id="our-id"))
    (asked,) = fake_api.asked
    assert (asked.method, asked.path, asked.query) == ("POST", "/cgi-bin/sendsms", {})
    assert asked.body.decode() == text
    said = {name.lower(): value for name, value in asked.headers.items()}
    assert said["content-type"] == "text/plain; charset=UTF-8"
    names = ("username", "password", "to", "from", "smsc", "coding")
    assert [said[f"x-kannel-{name}"] for name in names] == ["u", "p", WITNESS, "8000", "operator", coding]
    report = urlsplit(said["x-kannel-dlr-url"])
    assert report.path == path("kannel", status=True)
    assert dict(parse_qsl(report.query))["id"] == sent.provider_message_id == "our-id"
    assert report.query.endswith("&status=%d&reply=%A&ts=%T")


def test_the_address_of_reports_can_be_one_that_only_kannel_reaches(
    fake_api: FakeApi, settings: Settings
) -> None:
    settings.KANNEL_SENDSMS_URL = fake_api.address
    settings.KANNEL_DLR_BASE = "http://10.0.0.7:8000/"
    LINE.send(OutgoingSms(WITNESS, "Thank you", own_id="x"))
    said = {name.lower(): value for name, value in fake_api.asked[0].headers.items()}
    assert said["x-kannel-dlr-url"].startswith(f"http://10.0.0.7:8000{path('kannel', status=True)}?id=x&")


@pytest.mark.parametrize(
    ("status", "is_permanent"), [(204, False), (400, True), (403, False), (500, False), (503, False)]
)
def test_only_200_and_202_are_success(
    fake_api: FakeApi, settings: Settings, status: int, is_permanent: bool
) -> None:
    settings.KANNEL_SENDSMS_URL = fake_api.address
    fake_api.says(status, b"")
    with pytest.raises(SendError) as raised:
        LINE.send(OutgoingSms(WITNESS, "Thank you"))
    assert (raised.value.code, raised.value.permanent) == (f"kannel {status}", is_permanent)


@pytest.mark.parametrize(
    ("said", "reply", "expected", "error"),
    [
        ("1", "", DeliveryStatus.DELIVERED, ""),
        ("2", "id:1 stat:UNDELIV err:006 text:Soldiers", DeliveryStatus.UNDELIVERED, "kannel 006"),
        ("4", "", DeliveryStatus.QUEUED, ""),
        ("8", "ACK/", DeliveryStatus.SENT, ""),
        ("16", "NACK/", DeliveryStatus.FAILED, "kannel failed"),
        ("99", "", "", ""),
    ],
)
def test_a_delivery_report_is_noted(
    fake_api: FakeApi, settings: Settings, said: str, reply: str, expected: str, error: str
) -> None:
    settings.KANNEL_SENDSMS_URL = fake_api.address
    get_kannel(kannel_query())
    assert send_queued() == 1
    message = OutboundMessage.objects.get()
    answer = get_kannel({"id": str(message.pk), "status": said, "reply": reply}, path("kannel", status=True))
    assert (answer.status_code, answer.content) == (200, b"")
    message.refresh_from_db()
    assert (message.delivery, message.delivery_error) == (expected, error)


def test_a_report_about_nothing_of_ours_changes_nothing() -> None:
    for own_id in ("nonsense", "00000000-0000-4000-8000-000000000000"):
        assert get_kannel({"id": own_id, "status": "1"}, path("kannel", status=True)).status_code == 200
    assert get_kannel({"id": "x"}, path("kannel", status=True)).content == b"status"
    assert rows() == (0, 0, 0)


def test_two_kannels_in_two_countries_are_two_lines(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KANNEL_SL_FROM, settings.KANNEL_SL_COUNTRY = "500", "SL"
    second = type(LINE)("kannel-sl")
    monkeypatch.setitem(PROVIDERS, "kannel-sl", second)
    assert second.token != LINE.token
    fields = kannel_query(**{"from": "076123456"})
    assert get_kannel(fields, f"/sms/kannel-sl/{LINE.token}/").status_code == 403
    assert get_kannel(fields, f"/sms/kannel-sl/{second.token}/").status_code == 200
    assert get_kannel(fields).status_code == 200  # the same id at another line is another message
    assert sorted(InboundMessage.objects.values_list("provider", flat=True)) == ["kannel", "kannel-sl"]
    assert Report.objects.filter(sender_country="SL").count() == 1
    assert TEXT in Report.objects.first().text  # type: ignore[union-attr]

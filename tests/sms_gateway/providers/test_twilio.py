import logging
from collections.abc import Mapping
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from impact.incidents.models import Report
from sms_gateway.models import Contact, InboundMessage
from sms_gateway.providers.contract import OutgoingSms, SendError
from sms_gateway.providers.twilio import Twilio, is_signed
from tests.sms_gateway.fake_twilio import FakeTwilio
from tests.sms_gateway.providers.security_case import Delivery, ProviderSecurity
from tests.sms_gateway.telephones import WITNESS, Answer, post_twilio, rows, signature, twilio_fields

pytestmark = pytest.mark.django_db


class TestTwilioSecurity(ProviderSecurity):
    address = "/sms/twilio/"

    def genuine(self) -> Answer:
        return post_twilio(twilio_fields(MessageSid="SM" + "a" * 32))

    def forgeries(self) -> Mapping[str, Delivery]:
        fields = twilio_fields()
        good = signature(fields)
        elsewhere = signature(fields, url="https://elsewhere.example/sms/twilio/")

        def signed_with(value: str, changed: Mapping[str, str] = fields) -> Delivery:
            return lambda: post_twilio(changed, **{"X-Twilio-Signature": value})

        return {
            "no signature": lambda: post_twilio(fields, Accept="*/*"),
            "empty signature": signed_with(""),
            "nonsense": signed_with("nonsense"),
            "not ASCII": signed_with("é" * 28),
            "cut short": signed_with(good[:-1]),
            "another token": signed_with(signature(fields, token="another token")),
            "another address": signed_with(elsewhere),
            "another host by its header": lambda: Client(
                SERVER_NAME="elsewhere.example", headers={"Host": "testserver"}
            ).post(self.address, fields, headers={"X-Twilio-Signature": elsewhere}),
            "a changed text": signed_with(good, {**fields, "Body": "Nothing happened"}),
            "a field more": signed_with(good, {**fields, "OptOutType": "STOP"}),
            "a field less": signed_with(good, {key: fields[key] for key in fields if key != "To"}),
            "another query": lambda: Client().post(
                f"{self.address}?a=b", fields, headers={"X-Twilio-Signature": good}
            ),
            "no body": signed_with(signature({}), {}),
            "JSON": lambda: Client().post(
                self.address, fields, content_type="application/json", headers={"X-Twilio-Signature": good}
            ),
            "another account": signed_with(
                signature({**fields, "AccountSid": "AC" + "1" * 32}),
                {**fields, "AccountSid": "AC" + "1" * 32},
            ),
        }

    def test_an_empty_token_signs_nothing(self, settings: Settings) -> None:
        settings.TWILIO_AUTH_TOKEN = ""
        fields = twilio_fields()
        with_empty_key = signature(fields, token="\0")  # HMAC pads a key with NULs: that of the empty one
        assert post_twilio(fields, **{"X-Twilio-Signature": with_empty_key}).status_code == 403
        assert rows() == (0, 0, 0)

    def test_the_public_address_is_what_is_signed_and_not_the_host(self, settings: Settings) -> None:
        settings.PUBLIC_URL = "https://reports.example:8443"
        fields = twilio_fields()
        signed = signature(fields, url="https://reports.example:8443/sms/twilio/")
        assert post_twilio(fields, **{"X-Twilio-Signature": signed}).status_code == 200
        assert (
            post_twilio(
                fields, **{"X-Twilio-Signature": signature(fields, url="http://testserver/sms/twilio/")}
            ).status_code
            == 403
        )


def test_it_accepts_the_signature_that_twilio_publishes() -> None:
    # The worked example of https://www.twilio.com/docs/usage/webhooks/webhooks-security
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+12349013030",
        "Digits": "1234",
        "From": "+12349013030",
        "To": "+18005551212",
    }
    url, published = "https://mycompany.com/myapp.php?foo=1&bar=2", "0/KCTR6DLpKmkAf8muzZqo1nDgQ="
    assert is_signed("12345", url, fields, published)
    assert not is_signed("12345", url, {**fields, "Digits": "1235"}, published)
    assert not is_signed("12345", url.replace("bar=2", "bar=3"), fields, published)
    assert not is_signed("12346", url, fields, published)
    assert not is_signed("12345", url, fields, None)
    assert not is_signed("", url, fields, published)


@given(
    fields=st.dictionaries(
        st.sampled_from(["MessageSid", "From", "Body", "AccountSid", "NumMedia", "OptOutType"]) | st.text(),
        st.text(),
        max_size=12,
    ),
    signed=st.text(st.characters(codec="latin-1", exclude_categories=["Cc"])),
    query=st.text(max_size=20),
)
@hypothesis_settings(
    deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_forged_is_403_and_leaves_no_row(fields: dict[str, str], signed: str, query: str) -> None:
    answer = Client().post(
        reverse("sms_gateway:signed", args=["twilio"]),
        fields,
        query_params={"q": query},
        headers={"X-Twilio-Signature": signed},
    )
    assert answer.status_code == 403
    assert rows() == (0, 0, 0)


@given(
    body=st.binary(max_size=300),
    content_type=st.sampled_from(
        [
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json",
            "text/plain",
            "x",
        ]
    ),
)
@hypothesis_settings(
    deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_bytes_come_are_refused(body: bytes, content_type: str) -> None:
    answer = Client().post(
        reverse("sms_gateway:signed", args=["twilio"]),
        body,
        content_type=content_type,
        headers={"X-Twilio-Signature": "x"},
    )
    assert answer.status_code in {400, 403}
    assert rows() == (0, 0, 0)


@given(
    text=st.text(min_size=1, max_size=1600), extra=st.dictionaries(st.text(max_size=20), st.text(max_size=20))
)
@hypothesis_settings(
    deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_signed_is_kept(text: str, extra: dict[str, str]) -> None:
    known = twilio_fields(text)
    # An optional field of Twilio's own would change what the message is.
    extra = {name: value for name, value in extra.items() if name not in known}
    fields = {**known, **extra}
    assert post_twilio(fields).status_code == 200
    kept = InboundMessage.objects.get(provider_message_id=fields["MessageSid"])
    assert kept.text == text.replace("\0", "\ufffd")
    assert kept.state == (InboundMessage.State.HELD if extra else InboundMessage.State.DONE)


@pytest.mark.parametrize("missing", ["MessageSid", "From", "Body"])
def test_a_signed_request_without_a_needed_field_is_400_and_names_it(missing: str) -> None:
    fields = twilio_fields()
    del fields[missing]
    answer = post_twilio(fields)
    assert (answer.status_code, answer.content) == (400, missing.encode())
    assert rows() == (0, 0, 0)


@pytest.mark.parametrize(("field", "value"), [("MessageSid", " "), ("MessageSid", "S" * 151), ("From", "")])
def test_a_needed_field_that_says_nothing_is_400(field: str, value: str) -> None:
    assert post_twilio(twilio_fields(**{field: value})).status_code == 400
    assert rows() == (0, 0, 0)


def test_the_answer_is_twiml_with_the_reference() -> None:
    answer = post_twilio(twilio_fields())
    assert answer["Content-Type"].startswith("text/xml")
    message = ElementTree.fromstring(answer.content).find("Message")
    assert message is not None
    assert Report.objects.get().reference in str(message.text)


@pytest.mark.parametrize("fields", [{"Body": "STOP"}, {"OptOutType": "STOP"}, {"OptOutType": "HELP"}])
def test_what_twilio_answers_by_itself_gets_an_empty_response(fields: dict[str, str]) -> None:
    answer = post_twilio(twilio_fields(**fields))
    root = ElementTree.fromstring(answer.content)
    assert (answer.status_code, root.tag, len(root)) == (200, "Response", 0)
    assert Report.objects.count() == 0


def test_opt_out_at_twilio_is_ours_too() -> None:
    post_twilio(twilio_fields("genug", OptOutType="STOP"))
    assert Contact.objects.get().opted_out


def test_an_opt_out_type_that_we_do_not_know_is_a_report_without_an_answer() -> None:
    answer = post_twilio(twilio_fields("Soldiers came", OptOutType="PAUSE"))
    assert b"<Message>" not in answer.content
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "expected"), [("2", 2), ("0", 0), ("", 0), ("-1", 0), ("many", 0), ("9999", 100), ("²", 0)]
)
def test_it_counts_what_came_with_the_words(said: str, expected: int) -> None:
    post_twilio(twilio_fields("", NumMedia=said))
    assert InboundMessage.objects.get().attachments == expected
    assert Report.objects.count() == (1 if expected else 0)


@pytest.mark.parametrize(("said", "expected"), [("CM", "CM"), ("cm", "CM"), ("XX", ""), ("", "")])
def test_the_country_of_a_short_code_is_what_twilio_says(said: str, expected: str) -> None:
    post_twilio(twilio_fields(From="8000", FromCountry=said))
    assert Contact.objects.get().country == expected


def test_an_address_behind_the_webhook_does_not_exist() -> None:
    assert Client().post("/sms/twilio/token/").status_code == 404
    assert Client().post("/sms/twilio/token/status/").status_code == 404


class TestSending:
    def test_it_posts_the_message_with_our_credentials(self, fake_twilio: FakeTwilio) -> None:
        sent = Twilio().send(OutgoingSms(WITNESS, "Merci à vous"))
        assert fake_twilio.message_ids == [sent.provider_message_id]
        assert fake_twilio.sent == [{"To": WITNESS, "From": "+15005550006", "Body": "Merci à vous"}]
        assert fake_twilio.paths == [f"/2010-04-01/Accounts/AC{'0' * 32}/Messages.json"]
        assert fake_twilio.authorizations[0].startswith("Basic ")

    def test_it_sends_through_a_messaging_service(self, fake_twilio: FakeTwilio, settings: Settings) -> None:
        settings.TWILIO_FROM = "MG" + "0" * 32
        Twilio().send(OutgoingSms(WITNESS, "Thank you"))
        assert fake_twilio.sent[0]["MessagingServiceSid"] == settings.TWILIO_FROM

    @pytest.mark.parametrize(
        ("status", "code", "is_permanent", "is_opted_out"),
        [
            (400, 21610, True, True),
            (400, 21211, True, False),
            (404, 20404, True, False),
            (401, 20003, False, False),
            (429, 20429, False, False),
            (500, 20500, False, False),
            (503, None, False, False),
        ],
    )
    def test_it_tells_failures_that_last_from_those_that_pass(
        self, fake_twilio: FakeTwilio, status: int, code: int | None, is_permanent: bool, is_opted_out: bool
    ) -> None:
        fake_twilio.answer(status, {"code": code, "message": f"about {WITNESS}"})
        with pytest.raises(SendError) as raised:
            Twilio().send(OutgoingSms(WITNESS, "Thank you"))
        assert (raised.value.permanent, raised.value.opted_out) == (is_permanent, is_opted_out)
        assert raised.value.code == f"twilio {code or status}"

    @pytest.mark.parametrize("body", [b"", b"<html>bad gateway</html>"])
    @pytest.mark.parametrize("status", [200, 502])
    def test_an_answer_that_makes_no_sense_is_a_failure_that_passes(
        self, fake_twilio: FakeTwilio, status: int, body: bytes
    ) -> None:
        fake_twilio.answer(status, body)
        with pytest.raises(SendError) as raised:
            Twilio().send(OutgoingSms(WITNESS, "Thank you"))
        assert not raised.value.permanent

    def test_nobody_there_is_a_failure_that_passes(self, fake_twilio: FakeTwilio, settings: Settings) -> None:
        settings.TWILIO_API_BASE = "http://127.0.0.1:9"
        with pytest.raises(SendError) as raised:
            Twilio().send(OutgoingSms(WITNESS, "Thank you"))
        assert (raised.value.code, raised.value.permanent) == ("ConnectionError", False)

    def test_the_library_logs_no_request(
        self, fake_twilio: FakeTwilio, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        Twilio().send(OutgoingSms(WITNESS, "Merci à vous"))
        assert "twilio" not in caplog.text.lower()
        assert WITNESS.removeprefix("+") not in caplog.text


class TestChecks:
    def findings(self) -> list[str | None]:
        return [message.id for message in Twilio().check()]

    def test_good_settings_pass(self) -> None:
        assert self.findings() == []

    def test_none_at_all_pass(self, settings: Settings) -> None:
        settings.TWILIO_ACCOUNT_SID = settings.TWILIO_AUTH_TOKEN = settings.TWILIO_FROM = ""
        assert self.findings() == []

    @pytest.mark.parametrize("name", ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM"])
    def test_settings_by_halves_are_an_error_that_names_what_is_missing(
        self, name: str, settings: Settings
    ) -> None:
        setattr(settings, name, "")
        (message,) = Twilio().check()
        assert message.id == "headlamp.E101"
        assert name in message.msg

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("TWILIO_ACCOUNT_SID", "SK" + "0" * 32),
            ("TWILIO_FROM", "0810 000 001"),
            ("TWILIO_FROM", "Headlamp\nA"),
        ],
    )
    def test_a_wrong_shape_is_an_error(self, name: str, value: str, settings: Settings) -> None:
        setattr(settings, name, value)
        assert self.findings() == ["headlamp.E102"]

    @pytest.mark.parametrize("value", ["api.twilio.com", "ftp://a.example", "http://"])
    def test_a_base_that_is_no_address_is_an_error(self, value: str, settings: Settings) -> None:
        settings.TWILIO_API_BASE = value
        assert self.findings() == ["headlamp.E102"]

    def test_plain_http_is_a_warning_where_people_are_real(self, settings: Settings) -> None:
        settings.DEMO = False
        assert self.findings() == ["headlamp.W104"]
        settings.PUBLIC_URL = "https://reports.example"
        assert self.findings() == []

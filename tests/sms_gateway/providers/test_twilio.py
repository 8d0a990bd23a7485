import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from impact.incidents.evidence import read_original
from impact.incidents.models import Evidence, Report
from impact.vocabulary import Channel
from sms_gateway.intake.confirming import confirm_doubted
from sms_gateway.intake.media import keep_media
from sms_gateway.models import Contact, InboundMedia, InboundMessage, OutboundMessage
from sms_gateway.providers.contract import Media, MediaError, OutgoingSms, SendError
from sms_gateway.providers.twilio import Twilio, is_signed
from sms_gateway.receiving import finish_received
from tests.internet import Internet
from tests.sms_gateway.fake_api import SentOn
from tests.sms_gateway.fake_twilio import FakeTwilio
from tests.sms_gateway.providers.lines import picture
from tests.sms_gateway.providers.security_case import Delivery, ProviderSecurity
from tests.sms_gateway.telephones import WITNESS, Answer, post_twilio, rows, signature, twilio_fields

pytestmark = pytest.mark.django_db
TEMPLATE = "HX" + "0a" * 16


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


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://mycompany.com/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("https://mycompany.com:1234/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("http://mycompany.com:1234/myapp.php?foo=1&bar=2", "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        ("https://mycompany.com/myapp.php?foo=1&bar=2", "kvajT1Ptam85bY51eRf/AJRuM3w="),
        ("http://mycompany.com/myapp.php?foo=1&bar=2", "0ZXoZLH/DfblKGATFgpif+LLRf4="),
    ],
)
def test_it_accepts_the_signatures_of_twilios_own_suite(url: str, expected: str) -> None:
    # tests/unit/test_request_validator.py of twilio-python: with and without the port
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    assert is_signed("12345", url, fields, expected)
    assert not is_signed("12345", url, {**fields, "Digits": "4321"}, expected)


def test_it_accepts_twilios_signature_over_a_name_that_comes_twice() -> None:
    fields = QueryDict("Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234")
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert is_signed("12345", url, fields, "IK+Dwps556ElfBT0I3Rgjkr1wJU=")


def test_a_delivery_in_which_a_name_comes_twice_is_signed_over_both() -> None:
    fields = twilio_fields()
    # Sorted, and each value behind the name: Label1Label2.
    signed = {"X-Twilio-Signature": signature({**fields, "Label": "1Label2"})}

    def post(more: str) -> int:
        form = f"{urlencode(fields)}{more}"
        content_type = "application/x-www-form-urlencoded"
        return Client().post("/sms/twilio/", form, content_type=content_type, headers=signed).status_code

    assert post("&Label=2") == post("&Label=1") == 403
    assert post("&Label=2&Label=1") == 200


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
    known["From"] = f"+24381{int(known['MessageSid'][2:], 16):07}"  # or the same words would be a repetition
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
            (400, 63016, True, False),
            (500, 63016, True, False),
            (404, 20404, True, False),
            (401, 20003, False, False),
            (407, None, False, False),  # a proxy of ours on the way
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

    def test_templates_are_read_by_language_in_their_order(self, settings: Settings) -> None:
        settings.TWILIO_WHATSAPP_TEMPLATES = f" fr:{TEMPLATE}, kri: {TEMPLATE} ,"
        assert self.findings() == []
        assert list(Twilio().templates().items()) == [("fr", TEMPLATE), ("kri", TEMPLATE)]

    @pytest.mark.parametrize(
        ("value", "word"),
        [
            (f"xx:{TEMPLATE}", "xx is none of en, fr, pt"),
            (TEMPLATE, "is none of"),
            ("fr:MG" + "0" * 32, "stands for fr is no SID"),
            ("fr:" + TEMPLATE[:-1], "stands for fr is no SID"),
            ("fr", "stands for fr is no SID"),
            (f"fr:{TEMPLATE},fr:{TEMPLATE}", "fr stands there twice"),
        ],
    )
    def test_a_template_that_is_none_is_an_error_that_says_why(
        self, value: str, word: str, settings: Settings
    ) -> None:
        settings.TWILIO_WHATSAPP_TEMPLATES = f"en:{TEMPLATE},{value}"
        (message,) = Twilio().check()
        assert message.id == "headlamp.E111"
        assert word in message.msg
        assert next(iter(Twilio().templates())) == "en"

    @pytest.mark.parametrize("value", ["api.twilio.com", "ftp://a.example", "http://"])
    def test_a_base_that_is_no_address_is_an_error(self, value: str, settings: Settings) -> None:
        settings.TWILIO_API_BASE = value
        assert self.findings() == ["headlamp.E102"]

    def test_plain_http_is_a_warning_where_people_are_real(self, settings: Settings) -> None:
        settings.DEMO = False
        assert self.findings() == ["headlamp.W104"]
        settings.PUBLIC_URL = "https://reports.example"
        assert self.findings() == []


class TestWhatComesWithTheWords:
    def test_a_picture_is_fetched_with_our_credentials_and_kept_as_evidence(
        self, fake_twilio: FakeTwilio
    ) -> None:
        url = f"https://api.twilio.com/2010-04-01/Accounts/AC{'0' * 32}/Messages/MM1/Media/ME1"
        fake_twilio.media["ME1"] = ("image/jpeg", picture())
        post_twilio(twilio_fields("", NumMedia="1", MediaUrl0=url, MediaContentType0="image/jpeg"))
        assert fake_twilio.asked == []  # not in the request: Twilio waits for its answer
        assert keep_media() == 1
        assert fake_twilio.authorizations[0].startswith("Basic ")
        evidence = Evidence.objects.get()
        assert (evidence.report, read_original(evidence)) == (Report.objects.get(), picture())

    @pytest.mark.parametrize(
        "url",
        [
            "https://elsewhere.example/2010-04-01/Media/ME1",
            "http://api.twilio.com/2010-04-01/Media/ME1",
            "https://api.twilio.com.elsewhere.example/ME1",
            "https://api.twilio.com@elsewhere.example/ME1",
            "https://[::1/",
            "file:///etc/passwd",
            "//api.twilio.com/ME1",
        ],
    )
    def test_our_credentials_go_nowhere_else(self, fake_twilio: FakeTwilio, url: str) -> None:
        post_twilio(twilio_fields("x", NumMedia="1", MediaUrl0=url))
        assert keep_media() == 0
        assert fake_twilio.asked == []
        assert InboundMedia.objects.get().state == InboundMedia.State.FAILED

    def test_a_picture_that_is_not_there_yet_is_fetched_again(self, fake_twilio: FakeTwilio) -> None:
        url = "https://api.twilio.com/2010-04-01/Media/ME1"
        post_twilio(twilio_fields("x", NumMedia="1", MediaUrl0=url))
        fake_twilio.answer(503, b"")
        assert keep_media() == 0
        waiting = InboundMedia.objects.get()
        assert (waiting.state, waiting.attempts) == (InboundMedia.State.WAITING, 1)
        assert waiting.try_after > timezone.now()
        fake_twilio.answer_normally()
        fake_twilio.media["ME1"] = ("image/jpeg", picture())
        InboundMedia.objects.update(try_after=timezone.now())
        assert keep_media() == 1

    def test_a_picture_without_end_is_given_up(self, fake_twilio: FakeTwilio) -> None:
        fake_twilio.answer(200, picture() + b"\0" * 1000)
        with pytest.raises(MediaError, match="too large"):
            Twilio().fetch_media(Media(url="https://api.twilio.com/ME1"), 500)

    def test_a_picture_is_fetched_from_the_store_that_twilio_sends_us_on_to(
        self, fake_twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        internet = Internet(monkeypatch, tmp_path, "store.example.org")
        store = internet.serve("store.example.org", lambda asked: (200, picture()))
        fake_twilio.answer(307, SentOn("https://store.example.org/ME1?Signature=x"))
        try:
            post_twilio(
                twilio_fields("x", NumMedia="1", MediaUrl0="https://api.twilio.com/2010-04-01/Media/ME1")
            )
            assert keep_media() == 1
            assert [asked.headers.get("Authorization") for asked in store.asked] == [None]
        finally:
            internet.close()
        assert read_original(Evidence.objects.get()) == picture()

    def test_where_twilio_seems_to_send_us_inside_it_is_asked_again_later(
        self, fake_twilio: FakeTwilio, caplog: pytest.LogCaptureFixture
    ) -> None:
        # A name server that was lied to for an hour must not cost a picture.
        post_twilio(twilio_fields("x", NumMedia="1", MediaUrl0="https://api.twilio.com/2010-04-01/Media/ME1"))
        fake_twilio.answer(302, SentOn("https://169.254.169.254/latest/meta-data"))
        assert keep_media() == 0
        assert InboundMedia.objects.get().state == InboundMedia.State.WAITING
        with pytest.raises(MediaError) as raised:
            Twilio().fetch_media(Media(url="https://api.twilio.com/ME1"), 500)
        assert (raised.value.code, raised.value.permanent) == ("unsafe address", False)
        assert "169.254" not in caplog.text

    def test_a_location_on_whatsapp_is_where_it_happened(self) -> None:
        fields = twilio_fields("", Latitude="-6.4", Longitude="20.8", Label="Pit", Address="")
        post_twilio({**fields, "From": f"whatsapp:{WITNESS}", "WaId": WITNESS[1:], "ProfileName": "A name"})
        report = Report.objects.get()
        assert report.channel == "whatsapp"
        assert report.incident.point is not None
        assert (report.incident.point.x, report.incident.point.y) == (20.8, -6.4)
        assert report.incident.place_method == "reporter_point"
        assert Contact.objects.get().country == "CD"

    @pytest.mark.parametrize(
        ("latitude", "longitude"),
        [("91", "0"), ("nan", "1"), ("inf", "1"), ("", "1"), ("a", "b")],
    )
    def test_a_location_that_is_not_on_earth_is_none(self, latitude: str, longitude: str) -> None:
        post_twilio(twilio_fields("Soldiers came", Latitude=latitude, Longitude=longitude))
        message = InboundMessage.objects.get()
        assert (message.latitude, message.longitude) == (None, None)

    def test_a_reply_on_whatsapp_goes_back_on_whatsapp(
        self, fake_twilio: FakeTwilio, settings: Settings
    ) -> None:
        settings.TWILIO_WHATSAPP_FROM = "+15005550009"
        fake_twilio.hears(WITNESS)
        Twilio().send(OutgoingSms(WITNESS, "Thank you", channel=Channel.WHATSAPP))
        assert fake_twilio.sent[0]["To"] == f"whatsapp:{WITNESS}"
        assert fake_twilio.sent[0]["From"] == "whatsapp:+15005550009"

    def test_a_template_goes_in_place_of_the_words(self, fake_twilio: FakeTwilio) -> None:
        fake_twilio.approved = {TEMPLATE}
        Twilio().send(OutgoingSms(WITNESS, "Hello", channel=Channel.WHATSAPP, template=TEMPLATE))
        assert fake_twilio.sent[0]["ContentSid"] == TEMPLATE
        assert "Body" not in fake_twilio.sent[0]

    def test_a_template_that_was_never_approved_is_given_up(self, fake_twilio: FakeTwilio) -> None:
        with pytest.raises(SendError) as raised:
            Twilio().send(OutgoingSms(WITNESS, "Hello", channel=Channel.WHATSAPP, template=TEMPLATE))
        assert (raised.value.code, raised.value.permanent) == ("twilio 21655", True)


class TestTaken:
    """What Twilio is asked before another try: whether it had taken the words at an earlier one."""

    def taken(self, text: str = "Thank you", **fields: Any) -> list[str]:
        found = Twilio().taken(OutgoingSms(WITNESS, text, **fields), timezone.now())
        return [sent.provider_message_id for sent in found]

    def test_the_same_words_to_the_same_number_through_the_api_are_found(
        self, fake_twilio: FakeTwilio
    ) -> None:
        fake_twilio.took("SM1", WITNESS, "Thank you\n")
        fake_twilio.took("SM2", WITNESS, "Sent from your Twilio trial account - Thank you")
        fake_twilio.took("SM3", WITNESS, "Thank you, and more")
        fake_twilio.took("SM4", "+243810000002", "Thank you")
        fake_twilio.replied("SM5", WITNESS, timezone.now())
        fake_twilio.has("SM6", WITNESS, "Thank you")
        fake_twilio.took("SM7", WITNESS, "Thank you", messaging_service_sid="MG" + "0" * 32)
        assert self.taken() == ["SM1", "SM2"]
        assert self.taken("reply") == []  # it went back in an answer, and is no try of ours

    def test_what_was_sent_long_before_is_another_message(self, fake_twilio: FakeTwilio) -> None:
        for sid, hours in (("SM1", 3), ("SM2", 0.5)):  # clocks may be off by less
            at = format_datetime(timezone.now() - timedelta(hours=hours))
            fake_twilio.took(sid, WITNESS, "Thank you", date_created=at)
        assert self.taken() == ["SM2"]

    def test_a_messaging_service_is_known_by_its_name(
        self, fake_twilio: FakeTwilio, settings: Settings
    ) -> None:
        settings.TWILIO_FROM = "MG" + "a" * 32
        fake_twilio.took("SM1", WITNESS, "Thank you", messaging_service_sid=settings.TWILIO_FROM)
        fake_twilio.took("SM2", WITNESS, "Thank you")
        assert self.taken() == ["SM1"]
        sent = Twilio().send(OutgoingSms(WITNESS, "Another"))
        assert self.taken("Another") == [sent.provider_message_id]

    def test_whatsapp_is_another_line_to_the_same_number(
        self, fake_twilio: FakeTwilio, settings: Settings
    ) -> None:
        settings.TWILIO_WHATSAPP_FROM = "+15005550009"
        fake_twilio.hears(WITNESS)
        sent = Twilio().send(OutgoingSms(WITNESS, "Thank you", channel=Channel.WHATSAPP))
        assert self.taken(channel=Channel.WHATSAPP) == [sent.provider_message_id]
        assert self.taken() == []

    def test_a_template_is_known_by_the_words_that_it_stands_for(self, fake_twilio: FakeTwilio) -> None:
        origin = {"from": "whatsapp:+15005550006"}
        fake_twilio.took("SM1", f"whatsapp:{WITNESS}", "Hello. Write OK.", **origin)
        assert self.taken("Hello. Write OK.", channel=Channel.WHATSAPP, template=TEMPLATE) == ["SM1"]

    @pytest.mark.parametrize(("status", "is_permanent"), [(503, False), (401, False), (404, True)])
    def test_a_list_that_is_refused_is_told_by_its_status(
        self, fake_twilio: FakeTwilio, status: int, is_permanent: bool
    ) -> None:
        fake_twilio.answer(status, {"message": f"about {WITNESS}"})
        with pytest.raises(SendError) as raised:
            self.taken()
        assert (raised.value.code, raised.value.permanent) == (f"twilio {status}", is_permanent)


class TestDoubt:
    """A signed request cut up anew: what is left over stands in a parameter that Twilio does not use."""

    SID = "SM" + "d" * 32

    def doubtful(self, text: str = "Nothing happened") -> Answer:
        answer = post_twilio(twilio_fields(text, MessageSid=self.SID, Zfrom="left over"))
        InboundMessage.objects.update(try_after=timezone.now())  # its request's own time is over
        return answer

    def test_the_library_takes_a_request_that_was_cut_up_anew(self) -> None:
        # The trap itself: the same signed characters, other borders, another text.
        genuine = {"Body": "x", "From": WITNESS, "MessageSid": self.SID}
        forged = {"Body": "x" + "From" + WITNESS, "MessageSid": self.SID}
        signed = signature(genuine)
        assert is_signed("the suite's own token", "http://testserver/sms/twilio/", forged, signed)

    def test_it_is_held_and_not_answered(self) -> None:
        answer = self.doubtful()
        assert (answer.status_code, b"<Message>" in answer.content) == (200, False)
        message = InboundMessage.objects.get()
        assert (message.state, message.held_because) == ("held", "unknown parameters")
        assert Report.objects.count() == 0

    def test_what_twilio_knows_goes_on_its_way(self, fake_twilio: FakeTwilio) -> None:
        self.doubtful()
        fake_twilio.has(self.SID, WITNESS, "Nothing happened")
        assert confirm_doubted() == 1
        finish_received()
        assert Report.objects.get().text == "Nothing happened"

    def test_what_twilio_does_not_know_waits_for_people(self, fake_twilio: FakeTwilio) -> None:
        self.doubtful()
        assert confirm_doubted() == 0
        assert InboundMessage.objects.get().held_because == "not known to the provider"
        assert confirm_doubted() == 0
        assert len(fake_twilio.asked) == 1

    @pytest.mark.parametrize(
        ("sender", "text"), [(WITNESS, "Soldiers came"), ("+243810000002", "Nothing happened")]
    )
    def test_what_twilio_knows_otherwise_waits_for_people(
        self, fake_twilio: FakeTwilio, sender: str, text: str
    ) -> None:
        self.doubtful()
        fake_twilio.has(self.SID, sender, text)
        assert confirm_doubted() == 0
        message = InboundMessage.objects.get()
        assert (message.state, message.held_because) == ("held", "another message at the provider")

    def test_where_twilio_can_not_be_asked_it_is_asked_again(self, fake_twilio: FakeTwilio) -> None:
        self.doubtful()
        fake_twilio.answer(503, {})
        assert confirm_doubted() == 0
        message = InboundMessage.objects.get()
        assert message.held_because == "unknown parameters"
        assert message.try_after > timezone.now()


class TestDelivery:
    def message(self) -> OutboundMessage:
        post_twilio(twilio_fields())
        OutboundMessage.objects.update(provider_message_id="SM" + "9" * 32)
        return OutboundMessage.objects.get()

    def report(self, status: str, own_id: str = "", **fields: str) -> Answer:
        given = {
            "AccountSid": "AC" + "0" * 32,
            "MessageSid": "SM" + "9" * 32,
            "MessageStatus": status,
            "SmsSid": "SM" + "9" * 32,
            "SmsStatus": status,
            "To": WITNESS,
            "From": "+15005550006",
            "ApiVersion": "2010-04-01",
            **fields,
        }
        address = f"/sms/twilio/status/?id={own_id}" if own_id else "/sms/twilio/status/"
        signed = signature(given, url=f"http://testserver{address}")
        return Client().post(
            address,
            urlencode(given),
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signed},
        )

    def test_reports_in_any_order_leave_the_furthest_state(self) -> None:
        message = self.message()
        for status in ("delivered", "sent", "queued", "undelivered", "tomorrow"):
            assert self.report(status).status_code == 200
        message.refresh_from_db()
        assert (message.delivery, message.delivery_error) == ("delivered", "")

    def test_a_failure_has_its_code(self) -> None:
        message = self.message()
        self.report("undelivered", own_id=str(message.pk), ErrorCode="30003")
        message.refresh_from_db()
        assert (message.delivery, message.delivery_error) == ("undelivered", "twilio 30003")

    def test_error_21610_is_a_stop(self) -> None:
        self.message()
        self.report("failed", ErrorCode="21610")
        assert Contact.objects.get().opted_out

    def test_a_report_that_is_not_signed_changes_nothing(self) -> None:
        message = self.message()
        answer = Client().post("/sms/twilio/status/", {"MessageSid": "x", "MessageStatus": "failed"})
        assert answer.status_code == 403
        self.report("failed", Zleft="over")
        message.refresh_from_db()
        assert message.delivery == ""

    def test_twilio_is_told_where_to_report_to(self, fake_twilio: FakeTwilio, settings: Settings) -> None:
        settings.PUBLIC_URL = "https://reports.example"
        Twilio().send(OutgoingSms(WITNESS, "Thank you", own_id="our-id"))
        expected = "https://reports.example/sms/twilio/status/?id=our-id"
        assert fake_twilio.sent[0]["StatusCallback"] == expected


class TestCatchingUp:
    def test_it_lists_what_came_with_its_pictures(self, fake_twilio: FakeTwilio) -> None:
        fake_twilio.media["ME1"] = ("image/jpeg", picture())
        fake_twilio.has("SM1", WITNESS, "First")
        fake_twilio.has("MM2", f"whatsapp:{WITNESS}", "Second", media=1)
        fake_twilio.held.append({**fake_twilio.held[0], "sid": "SM3", "direction": "outbound-api"})
        since = datetime(2026, 11, 1, tzinfo=UTC)
        first, second = Twilio().catch_up(since)
        assert (first.message_id, first.text, first.sender, first.media) == ("SM1", "First", WITNESS, ())
        assert (second.channel, second.sender, second.attachments) == (Channel.WHATSAPP, WITNESS, 1)
        assert second.media[0].url.startswith("https://api.twilio.com/")
        assert fake_twilio.asked[0].query["DateSent>"] == "2026-11-01T00:00:00Z"

    def test_what_can_not_be_asked_is_told(self, fake_twilio: FakeTwilio) -> None:
        fake_twilio.answer(503, {})
        with pytest.raises(SendError):
            list(Twilio().catch_up(timezone.now()))

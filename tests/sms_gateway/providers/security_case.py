"""What every provider must refuse. Each provider's tests inherit it, so that it can't be forgotten."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

import pytest
from django.test import Client

from impact.incidents.models import Report, Reporter
from tests.sms_gateway.telephones import Answer, rows

Delivery = Callable[[], Answer]


class ProviderSecurity(ABC):
    """`genuine` delivers a message; each of `forgeries` is one that the provider did not send.

    `malformed` are genuine requests that are no message, each with the field that is wrong with it.
    """

    pytestmark = pytest.mark.django_db
    methods: tuple[str, ...] = ("post",)

    @property
    @abstractmethod
    def address(self) -> str: ...

    @abstractmethod
    def genuine(self) -> Answer: ...

    @abstractmethod
    def forgeries(self) -> Mapping[str, Delivery]: ...

    def malformed(self) -> Mapping[str, tuple[str, Delivery]]:
        return {}

    def test_a_genuine_delivery_is_taken(self) -> None:
        # Without this one, a provider that refuses everything would pass.
        assert self.genuine().status_code == 200
        assert Report.objects.count() == 1

    def test_every_forgery_is_403_and_leaves_no_row(self) -> None:
        forgeries = self.forgeries()
        assert len(forgeries) >= 3
        answers = {name: deliver().status_code for name, deliver in forgeries.items()}
        assert answers == dict.fromkeys(forgeries, 403)
        assert rows() == (0, 0, 0)
        assert Reporter.objects.count() == Report.objects.count() == 0

    def test_what_is_no_message_is_400_names_the_field_and_leaves_no_row(self) -> None:
        malformed = self.malformed()
        answers = {name: deliver() for name, (_, deliver) in malformed.items()}
        said = {name: (answer.status_code, answer.content.decode()) for name, answer in answers.items()}
        assert said == {name: (400, field) for name, (field, _) in malformed.items()}
        assert rows() == (0, 0, 0)

    def test_a_replay_makes_nothing_new(self) -> None:
        self.genuine()
        before = rows()
        self.genuine()
        assert rows() == before
        assert Report.objects.count() == 1

    @pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch", "options", "post"])
    def test_only_its_own_methods_are_answered(self, method: str) -> None:
        if method in self.methods:
            assert getattr(Client(), method)(self.address).status_code != 405
        else:
            assert getattr(Client(), method)(self.address).status_code == 405
        assert rows() == (0, 0, 0)

    def test_it_needs_no_csrf_token(self) -> None:
        # Still not taken, but for its own reason and not for Django's.
        refused = Client(enforce_csrf_checks=True).post(self.address, {"a": "b"})
        assert b"CSRF" not in refused.content

    @pytest.mark.parametrize("suffix", ["", "status/"])
    def test_a_body_past_all_measure_is_refused(self, suffix: str) -> None:
        body = b"a=" + b"x" * 15_000_000
        answer = Client().post(self.address + suffix, body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in {400, 403}
        assert rows() == (0, 0, 0)

    @pytest.mark.parametrize(
        "content_type",
        [
            "application/x-www-form-urlencoded; charset=utf-16",
            "application/json; charset=base64",
            "text/plain; charset=hex",
            'text/plain; charset="',
            "multipart/form-data",
            "multipart/form-data; boundary=" + "x" * 300,
            "application/xml",
            "é",
            "",
        ],
    )
    @pytest.mark.parametrize("suffix", ["", "status/"])
    def test_a_body_of_another_kind_is_refused(self, content_type: str, suffix: str) -> None:
        for body in (b"", b"\xff\xfe\x00", b"{", b"[" * 5000, b"a=%ff%00&" * 50):
            answer = Client().generic("POST", self.address + suffix, body, content_type=content_type)
            assert answer.status_code in {400, 403}
        assert rows() == (0, 0, 0)

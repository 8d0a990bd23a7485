"""What every provider must refuse. Each provider's tests inherit it, so that it can't be forgotten."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

import pytest
from django.test import Client

from impact.incidents.models import Report, Reporter
from tests.sms_gateway.telephones import Answer, rows

Delivery = Callable[[], Answer]


class ProviderSecurity(ABC):
    """`genuine` delivers a message; each of `forgeries` is one that the provider did not send."""

    pytestmark = pytest.mark.django_db

    @property
    @abstractmethod
    def address(self) -> str: ...

    @abstractmethod
    def genuine(self) -> Answer: ...

    @abstractmethod
    def forgeries(self) -> Mapping[str, Delivery]: ...

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

    def test_a_replay_makes_nothing_new(self) -> None:
        self.genuine()
        before = rows()
        self.genuine()
        assert rows() == before
        assert Report.objects.count() == 1

    @pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch"])
    def test_only_post_is_answered(self, method: str) -> None:
        assert getattr(Client(), method)(self.address).status_code == 405
        assert rows() == (0, 0, 0)

    def test_it_needs_no_csrf_token(self) -> None:
        # Still not taken, but for its own reason and not for Django's.
        refused = Client(enforce_csrf_checks=True).post(self.address, {"a": "b"})
        assert b"CSRF" not in refused.content

"""Forged and malformed requests leave no row and make no error of ours. bench/forgeries.py runs 10,000."""

from collections import Counter

import pytest
from django.test import Client
from pytest_django import Settings

from impact.incidents.models import Report, Reporter
from sms_gateway.models import DeliveryReport, InboundMedia
from tests.sms_gateway.forging import CLASSES, Forgery, forgeries
from tests.sms_gateway.providers.lines import configure_all
from tests.sms_gateway.telephones import rows

pytestmark = pytest.mark.django_db
EACH = 5


def answer_to(forgery: Forgery) -> int:
    client = Client(raise_request_exception=False)
    return client.generic(
        forgery.method,
        forgery.address,
        forgery.body,
        content_type=forgery.content_type,
        headers=forgery.headers,
    ).status_code


def test_no_forgery_leaves_a_row_or_is_an_error_of_ours(settings: Settings) -> None:
    configure_all(settings)
    assert len(CLASSES) == 20
    answers: dict[str, Counter[int]] = {name: Counter() for name in CLASSES}
    for name, forgery in forgeries(EACH, seed=4):
        answers[name][answer_to(forgery)] += 1
    refused = {400, 403, 404, 405}
    assert {name: said for name, said in answers.items() if not set(said) <= refused} == {}
    assert rows() == (0, 0, 0)
    assert Report.objects.count() == Reporter.objects.count() == 0
    assert DeliveryReport.objects.count() == InboundMedia.objects.count() == 0

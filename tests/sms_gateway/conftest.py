from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from sms_gateway.intake.floods import forget_floods
from sms_gateway.receiving import patience
from tests.sms_gateway.fake_api import FakeApi
from tests.sms_gateway.fake_twilio import FakeTwilio


@pytest.fixture(autouse=True)
def _clean_gateway(settings: Settings, tmp_path: Path) -> None:
    settings.SPOOL_DIR = tmp_path / "spool"
    patience.regain()
    forget_floods()


@pytest.fixture
def fake_twilio(settings: Settings) -> Iterator[FakeTwilio]:
    fake = FakeTwilio()
    settings.TWILIO_API_BASE = fake.address
    yield fake
    fake.close()


@pytest.fixture
def fake_api() -> Iterator[FakeApi]:
    fake = FakeApi()
    yield fake
    fake.close()

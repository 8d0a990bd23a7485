from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.sms_gateway.fake_twilio import FakeTwilio


@pytest.fixture
def fake_twilio(settings: Settings) -> Iterator[FakeTwilio]:
    fake = FakeTwilio()
    settings.TWILIO_API_BASE = fake.address
    yield fake
    fake.close()

import pytest
from pytest_django import Settings

from tests.sms_gateway.providers.lines import configure_all


@pytest.fixture(autouse=True)
def _every_provider(settings: Settings) -> None:
    configure_all(settings)

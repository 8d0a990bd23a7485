import pytest
from pytest_django.fixtures import Settings

from impact.operations.outward.addresses import (
    NoSuchHost,
    UnsafeAddress,
    check_address,
    is_of_the_world,
    resolve,
)
from tests.internet import MALFORMED, PRIVATE, PUBLIC, dns


@pytest.mark.parametrize("url", [*PRIVATE, *MALFORMED])
def test_an_address_that_leads_inside_or_nowhere_is_refused(url: str, settings: Settings) -> None:
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(UnsafeAddress):
        check_address(url)


def test_an_open_address_may_be_called() -> None:
    assert resolve(check_address(f"https://{PUBLIC}:8443/x?y=z"), 1) == [PUBLIC]
    assert is_of_the_world("2606:2800:220:1:248:1893:25c8:1946")
    with pytest.raises(UnsafeAddress):
        check_address("https://[::ffff:8.8.8.8]/")


def test_http_to_this_machine_is_for_tries_of_webhooks_alone(settings: Settings) -> None:
    settings.DEMO = True
    assert resolve(check_address("http://127.0.0.1:8000/"), 1) == ["127.0.0.1"]
    with pytest.raises(UnsafeAddress):
        check_address("http://127.0.0.1:8000/", may_be_here=False)


def test_a_name_without_an_address_is_no_host(monkeypatch: pytest.MonkeyPatch) -> None:
    dns(monkeypatch, [])
    with pytest.raises(NoSuchHost):
        resolve(check_address("https://nobody.example.org/"), 1)

import pytest
from django.test import Client
from django.utils.translation import override
from pytest_django import Settings

from impact.near_settings import near_m
from impact.places.nearness.reach_words import reach_words


@pytest.mark.parametrize(
    ("setting", "language", "words"),
    [
        ("25", "en", "25 km"),
        ("12.5", "fr", "12,5 km"),
        ("artisanal=10,industrial=40", "en", "10 to 40 km"),
        ("25", "sw", "km 25"),
    ],
)
def test_texts_say_what_near_is_set_to(settings: Settings, setting: str, language: str, words: str) -> None:
    settings.NEAR_M = near_m(setting)
    with override(language):
        assert reach_words() == words


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/method/", "/areas/"])
def test_pages_say_it(client: Client, settings: Settings, address: str) -> None:
    settings.NEAR_M = near_m("artisanal=10,industrial=40")
    assert "within 10 to 40 km" in client.get(address).content.decode()

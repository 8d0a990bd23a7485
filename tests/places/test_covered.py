import pytest

from impact.places.basemap import COUNTRY_NAMES, country_codes
from impact.places.covered import covered_countries
from impact.places.importing.countries import country_code
from tests.builders import make_area


@pytest.mark.django_db
def test_a_country_is_offered_once_an_area_of_it_is_there() -> None:
    assert [code for code, _name in covered_countries() if code not in COUNTRY_NAMES] == []

    make_area("Argyle", 128.4, -16.7, country="AU")

    assert ("AU", "Australia") in covered_countries()


def test_every_country_of_the_world_can_be_asked_for() -> None:
    assert {"GY", "NG", "VE", "IN", "RU", "CA", "AU", "ID", "PG"} < country_codes()
    assert "" not in country_codes()
    assert "XX" not in country_codes()


@pytest.mark.parametrize(("written", "code"), [("GUY", "GY"), ("nga", "NG"), ("COD", "CD"), ("SUN", "")])
def test_the_codes_of_three_letters_are_known_too(written: str, code: str) -> None:
    assert country_code(written) == code

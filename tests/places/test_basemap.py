import pytest
from django.utils import translation

from impact.places.basemap import COUNTRY_NAMES, country_choices


@pytest.mark.parametrize(
    ("language", "first", "later"), [("pt", "ZA", "AO"), ("fr", "ZA", "AO"), ("en", "AO", "BR")]
)
def test_countries_come_in_the_order_of_their_names_whatever_the_accents(
    language: str, first: str, later: str
) -> None:
    with translation.override(language):
        codes = [code for code, _name in country_choices()]
    assert sorted(codes) == sorted(COUNTRY_NAMES)
    assert codes.index(first) < codes.index(later)


def test_only_some_may_be_chosen_from_and_one_that_has_no_label_of_ours() -> None:
    assert country_choices(["ZW", "EG", "AO"]) == [("AO", "Angola"), ("EG", "Egypt"), ("ZW", "Zimbabwe")]

from decimal import Decimal

import pytest
from django.utils import translation

from impact.summaries.numbers import grouped, rounded


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "1,234.57"), ("fr", "1\u00a0234,57"), ("pt", "1.234,57"), ("sw", "1,234.57")],
)
def test_numbers_are_rounded_and_not_cut_off(language: str, written: str) -> None:
    with translation.override(language):
        assert rounded(1234.567, 2) == written
        assert rounded(Decimal("1234.567"), 2) == written
        assert grouped(1234) == written.removesuffix(".57").removesuffix(",57")

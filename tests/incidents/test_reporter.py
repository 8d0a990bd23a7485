import pytest

from impact.incidents.models import Reporter
from impact.incidents.reporter import new_reporter

pytestmark = pytest.mark.django_db


def test_a_pseudonym_is_two_words_and_a_number_and_never_given_twice() -> None:
    names = [new_reporter().pseudonym for _ in range(50)]
    assert len(set(names)) == 50 == Reporter.objects.count()
    for name in names:
        colour, animal, number = name.split()
        assert colour.isalpha()
        assert animal.isalpha()
        assert number.isdigit()

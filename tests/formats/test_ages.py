from datetime import timedelta

import pytest
from django.utils import translation

from impact.formats.ages import age_words
from tests.builders import NOW

AGES = [
    timedelta(seconds=5),
    timedelta(minutes=27),
    timedelta(hours=3),
    timedelta(days=5),
    timedelta(days=21),
]
AGES += [timedelta(days=70), timedelta(days=800)]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["0 minutes", "27 minutes", "3 hours", "5 days", "3 weeks", "2 months", "2 years"]),
        ("fr", ["0 minute", "27 minutes", "3 heures", "5 jours", "3 semaines", "2 mois", "2 ans"]),
        ("pt", ["0 minutos", "27 minutos", "3 horas", "5 dias", "3 semanas", "2 meses", "2 anos"]),
        ("sw", ["dakika 0", "dakika 27", "saa 3", "siku 5", "wiki 3", "miezi 2", "miaka 2"]),
    ],
)
def test_an_age_is_told_in_its_largest_unit_in_every_language(language: str, said: list[str]) -> None:
    with translation.override(language):
        words = [age_words(NOW - age, NOW).replace("\N{NO-BREAK SPACE}", " ") for age in AGES]
    assert words == said

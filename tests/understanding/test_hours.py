import pytest

from impact.understanding.hours import find_hour
from tests.understanding.cast import marked, read, words


@pytest.mark.parametrize(
    ("language", "text", "hour"),
    [
        ("en", "yesterday at 3am", 3),
        ("en", "yesterday at 3 pm", 15),
        ("en", "at 15:30 they came", 15),
        ("en", "at 12 am", 0),
        ("en", "around 8 in the evening", 20),
        ("en", "at 2 at night", 2),
        ("en", "at 10 last night", 22),
        ("en", "at midnight", 0),
        ("fr", "hier vers 15h", 15),
        ("fr", "hier vers 15h30", 15),
        ("fr", "à 3 heures du matin", 3),
        ("fr", "à 8h du soir", 20),
        ("fr", "à minuit", 0),
        ("pt", "às 3 da manhã", 3),
        ("pt", "ontem às 15h", 15),
        ("pt", "às 9 da noite", 21),
        ("sw", "jana saa nane mchana", 14),
        ("sw", "saa mbili usiku", 20),
        ("sw", "saa tisa usiku", 3),
        ("sw", "saa 1 asubuhi", 7),
        ("sw", "saa kumi jioni", 16),
        ("sw", "saa sita usiku", 0),
    ],
)
def test_it_reads_the_hour(language: str, text: str, hour: int) -> None:
    found = find_hour(marked(text, language))
    assert found
    assert found.hour == hour


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "they beat him for 3 hours"),
        ("en", "at 5 checkpoints"),
        ("en", "3 men killed at Koidu"),
        ("fr", "pendant 5 h ils ont tiré"),
        ("fr", "à 5 km de Tshikapa"),
        ("sw", "kwa masaa 3"),
        ("pt", "às 5 famílias"),
    ],
)
def test_it_takes_no_other_number_for_an_hour(language: str, text: str) -> None:
    assert find_hour(marked(text, language)) is None


def test_a_day_with_an_hour_is_known_to_the_hour() -> None:
    text = "Hier vers 15h les militaires ont tué un creuseur"
    occurred = read(text, "CD").occurred
    assert occurred
    assert (occurred.precision, occurred.hour, occurred.day_precision) == ("hour", 15, "day")
    assert occurred.from_on.isoformat() == "2026-11-19"
    assert words(text, occurred.spans) == ["Hier", "15h"]

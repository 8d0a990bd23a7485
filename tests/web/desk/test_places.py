import pytest

from impact.web.desk.places import Candidate, candidate_of, candidates_called
from tests.builders import make_area, make_place


def test_a_candidate_is_read_back_from_its_button() -> None:
    candidate = Candidate("Kananga, rue 5", "CD", 22.41667, -5.89624, 8000.0, area_id=4)
    assert candidate_of(candidate.key) == candidate
    assert candidate.words == "Kananga, rue 5, Democratic Republic of the Congo · producing area · ± 8.0 km"


@pytest.mark.parametrize(
    "key",
    [
        "",
        "typed",
        "1,2,3",
        "a,b,c,5,,CD,X",
        "1,2,3,a,,CD,X",
        "nan,1,1,5,,CD,X",
        "1,2,-3,5,,CD,X",
        "1,2,3,5,,CD,\0",
    ],
)
def test_anything_else_is_no_candidate(key: str) -> None:
    assert candidate_of(key) is None


@pytest.mark.django_db
def test_a_name_is_looked_up_with_its_typing_errors() -> None:
    make_place("Tshikapa")
    make_place("Tshikapa", 24.0, -5.0, population=900)
    make_area("Tshikapa", 20.7, -6.3)
    found = candidates_called("Tsikapa")
    assert [(place.area_id is not None, place.longitude) for place in found] == [
        (True, 20.7),
        (False, 20.8),
        (False, 24.0),
    ]
    assert candidates_called("  ") == []
    assert candidates_called("\0") == []


@pytest.mark.django_db
def test_the_beginning_of_a_name_is_enough() -> None:
    make_place("Mbuji-Mayi", 23.6, -6.15, population=2_000_000)
    assert [place.name for place in candidates_called("mbuji")] == ["Mbuji-Mayi"]

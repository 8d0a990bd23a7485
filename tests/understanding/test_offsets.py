import pytest
from pyproj import Geod

from impact.understanding.facts import PlaceFound
from impact.understanding.offsets import offset_radius_m
from tests.understanding.cast import read

GEOD = Geod(ellps="WGS84")
TSHIKAPA = (20.8, -6.416)


def place(text: str, country: str = "CD") -> PlaceFound:
    found = read(text, country).place
    assert found
    return found


@pytest.mark.parametrize(
    ("text", "bearing", "distance_m"),
    [
        ("5 km north of Tshikapa", 0, 5_000),
        ("5km au nord de Tshikapa", 0, 5_000),
        ("2,5 km au sud-est de Tshikapa", 135, 2_500),
        ("10 km a oeste de Tshikapa", -90, 10_000),
        ("kilomita 5 kaskazini mwa Tshikapa", 0, 5_000),
        ("five km east of Tshikapa", 90, 5_000),
        ("3 miles west of Tshikapa", -90, 4_828),
    ],
)
def test_it_goes_the_distance_in_the_direction(text: str, bearing: float, distance_m: float) -> None:
    found = place(f"soldiers beat us {text}")
    azimuth, _, travelled_m = GEOD.inv(*TSHIKAPA, found.longitude, found.latitude)
    assert travelled_m == pytest.approx(distance_m, rel=0.001)
    assert azimuth == pytest.approx(bearing, abs=0.1)
    assert found.name == text
    assert found.place_id is None


def test_it_widens_the_radius_without_a_direction() -> None:
    found = place("soldiers beat us 5 km from Tshikapa")
    assert (found.longitude, found.latitude) == TSHIKAPA
    assert found.radius_m == 5_000 + 5_000


def test_it_widens_the_radius_for_near() -> None:
    assert place("soldiers beat us near Tshikapa").radius_m > place("soldiers beat us in Tshikapa").radius_m


@pytest.mark.parametrize(
    "text",
    ["between Koidu and Kenema", "entre Koidu et Kenema", "entre Koidu e Kenema", "kati ya Koidu na Kenema"],
)
def test_it_takes_the_middle_between_two(text: str) -> None:
    found = place(f"soldiers beat us {text}", "SL")
    _, _, apart_m = GEOD.inv(-10.971, 8.644, -11.19, 7.877)
    _, _, to_one_m = GEOD.inv(-10.971, 8.644, found.longitude, found.latitude)
    assert to_one_m == pytest.approx(apart_m / 2, rel=0.001)
    assert found.radius_m == pytest.approx(apart_m / 2)
    assert found.name == text


def test_it_is_less_sure_of_a_cardinal_direction_than_of_one_between() -> None:
    north = offset_radius_m(1_000, 10_000, 1_000, 0)
    northeast = offset_radius_m(1_000, 10_000, 1_000, 45)
    assert 1_000 < northeast < north


def test_it_allows_for_the_last_digit_of_the_distance() -> None:
    assert offset_radius_m(0, 12_000, 1_000, 45) < offset_radius_m(0, 12_000, 10_000, 45)

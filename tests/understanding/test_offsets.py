from math import sqrt

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
    assert found.radius_m == 5_000 + 5_000 + 1_000


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


@pytest.mark.parametrize(
    "text",
    [
        "on the road Koidu-Kenema",
        "on the road Koidu - Kenema",
        "on the road from Koidu to Kenema",
        "on the road between Koidu and Kenema",
        "sur la route Koidu-Kenema",
        "sur la route de Koidu à Kenema",
        "sur l'axe Koidu–Kenema",
        "na estrada Koidu-Kenema",
        "na estrada de Koidu para Kenema",
        "njia ya Koidu kwenda Kenema",
        "kwenye barabara ya Koidu hadi Kenema",
    ],
)
def test_it_takes_the_middle_of_a_road(text: str) -> None:
    found = place(f"soldiers beat us {text} yesterday", "SL")
    _, _, apart_m = GEOD.inv(-10.971, 8.644, -11.19, 7.877)
    _, _, to_other_m = GEOD.inv(-11.19, 7.877, found.longitude, found.latitude)
    assert to_other_m == pytest.approx(apart_m / 2, rel=0.001)
    assert found.radius_m == pytest.approx(apart_m / 2)
    assert text.endswith(found.name)


@pytest.mark.parametrize(
    "text",
    [
        "on the road Koidu-Nowhereville",
        "on the road to Koidu",
        "on the road. Koidu to Kenema is far",
        "in Koidu and Kenema, not on the road",
        "on the road in Koidu and then later we came home to Kenema",
    ],
)
def test_it_takes_no_middle_without_two_known_ends(text: str) -> None:
    found = place(f"soldiers beat us {text}", "SL")
    assert (found.longitude, found.latitude) in {(-10.971, 8.644), (-11.19, 7.877)}


@pytest.mark.parametrize(
    "text",
    [
        "6 km N and 4 km W of Tshikapa",
        "6 km north, 4 km west of Tshikapa",
        "6 km au nord et 4 km à l'ouest de Tshikapa",
        "6 km a norte e 4 km a oeste de Tshikapa",
        "kilomita 6 kaskazini na kilomita 4 magharibi mwa Tshikapa",
    ],
)
def test_it_goes_two_distances_at_a_right_angle(text: str) -> None:
    found = place(f"soldiers beat us {text}")
    longitude, latitude, _ = GEOD.fwd(*TSHIKAPA, 0, 6_000)
    longitude, latitude, _ = GEOD.fwd(longitude, latitude, -90, 4_000)
    assert (found.longitude, found.latitude) == pytest.approx((longitude, latitude), abs=1e-6)
    assert found.radius_m == pytest.approx(5_000 + sqrt(2) * 1_000)
    assert found.name == text


def test_it_takes_the_last_of_two_distances_in_one_direction() -> None:
    found = place("soldiers beat us 6 km north and 4 km north of Tshikapa")
    azimuth, _, travelled_m = GEOD.inv(*TSHIKAPA, found.longitude, found.latitude)
    assert (azimuth, travelled_m) == pytest.approx((0, 4_000), abs=0.1)


@pytest.mark.parametrize(
    ("distance", "precision_km"),
    [
        ("10", 10),
        ("12", 1),
        ("300", 100),
        ("120", 10),
        ("7.5", 0.5),
        ("7,5", 0.5),
        ("3.75", 0.25),
        ("2.3", 0.1),
    ],
)
@pytest.mark.parametrize("about", ["", "about "])
def test_it_takes_the_precision_of_a_distance_from_its_figures(
    distance: str, precision_km: float, about: str
) -> None:
    found = place(f"soldiers beat us {about}{distance} km from Tshikapa")
    distance_m = float(distance.replace(",", ".")) * 1_000
    assert found.radius_m == pytest.approx(5_000 + distance_m + precision_km * 1_000)


def test_it_is_less_sure_of_a_cardinal_direction_than_of_one_between() -> None:
    north = offset_radius_m(1_000, 10_000, 1_000, 0)
    northeast = offset_radius_m(1_000, 10_000, 1_000, 45)
    assert 1_000 < northeast < north


def test_it_allows_for_the_last_digit_of_the_distance() -> None:
    assert offset_radius_m(0, 12_000, 1_000, 45) < offset_radius_m(0, 12_000, 10_000, 45)


@pytest.mark.parametrize(
    "text",
    ["digging halfway between Bo and Kenema when guards beat us", "guards beat us Between Bo and Kenema"],
)
def test_it_takes_the_middle_of_names_that_are_everyday_words(text: str) -> None:
    assert place(text, "SL").name.lower() == "between bo and kenema"

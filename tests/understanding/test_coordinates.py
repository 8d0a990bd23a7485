import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.understanding.coordinates import find_coordinates
from impact.understanding.facts import PlaceFound


def in_congo(country: str, longitude: float, latitude: float) -> bool:
    return country == "CD" and 12 <= longitude <= 31.5 and -13.5 <= latitude <= 5.5


def found(text: str, country: str = "") -> PlaceFound | None:
    return find_coordinates(text, country, in_congo)


@pytest.mark.parametrize(
    "text",
    [
        "-6.1503, 23.6001",
        "-6,1503 23,6001",
        "-6,1503; 23,6001",
        "6.1503 S, 23.6001 E",
        "6.1503S 23.6001E",
        "S6.1503 E23.6001",
        "S 6,1503 E 23,6001",
        "23.6001 E 6.1503 S",
        "geo:-6.1503,23.6001",
        "lat -6.1503 lon 23.6001",
        "Latitude: -6.1503, longitude: 23.6001",
        "at -6.1503/23.6001 yesterday",
        "−6.1503, 23.6001",
        "@-6.1503,23.6001,15z",
    ],
)
def test_it_reads_decimal_degrees(text: str) -> None:
    place = found(text)
    assert place
    assert (place.latitude, place.longitude) == pytest.approx((-6.1503, 23.6001))
    assert place.method == "coordinates"


@pytest.mark.parametrize(("text", "longitude"), [("6.5 N 10.5 O", -10.5), ("6.5 N 10.5 L", 10.5)])
def test_it_reads_west_and_east_in_french_and_portuguese(text: str, longitude: float) -> None:
    place = found(text)
    assert place
    assert (place.latitude, place.longitude) == (6.5, longitude)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0.000, 0.000",
        "0.0000 N 0.0000 E",
        "95.1234, 200.1234",
        "paid 12.50, 13.75",
        "3 dead 5 hurt",
        "14.11.2026",
        "call 0812345678 0998765432",
        "between 3.5 and 4.5 carats",
        "1.2.3.4 5.6.7.8",
    ],
)
def test_it_leaves_other_figures_alone(text: str) -> None:
    assert found(text) is None


def test_it_turns_a_swapped_pair_round_only_where_the_country_says_so() -> None:
    swapped = found("23.6001, -6.1503", "CD")
    assert swapped
    assert (swapped.latitude, swapped.longitude, swapped.country) == (-6.1503, 23.6001, "CD")
    left = found("23.6001, -6.1503")
    assert left
    assert (left.latitude, left.longitude, left.country) == (23.6001, -6.1503, "")


def test_it_is_less_sure_of_a_point_outside_the_senders_country() -> None:
    home, abroad = found("-6.1503, 23.6001", "CD"), found("40.1503, 3.6001", "CD")
    assert home
    assert abroad
    assert abroad.confidence < home.confidence


def test_it_takes_a_wider_radius_for_fewer_digits() -> None:
    coarse, fine = found("6.15S 23.60E"), found("6.15034S 23.60012E")
    assert coarse
    assert fine
    assert coarse.radius_m == pytest.approx(556.6)
    assert fine.radius_m == 100


@given(st.floats(-89.9, 89.9), st.floats(-179.9, 179.9))
def test_it_reads_back_what_a_phone_writes(latitude: float, longitude: float) -> None:
    place = found(f"{latitude:.5f},{longitude:.5f}")
    if (round(latitude, 5), round(longitude, 5)) == (0, 0):
        assert place is None
    else:
        assert place
        assert (place.latitude, place.longitude) == pytest.approx((latitude, longitude), abs=1e-5)

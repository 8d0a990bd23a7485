"""Against Karney's method, everywhere on earth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from impact.places.nearness.geodesics import CHORD_ERROR_M, Places, distances_m

GEOD = Geod(ellps="WGS84")
LONGITUDES = st.one_of(st.floats(-180, 180), st.sampled_from([-180.0, 180.0, 0.0]))
LATITUDES = st.one_of(st.floats(-90, 90), st.floats(89.5, 90), st.sampled_from([-90.0, 0.0, 90.0]))


def between(longitude: float, latitude: float, other_longitude: float, other_latitude: float) -> float:
    places = Places.at(np.array([longitude, other_longitude]), np.array([latitude, other_latitude]))
    return float(distances_m(places.take(slice(0, 1)), places.take(slice(1, 2)))[0])


@settings(max_examples=300, deadline=None)
@given(LONGITUDES, LATITUDES, st.floats(0, 360), st.floats(0, 100_000))
def test_it_is_true_to_a_tenth_of_a_millimetre(
    longitude: float, latitude: float, azimuth: float, distance_m: float
) -> None:
    x, y, _ = GEOD.fwd(longitude, latitude, azimuth, distance_m)
    expected = GEOD.inv(longitude, latitude, x, y)[2]
    assert between(longitude, latitude, x, y) == pytest.approx(expected, abs=CHORD_ERROR_M)


@pytest.mark.parametrize(("distance_m", "error_m"), [(25_000.0, 2e-6), (60_000.0, 2e-5), (99_999.0, 1e-4)])
def test_the_error_is_as_small_as_the_module_says(distance_m: float, error_m: float) -> None:
    rng = np.random.default_rng(0)
    longitude, latitude = rng.uniform(-180, 180, 50_000), np.degrees(np.arcsin(rng.uniform(-1, 1, 50_000)))
    x, y, _ = GEOD.fwd(longitude, latitude, rng.uniform(0, 360, 50_000), np.full(50_000, distance_m))
    found = distances_m(Places.at(longitude, latitude), Places.at(np.asarray(x), np.asarray(y)))
    assert np.abs(found - GEOD.inv(longitude, latitude, x, y)[2]).max() < error_m


@settings(max_examples=50, deadline=None)
@given(LONGITUDES, LATITUDES, LONGITUDES, LATITUDES)
def test_what_is_farther_is_measured_as_well(x: float, y: float, to_x: float, to_y: float) -> None:
    expected = GEOD.inv(x, y, to_x, to_y)[2]
    assert between(x, y, to_x, to_y) == pytest.approx(expected, abs=CHORD_ERROR_M)

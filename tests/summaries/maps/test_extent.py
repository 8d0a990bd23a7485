import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from impact.summaries.maps.extent import Extent
from impact.summaries.maps.scale_bar import bar_length_m, plane_length

WGS84 = Geod(ellps="WGS84")


@given(
    west=st.floats(-170, 150), south=st.floats(-60, 50), width=st.floats(1, 20), aspect=st.floats(0.5, 2.5)
)
def test_the_window_has_the_shape_of_the_frame(
    west: float, south: float, width: float, aspect: float
) -> None:
    left, bottom, right, top = Extent((west, south, west + width, south + width / 2), aspect).window
    assert (right - left) / (top - bottom) == pytest.approx(aspect)


@given(west=st.floats(-170, 150), south=st.floats(-60, 50), width=st.floats(1, 20))
def test_the_bar_is_as_long_as_it_says(west: float, south: float, width: float) -> None:
    extent = Extent((west, south, west + width, south + width / 2), 1.4)
    length_m = bar_length_m(extent)
    assert extent.width_m / 20 < length_m <= extent.width_m / 5
    longitude, latitude = extent.centre
    east, north, _back = WGS84.fwd(longitude, latitude, 90, length_m)
    assert WGS84.inv(longitude, latitude, east, north)[2] == pytest.approx(length_m)
    assert plane_length(extent, length_m) == pytest.approx(length_m, rel=0.005)


def test_every_corner_of_the_box_is_in_the_window() -> None:
    extent = Extent((-15.0, -12.0, 40.0, 14.0), 1.2)
    for longitude in (-15.0, 40.0):
        for latitude in (-12.0, 14.0):
            assert extent.holds(*extent.project(longitude, latitude))

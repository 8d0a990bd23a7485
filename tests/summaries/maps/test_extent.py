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


@given(
    west=st.floats(-179, 176),
    south=st.floats(-70, 70),
    width=st.floats(0.5, 5.5),
)
def test_utm_is_taken_only_where_the_box_lies_in_one_zone(west: float, south: float, width: float) -> None:
    extent = Extent((west, south, west + width, south + 1), 1.0)
    code = extent.crs.to_epsg()
    if extent.utm_zone:
        area = extent.crs.area_of_use
        assert area is not None
        assert area.west <= west
        assert west + width <= area.east
        assert code == (32600 if extent.centre[1] >= 0 else 32700) + extent.utm_zone
    else:
        assert code is None


def test_every_corner_of_the_box_is_in_the_window() -> None:
    extent = Extent((-15.0, -12.0, 40.0, 14.0), 1.2)
    for longitude in (-15.0, 40.0):
        for latitude in (-12.0, 14.0):
            assert extent.holds(*extent.project(longitude, latitude))

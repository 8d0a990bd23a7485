import statistics
from datetime import date

import h3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from impact.publication.masking import coarsen_dates, mask_point

GEOD = Geod(ellps="WGS84")
longitudes = st.floats(-179.9, 179.9)
latitudes = st.floats(-80, 80)


@given(longitudes, latitudes, st.floats(0, 150_000))
def test_what_happened_lies_within_the_published_uncertainty(
    longitude: float, latitude: float, uncertainty_m: float
) -> None:
    masked = mask_point(longitude, latitude, uncertainty_m, ["killing"])
    assert masked is not None
    away_m = GEOD.inv(longitude, latitude, masked.longitude, masked.latitude)[2]
    assert away_m <= masked.uncertainty_m
    assert masked.uncertainty_m >= uncertainty_m


@given(st.floats(20.79, 20.81), st.floats(-6.41, -6.39))
def test_every_incident_of_a_cell_is_drawn_at_one_point(longitude: float, latitude: float) -> None:
    masked = mask_point(longitude, latitude, 1000, ["killing"])
    assert masked is not None
    assert h3.get_resolution(masked.cell) == 6
    assert h3.latlng_to_cell(masked.latitude, masked.longitude, 6) == masked.cell


def test_the_mean_of_two_hundred_is_no_closer_than_one() -> None:
    true_longitude, true_latitude = 20.8012, -6.4123
    points = [mask_point(true_longitude, true_latitude, 500, ["killing"]) for _ in range(200)]
    assert len({(p.longitude, p.latitude) for p in points if p}) == 1
    mean = statistics.mean(p.longitude for p in points if p)
    assert abs(mean - true_longitude) > 0.001


def test_sensitive_harms_get_coarser_cells() -> None:
    plain = mask_point(20.8, -6.4, 500, ["injury"])
    sensitive = mask_point(20.8, -6.4, 500, ["injury", "sexual_violence"])
    assert plain
    assert sensitive
    assert h3.get_resolution(sensitive.cell) < h3.get_resolution(plain.cell)


def test_a_place_known_only_by_its_country_has_no_point() -> None:
    assert mask_point(20.8, -6.4, 900_000, ["killing"]) is None


@pytest.mark.parametrize(
    ("first", "last", "harms", "expected"),
    [
        (
            date(2026, 11, 18),
            date(2026, 11, 18),
            ["killing"],
            (date(2026, 11, 16), date(2026, 11, 22), "week"),
        ),
        (
            date(2026, 11, 18),
            date(2026, 11, 18),
            ["threats"],
            (date(2026, 11, 1), date(2026, 11, 30), "month"),
        ),
        (
            date(2026, 10, 20),
            date(2026, 11, 4),
            ["killing"],
            (date(2026, 10, 1), date(2026, 11, 30), "month"),
        ),
        (date(2026, 2, 3), date(2026, 9, 4), ["killing"], (date(2026, 1, 1), date(2026, 12, 31), "year")),
    ],
)
def test_days_become_weeks_months_or_years(
    first: date, last: date, harms: list[str], expected: tuple[date, date, str]
) -> None:
    coarse = coarsen_dates(first, last, harms)
    assert (coarse.from_on, coarse.to_on, coarse.precision) == expected

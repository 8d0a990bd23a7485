import statistics

import h3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from impact.places.basemap import country_at
from impact.publication.masking import FINEST, MaskedPoint, cell_radius_m, mask_point, wider_cell
from impact.vocabulary import is_counted_only

GEOD = Geod(ellps="WGS84")
longitudes = st.floats(-179.9, 179.9)
latitudes = st.floats(-80, 80)
TSHIKAPA = (20.8012, -6.4123)  # a city
BAMBIO = (16.98, 3.9)  # forest
BORDER = (20.6, -7.15)  # beside Angola


def masked(
    point: tuple[float, float],
    harms: tuple[str, ...] = ("killing",),
    uncertainty_m: float = 500,
    country: str = "",
    kept_cell: str = "",
) -> MaskedPoint:
    found = mask_point(*point, uncertainty_m, harms, country, kept_cell)
    assert found is not None
    return found


@settings(deadline=None)
@given(longitudes, latitudes, st.floats(0, 100_000), st.sampled_from(["killing", "threats"]))
def test_what_happened_lies_within_the_published_uncertainty(
    longitude: float, latitude: float, uncertainty_m: float, harm: str
) -> None:
    for country in {"", country_at(longitude, latitude)}:
        point = mask_point(longitude, latitude, uncertainty_m, [harm], country)
        assert point is not None
        away_m = GEOD.inv(longitude, latitude, point.longitude, point.latitude)[2]
        assert away_m + uncertainty_m <= point.uncertainty_m


@settings(deadline=None)
@given(st.floats(19.5, 21.5), st.floats(-8.5, -6.0))
def test_it_holds_beside_a_border_too(longitude: float, latitude: float) -> None:
    for country in ("CD", "AO"):
        if country_at(longitude, latitude) == country:
            point = masked((longitude, latitude), country=country)
            away_m = GEOD.inv(longitude, latitude, point.longitude, point.latitude)[2]
            assert away_m + 500 <= point.uncertainty_m


@given(st.floats(20.79, 20.81), st.floats(-6.405, -6.395))
def test_every_incident_of_a_cell_is_drawn_at_one_point(longitude: float, latitude: float) -> None:
    point = masked((longitude, latitude), uncertainty_m=1000)
    assert h3.get_resolution(point.cell) == FINEST
    assert h3.latlng_to_cell(point.latitude, point.longitude, FINEST) == point.cell


def test_the_mean_of_two_hundred_is_no_closer_than_one() -> None:
    points = [masked(TSHIKAPA) for _ in range(200)]
    assert len({(point.longitude, point.latitude) for point in points}) == 1
    mean = (
        statistics.mean(point.longitude for point in points),
        statistics.mean(point.latitude for point in points),
    )
    one_m = GEOD.inv(*TSHIKAPA, points[0].longitude, points[0].latitude)[2]
    assert GEOD.inv(*TSHIKAPA, *mean)[2] == pytest.approx(one_m, abs=1)
    assert one_m > 500


def test_sensitive_harms_and_thinly_peopled_country_get_coarser_cells() -> None:
    resolutions = [
        h3.get_resolution(masked(point, harms).cell)
        for point, harms in (
            (TSHIKAPA, ("injury",)),
            (TSHIKAPA, ("injury", "threats")),
            (BAMBIO, ("injury",)),
        )
    ]
    assert resolutions == [6, 5, 5]
    assert h3.get_resolution(masked((20.0, 20.0)).cell) == 3  # the Sahara


def test_a_place_that_is_not_known_well_is_not_drawn_finer() -> None:
    for uncertainty_m in (5_000, 20_000, 60_000, 150_000):
        point = masked(TSHIKAPA, uncertainty_m=uncertainty_m)
        assert cell_radius_m(point.cell) >= uncertainty_m
    assert mask_point(*TSHIKAPA, 250_000, ["killing"]) is None


@settings(deadline=None, max_examples=30)
@given(st.floats(14, 32), st.floats(-14, 9))
def test_cells_that_were_published_for_one_place_cross_in_no_smaller_place(
    longitude: float, latitude: float
) -> None:
    country = country_at(longitude, latitude)
    fine = masked((longitude, latitude), ("killing",), country=country)
    for harms, uncertainty_m in ((("threats",), 500), (("killing",), 20_000), (("threats",), 90_000)):
        coarse = masked((longitude, latitude), harms, uncertainty_m, country=country)
        # Every place of the finer cell would have been published in that same coarser one: together, the
        # finer.
        for near_latitude, near_longitude in map(h3.cell_to_latlng, h3.cell_to_children(fine.cell, 7)):
            near = (near_longitude, near_latitude)
            if country_at(*near) == country and masked(near, ("killing",), country=country).cell == fine.cell:
                assert masked(near, harms, uncertainty_m, country=country).cell == coarse.cell


def test_all_places_of_a_cell_are_published_in_it() -> None:
    point = masked(BAMBIO)
    for latitude, longitude in map(h3.cell_to_latlng, h3.cell_to_children(point.cell, 7)):
        assert masked((longitude, latitude)).cell == point.cell


def test_a_sliver_across_a_border_is_counted_to_the_cell_beside_it() -> None:
    cells = set()
    for step in range(400):
        place = (20.3 + step * 0.002, -7.0)
        for country in ("CD", "AO"):
            if country_at(*place) == country:
                cells.add((masked(place, country=country).cell, country))
    assert cells
    for cell, country in cells:
        inside = [
            country_at(longitude, latitude) == country
            for latitude, longitude in map(
                h3.cell_to_latlng, h3.cell_to_children(cell, h3.get_resolution(cell) + 3)
            )
        ]
        assert sum(inside) / len(inside) > 0.2


def test_a_cell_stays_when_the_place_moves_within_it_or_the_harm_turns_out_milder() -> None:
    sensitive = masked(TSHIKAPA, ("threats",))
    milder = masked((20.802, -6.41), ("killing",), kept_cell=sensitive.cell)
    assert milder.cell == sensitive.cell
    graver = masked(TSHIKAPA, ("threats",), kept_cell=masked(TSHIKAPA).cell)
    assert graver.cell == sensitive.cell
    elsewhere = masked((21.9, -6.41), ("killing",), kept_cell=sensitive.cell)
    assert elsewhere.cell != sensitive.cell


def test_what_may_be_told_in_counts_only() -> None:
    assert is_counted_only(("killing", "sexual_violence"), {"affected": 30})
    assert is_counted_only(("child_labour",), {"affected": 2})
    assert is_counted_only(("child_labour",), {"injured": 2})
    assert is_counted_only(
        ("child_labour", "injury"), {"affected": 2, "injured": 9}
    )  # nine guards, two children
    assert not is_counted_only(("child_labour", "killing"), {"affected": 40, "killed": 1})
    assert not is_counted_only(("child_labour",), {})
    assert not is_counted_only(("killing",), {"killed": 2})


def test_a_wider_cell_is_worked_out_from_the_published_one_and_never_finer() -> None:
    sharp, sensitive = masked(TSHIKAPA), masked(TSHIKAPA, ("threats",))
    assert wider_cell(sharp.cell, "CD", 3) == wider_cell(sensitive.cell, "CD", 3) != ""
    province = h3.cell_to_parent(sharp.cell, 2)
    assert wider_cell(province, "CD", 3) == ""

from typing import Any

import pytest

from impact.places.boxes import Box
from impact.summaries.maps.framing import map_framing
from impact.summaries.maps.options import MapOptions, frame_box


def records(*points: tuple[float, float]) -> Any:
    return [{"lon": longitude, "lat": latitude} for longitude, latitude in points]


def test_points_of_one_region_are_one_frame() -> None:
    framing = map_framing(records((20.0, -6.0), (28.0, -2.0), (-10.0, 8.0)), MapOptions(), 1.3)
    assert framing.insets == ()


def test_the_fullest_group_has_the_frame_and_the_others_insets() -> None:
    framing = map_framing(records((-57.0, -12.0), (20.0, -6.0), (28.0, -2.0), (117.0, -2.0)), MapOptions(), 1)
    west, _south, east, _north = framing.main.box
    assert west < 20 < 28 < east
    assert len(framing.insets) == 2
    assert framing.insets[0].box[0] < -57 < framing.insets[0].box[2]


def test_every_point_is_in_one_of_the_frames() -> None:
    points = [(-57.0, -12.0), (20.0, -6.0), (28.0, -2.0), (117.0, -2.0), (147.0, -5.0)]
    framing = map_framing(records(*points), MapOptions(), 1.2)
    for point in points:
        assert any(extent.holds(*extent.project(*point)) for extent in framing.extents)


@pytest.mark.parametrize("options", [MapOptions(country="CD"), MapOptions(bbox=(20.0, -8.0, 25.0, -4.0))])
def test_what_was_asked_for_is_one_frame(options: MapOptions) -> None:
    assert map_framing(records((-57.0, -12.0), (20.0, -6.0)), options, 1.3).insets == ()


@pytest.mark.parametrize(
    "box",
    [
        None,
        (170.0, -5.0, -170.0, 5.0),
        (20.0, -6.0, 20.0, -5.0),
        (20.0, -6.0, 21.0, -6.0),
        (-180.0, -90.0, 180.0, 90.0),
    ],
)
def test_a_box_that_no_sheet_can_show_is_no_frame(box: Box | None) -> None:
    assert frame_box(box) is None


def test_a_box_that_is_a_frame_may_be_nearly_the_world() -> None:
    assert frame_box((-170.0, -80.0, 180.0, 80.0)) == (-170.0, -80.0, 180.0, 80.0)


def test_nothing_to_show_is_africa() -> None:
    assert map_framing([], MapOptions(), 1.3).main.box[0] < -17


def test_an_islet_in_another_ocean_does_not_make_a_country_small() -> None:
    south_africa = map_framing([], MapOptions(country="ZA"), 1.3).main.box
    assert south_africa[1] > -40  # the Prince Edward Islands lie at 47 degrees south
    russia = map_framing([], MapOptions(country="RU"), 1.3).main.box
    assert russia[0] > 0  # Chukotka lies on both sides of the antimeridian


def test_an_islet_with_incidents_is_in_the_frame() -> None:
    box = map_framing(records((37.7, -46.9)), MapOptions(country="ZA"), 1.3).main.box
    assert box[1] < -46.9

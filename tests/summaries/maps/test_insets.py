import pytest
import shapely

from impact.publication.surroundings import KnownArea
from impact.summaries.maps.areas import areas_frame
from impact.summaries.maps.extent import Extent
from impact.summaries.maps.incidents import spots_frame
from impact.summaries.maps.insets import ARROWS, BARS, freest

CONGO = Extent((22.0, -9.0, 32.0, 1.0), 1.0)


def area(longitude: float, latitude: float) -> KnownArea:
    return KnownArea(1, "Kamonia", "artisanal", (), False, shapely.Point(longitude, latitude).wkb)


@pytest.mark.parametrize(
    ("longitude", "latitude", "bar", "arrow"),
    [
        (27.0, -4.0, BARS[0], ARROWS[0]),  # in the way of neither
        (23.0, -8.8, BARS[1], ARROWS[0]),
        (31.8, 0.6, BARS[0], ARROWS[1]),
        (31.5, -8.8, BARS[0], ARROWS[0]),  # where the bar would stand else
    ],
)
def test_bar_and_arrow_stand_where_they_hide_nothing(
    longitude: float, latitude: float, bar: object, arrow: object
) -> None:
    about = CONGO, spots_frame([]), areas_frame([area(longitude, latitude)])
    assert (freest(BARS, *about), freest(ARROWS, *about)) == (bar, arrow)

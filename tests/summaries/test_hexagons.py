import h3
import pytest

from impact.publication.filtering import IncidentFilter
from impact.summaries.hexagons import hexagons, resolution_of, ring_of
from tests.builders import make_published

pytestmark = pytest.mark.django_db


def published_in(latitude: float, longitude: float, resolution: int, **fields: object) -> str:
    cell: str = h3.latlng_to_cell(latitude, longitude, resolution)
    middle = h3.cell_to_latlng(cell)
    make_published(cell=cell, latitude=middle[0], longitude=middle[1], **fields)  # type: ignore[arg-type]
    return cell


def test_each_incident_is_in_one_hexagon_at_every_zoom_and_never_in_a_finer_one() -> None:
    fine = [published_in(-6.4 + step * 0.1, 20.8, 6, killed=step) for step in range(10)]
    coarse = published_in(-6.4, 20.8, 3, killed=None, affected=50)
    make_published(longitude=None, latitude=None)
    for zoom in range(15):
        found = hexagons(zoom)
        assert sum(one.incidents for one in found) == 11
        assert sum(one.people for one in found) == sum(range(10)) + 50
        assert all(h3.get_resolution(one.cell) <= resolution_of(zoom) for one in found)
        if resolution_of(zoom) >= 3:
            [alone] = [one for one in found if one.cell == coarse and one.people >= 50]
            assert alone.incidents == 1 or resolution_of(zoom) == 3
    assert {one.cell for one in hexagons(14)} == {*fine, coarse}


def test_it_shows_what_the_filter_and_the_box_leave() -> None:
    published_in(-6.4, 20.8, 6, country="CD")
    published_in(8.6, -10.9, 6, country="SL")
    assert len(hexagons(8)) == 2
    assert len(hexagons(8, IncidentFilter.parse({"country": "SL"}))) == 1
    assert len(hexagons(8, IncidentFilter.parse({"bbox": "20,-7,21,-6"}))) == 1


def test_the_counted_cells_answer_as_the_incidents_do() -> None:
    for step in range(40):
        harms = ("killing", "chemicals")[step % 2 :]
        country = "CD" if step % 3 else "SL"
        published_in(-6.4 + step % 7 * 0.3, 20.8, 6 - step % 2, killed=step, harms=harms, country=country)
    for chosen in ({}, {"country": "CD"}, {"bbox": "20,-6,21,-5"}, {"bbox": "20,-6,21,-5", "country": "SL"}):
        for zoom in (0, 4, 8, 12):
            one_by_one = hexagons(zoom, IncidentFilter.parse({**chosen, "from": "2000-01-01"}))
            assert hexagons(zoom, IncidentFilter.parse(chosen)) == one_by_one != []


def test_a_ring_across_the_antimeridian_is_in_one_piece() -> None:
    ring = ring_of(h3.latlng_to_cell(0.0, 179.99, 4))
    assert ring[0] == ring[-1]
    assert max(corner[0] for corner in ring) - min(corner[0] for corner in ring) < 2

import json
from itertools import accumulate
from typing import Any

import pytest

from impact.places.web_basemap import web_countries, web_details, web_outlines


def degrees(part: Any, scale: int) -> Any:
    """Steps as the map's script reads them."""
    if not isinstance(part, str):
        return [degrees(inner, scale) for inner in part]
    steps = [tuple(map(int, word.split(","))) for word in part.split(" ")]
    corners = accumulate(steps, lambda corner, step: (corner[0] + step[0], corner[1] + step[1]))
    return [[x / scale, y / scale] for x, y in corners]


@pytest.mark.parametrize("shapes", [web_countries, web_outlines, web_details])
def test_the_steps_are_the_corners_of_the_geojson_in_half_the_bytes(shapes: Any) -> None:
    plain = json.loads(shapes())
    told = json.loads(shapes(in_steps=True))
    assert len(told["shapes"]) == len(plain["features"])
    for (properties, kind, coordinates), feature in zip(told["shapes"], plain["features"], strict=True):
        assert (properties, kind) == (feature["properties"], feature["geometry"]["type"])
        assert degrees(coordinates, told["scale"]) == feature["geometry"]["coordinates"], properties
    assert len(shapes(in_steps=True)) * 2 < len(shapes())

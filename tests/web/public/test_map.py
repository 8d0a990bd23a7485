"""The page of the map as the server makes it: filter and view in the address, embedding, tiles, bytes."""

import gzip
import json
import re
from datetime import date
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils.html import escape

from impact.places.models import ProductionFigure
from impact.settings import _tiles_url
from impact.web.public.map_view import MapView
from tests.builders import NOW, make_area, make_published

pytestmark = pytest.mark.django_db
EMBEDS = ("/embed/", "/?embed=1")


def options(content: bytes) -> dict[str, object]:
    found = re.search(r'<script id="map-options"[^>]*>(.*?)</script>', content.decode(), re.DOTALL)
    assert found
    options: dict[str, object] = json.loads(found[1])
    return options


def test_the_address_holds_the_filter_and_the_view(client: Client) -> None:
    make_published(country="SL")
    make_published(country="CD")
    page = client.get(
        "/?country=SL&layer=hexagons&shade=people&show=coverage&view=-10.9,8.6,7&from=2026-01&to=2026-12"
    )
    told = options(page.content)
    assert (told["layer"], told["shade"], told["show"], told["view"]) == (
        "hexagons",
        "people",
        ["coverage"],
        [-10.9, 8.6, 7],
    )
    text = page.content.decode()
    assert "1 verified incident" in text
    shared = "country=SL&from=2026-01-01&to=2026-12-31&layer=hexagons&shade=people&show=coverage"
    assert f'value="http://127.0.0.1:8000/?{escape(shared)}'.split("/?")[1] in text
    assert "/api/v1/incidents/?country=SL&amp;from=2026-01-01&amp;to=2026-12-31&amp;format=geojson" in text


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("layer=heat", "Show as (layer)"),
        ("shade=x", "Shade by (shade)"),
        ("show=areas,x", "Also show (show)"),
        ("view=1,2", "Part of the map (view)"),
        ("from=soon", "From (month) (from)"),
    ],
)
def test_a_view_that_cannot_be_is_named_and_everything_shown(client: Client, query: str, name: str) -> None:
    make_published()
    page = client.get(f"/?{query}")
    assert page.status_code == 400
    assert f"<p>{name}: " in page.content.decode()
    assert "1 verified incident" in page.content.decode()


def test_what_is_wrong_is_called_as_its_field_is_in_the_language_of_the_page(client: Client) -> None:
    page = client.get("/?from=soon", headers={"Accept-Language": "fr"}).content.decode()
    assert "<p>De (mois) (from): " in page


@pytest.mark.parametrize("address", ["/", "/explore/"])
def test_several_harms_and_several_words_of_an_address_stay_chosen(client: Client, address: str) -> None:
    make_published(harms=("killing",))
    make_published(harms=("forced_labour",))
    make_published(harms=("chemicals",))
    query = "?harm=killing&harm=forced_labour&country=CD,AO&theme=violence,labour"
    page = client.get(address + query).content.decode()
    assert "2 verified incidents" in page
    ticked = re.findall(r'name="harm" value="(\w+)" checked', page)
    assert sorted(ticked) == ["forced_labour", "killing"]
    assert '<option value="CD,AO" selected>' in page
    assert '<option value="violence,labour" selected>Violence, Labour</option>' in page


def test_a_view_is_written_as_it_is_read() -> None:
    view = MapView.parse({"layer": "hexagons", "show": "none", "view": "20.5,-6.25,7"})
    assert MapView.parse(view.as_params()) == view
    assert MapView().as_params() == {}


@pytest.mark.parametrize("address", EMBEDS)
def test_only_the_embedded_map_may_be_framed_also_when_it_has_not_changed(
    client: Client, address: str
) -> None:
    make_published()
    page = client.get(address)
    assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in page.headers
    same = client.get(address, headers={"if-none-match": page.headers["ETag"]})
    assert same.status_code == 304
    assert "X-Frame-Options" not in same.headers
    assert b"<form" not in page.content
    whole = client.get("/")
    assert "frame-ancestors 'none'" in whole.headers["Content-Security-Policy"]
    assert whole.headers["X-Frame-Options"] == "DENY"


def test_it_fetches_pictures_from_a_tile_server_only_where_one_is_set(
    client: Client, settings: pytest.FixtureRequest
) -> None:
    assert "https:" not in client.get("/").headers["Content-Security-Policy"]
    settings.TILES_URL = "https://tiles.example/{z}/{x}/{y}.png"  # type: ignore[attr-defined]
    for address in ("/", *EMBEDS):
        policy = client.get(address).headers["Content-Security-Policy"]
        [images] = [part for part in policy.split("; ") if part.startswith("img-src")]
        assert images.endswith(" https://tiles.example")
    # Who reports is never shown to a third party.
    assert "tiles.example" not in client.get("/report/").headers["Content-Security-Policy"]


@pytest.mark.parametrize("url", ["tiles.example/{z}/{x}/{y}.png", "https://t.example/{z}/{x}.png"])
def test_a_tile_address_that_cannot_be_stops_the_start(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="HEADLAMP_TILES_URL"):
        _tiles_url(url)


def test_areas_are_told_with_what_they_produce_where_that_is_disclosed(client: Client) -> None:
    mine, pits = make_area(name="Mine", kind="industrial"), make_area(name="Pits", kind="artisanal")
    ProductionFigure.objects.create(
        country=mine.country,
        area=mine,
        from_on=date(2025, 1, 1),
        to_on=date(2025, 12, 31),
        kind="industrial",
        carats=365250,
        source="Company report",
        source_name="test",
        imported_at=NOW,
    )
    found = client.get("/map/areas.json?zoom=6").json()
    told = {feature["properties"]["name"]: feature["properties"] for feature in found["features"]}
    assert told["Mine"]["carats"] == 365250
    assert "carats" not in told["Pits"]
    assert found["left_out"] == 0
    [alone] = client.get("/map/areas.json?kind=artisanal").json()["features"]
    assert (alone["id"], alone["properties"]["name"]) == (pits.pk, "Pits")
    assert client.get("/map/areas.json?bbox=100,10,110,20").json()["features"] == []
    assert client.get("/map/areas.json?bbox=1,2").status_code == 400
    assert client.get("/map/areas.json?zoom=x").json()["parameter"] == "zoom"


@pytest.mark.parametrize(
    ("bbox", "names"),
    [
        ("178,-2,-178,2", {"Fiji side", "Tonga side"}),
        ("178,-2,180,2", {"Fiji side"}),
        ("-180,-2,-178,2", {"Tonga side"}),
        ("180,-2,-178,2", {"Tonga side"}),
        ("21,-2,19,2", {"Fiji side", "Tonga side"}),
        ("-180,-90,180,90", {"Fiji side", "Tonga side", "Middle"}),
    ],
)
def test_areas_of_a_box_across_the_antimeridian_are_those_on_both_sides(
    client: Client, bbox: str, names: set[str]
) -> None:
    make_area(name="Fiji side", wkt="POLYGON((179 0, 179.5 0, 179.5 1, 179 1, 179 0))")
    make_area(name="Tonga side", wkt="POLYGON((-179.5 0, -179 0, -179 1, -179.5 1, -179.5 0))")
    make_area(name="Middle", longitude=20.0, latitude=0.5)
    features = client.get(f"/map/areas.json?bbox={bbox}").json()["features"]
    assert {feature["properties"]["name"] for feature in features} == names


def test_the_months_are_those_of_the_filter_whatever_days_it_asks_for(client: Client) -> None:
    make_published(occurred_from=date(2025, 11, 3), occurred_to=date(2025, 11, 9))
    make_published(occurred_from=date(2026, 2, 2), occurred_to=date(2026, 2, 8))
    make_published(occurred_from=None, occurred_to=None)
    text = client.get("/?from=2026-01").content.decode()
    assert re.findall(r'class="month( is-within)?".*?data-month="(.*?)"', text) == [
        ("", "2025-11"),
        ("", "2025-12"),
        (" is-within", "2026-01"),
        (" is-within", "2026-02"),
    ]
    assert "1 incident has no known month." in text


def test_the_first_page_fits_a_slow_line(client: Client) -> None:
    """Everything that the browser fetches for the map, compressed as it is served."""
    for step in range(60):
        make_published(longitude=-60.0 + step * 1.7, latitude=-20.0 + step % 30, text="Soldiers came. " * 12)
    page = client.get("/").content
    ours = [
        page,
        client.get("/basemap.json?steps=1&outline=1").content,
        client.get("/api/v1/clusters/?zoom=3").content,
    ]
    ours += [client.get("/api/v1/coverage/").content]
    leaflet: list[bytes] = []
    for name in set(re.findall(rb'(?:href|src)="/static/([^"]+)"', page)):
        path = finders.find(name.decode())
        assert isinstance(path, str), name
        (leaflet if b"leaflet/" in name else ours).append(Path(path).read_bytes())
    own = sum(len(gzip.compress(part, 6)) for part in ours)
    whole = own + sum(len(gzip.compress(part, 6)) for part in leaflet)
    assert len(leaflet) == 5
    assert own <= 60_000
    assert whole <= 150_000
    assert len(client.get("/basemap.json?steps=1").content) > 2 * len(
        ours[1]
    )  # that is for those who look closer


@pytest.mark.parametrize(
    ("text", "attribute"),
    [("Des gardes de la société ont blessé trois creuseurs.", ' lang="fr"'), ("Koidu", "")],
)
def test_public_words_say_what_language_they_are_in_where_that_is_plain(
    client: Client, text: str, attribute: str
) -> None:
    incident = make_published(text=text)
    assert f"<p{attribute}>{text}</p>" in client.get("/").content.decode()
    page = client.get(f"/incidents/{incident.pk}/").content.decode()
    assert f'<p class="words"{attribute}>{text}</p>' in page

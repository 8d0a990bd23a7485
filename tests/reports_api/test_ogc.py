"""OGC API - Features, as QGIS and GDAL use it: found by links, paged, narrowed, refused by name."""

import json
import subprocess
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from impact.publication.models import PublishedIncident
from reports_api import paging
from tests.builders import make_area, make_published
from tests.programs import needs, of_others

pytestmark = pytest.mark.django_db
GEOJSON = "application/geo+json"


def get(client: Client, path: str, accept: str = "application/json") -> Any:
    response = client.get(f"/ogc/{path}", headers={"accept": accept})
    assert response.status_code == 200, response.content
    return response.json()


def links(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {link["rel"]: link for link in document["links"]}


def test_the_landing_page_has_the_links_that_clients_look_for(client: Client) -> None:
    found = links(get(client, ""))
    assert found["service-desc"]["type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert found["data"]["type"] == "application/json"
    for link in found.values():
        response = client.get(link["href"], headers={"accept": link["type"]})
        assert response.status_code == 200
        assert response.headers["Content-Type"].replace(" ", "").startswith(link["type"])


def test_qgis_finds_a_collection_by_its_name_after_the_address_of_all(client: Client) -> None:
    make_published()
    collections = links(get(client, ""))["data"]["href"]
    definition = client.get(links(get(client, ""))["service-desc"]["href"]).json()
    for name in ("incidents", "areas"):
        assert client.get(f"{collections}/{name}").json()["id"] == name
        assert client.get(f"{collections}/{name}/items?limit=10").json()["type"] == "FeatureCollection"
        assert f"/collections/{name}/items" in definition["paths"]


@pytest.mark.parametrize(
    "path", ["conformance", "api", "collections", "collections/areas", "collections/areas/items"]
)
def test_a_last_slash_makes_no_other_address(client: Client, path: str) -> None:
    assert get(client, f"{path}/").keys() == get(client, path).keys()


def test_the_start_needs_no_last_slash(client: Client) -> None:
    response = client.get("/ogc", headers={"accept": "application/json"})
    assert response.status_code == 200
    assert links(response.json())["data"]["href"].endswith("/ogc/collections")


@pytest.mark.parametrize("name", ["incidents", "areas"])
def test_a_schema_tells_every_property_in_words_and_its_type(client: Client, name: str) -> None:
    make_published(areas=((make_area(), 3200.0),), killed=2)
    make_published(longitude=None, latitude=None)
    schema = get(client, f"collections/{name}/schema", "application/schema+json")
    told = schema["properties"]
    assert told["id"]["x-ogc-role"] == "id"
    assert told.pop("geometry")["x-ogc-role"] == "primary-geometry"
    kinds = {"string": str, "integer": int, "number": float, "boolean": bool, "array": list}
    for feature in get(client, f"collections/{name}/items")["features"]:
        assert set(feature["properties"]) == set(told)
        for key, value in feature["properties"].items():
            assert value is None or type(value) is kinds[told[key]["type"]], key
            assert "enum" not in told[key] or value in {None, *told[key]["enum"]}
    french = client.get(f"/ogc/collections/{name}/schema", headers={"accept-language": "fr"}).json()
    assert french["properties"]["country"]["title"] == "Pays"
    assert (
        schema["$id"]
        == links(get(client, f"collections/{name}"))["http://www.opengis.net/def/rel/ogc/1.0/schema"]["href"]
    )


def test_the_nearest_area_has_columns_of_its_own(client: Client) -> None:
    make_published(areas=((make_area("Tongo", kind="artisanal"), 3200.0), (make_area("Kilo"), 9000.0)))
    [feature] = get(client, "collections/incidents/items")["features"]
    nearest = [feature["properties"][f"nearest_area{part}"] for part in ("", "_kind", "_km")]
    assert nearest == ["Tongo", "artisanal", 3]


@pytest.mark.parametrize(("name", "column"), [("incidents", "theme"), ("areas", "kind")])
def test_a_style_for_qgis_speaks_the_language_that_was_asked_for(
    client: Client, name: str, column: str
) -> None:
    found = [
        link["href"] for link in get(client, f"collections/{name}")["links"] if link["rel"] == "stylesheet"
    ]
    assert found[0].endswith(f"/{name}/style.qml")
    response = client.get(found[0], headers={"accept": "*/*", "accept-language": "fr"})
    assert response.headers["Content-Type"].startswith("application/x-qgis-layer-settings")
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}.qml"'
    root = ElementTree.fromstring(response.content)
    renderer = root.find("renderer-v2")
    assert renderer is not None
    assert renderer.get("attr") == column
    aliases = {alias.get("field"): alias.get("name") for alias in root.iter("alias")}
    assert aliases["country"] == "Pays"
    assert set(aliases) == set(get(client, f"collections/{name}/schema")["properties"]) - {"geometry"}


def test_a_second_style_puts_incidents_of_one_point_around_it(client: Client) -> None:
    one, spread = (
        ElementTree.fromstring(client.get(link["href"]).content).find("renderer-v2")
        for link in get(client, "collections/incidents")["links"]
        if link["rel"] == "stylesheet"
    )
    assert one is not None
    assert spread is not None
    assert spread.get("type") == "pointDisplacement"
    inner = spread.find("renderer-v2")
    assert inner is not None
    assert ElementTree.tostring(inner) == ElementTree.tostring(one)
    assert client.get("/ogc/collections/areas/one-by-one.qml").status_code == 404


def test_qgis_gets_all_layers_with_their_styles_in_one_file(client: Client) -> None:
    address = links(get(client, ""))["self"]["href"]
    response = client.get("/ogc/headlamp.qlr", headers={"accept": "*/*", "accept-language": "fr"})
    assert response.headers["Content-Type"].startswith("application/x-qgis-layer-definition")
    root = ElementTree.fromstring(response.content)
    listed = {each.get("id"): each.get("source") for each in root.iter("layer-tree-layer")}
    layers = {each.findtext("id"): each for each in root.iter("maplayer")}
    assert set(listed) == set(layers) == {"headlamp_incidents", "headlamp_areas"}
    for key, layer in layers.items():
        assert layer.findtext("datasource") == listed[key]
        assert f"url='{address}'" in (listed[key] or "")
        assert layer.findtext("provider") == "OAPIF"
    renderers = [layer.find("renderer-v2") for layer in layers.values()]
    assert [renderer is not None and renderer.get("attr") for renderer in renderers] == ["theme", "kind"]
    assert layers["headlamp_areas"].findtext("layername") == "Zones de production"


def test_it_says_what_it_conforms_to(client: Client) -> None:
    assert [uri.rpartition("/")[2] for uri in get(client, "conformance")["conformsTo"]] == [
        "core",
        "oas30",
        "geojson",
    ]


def test_the_definition_tells_the_largest_page_and_only_what_is_there(client: Client) -> None:
    document = get(client, "api")
    assert document["components"]["parameters"]["limit"]["schema"]["maximum"] == 1000
    operations = [path for path in document["paths"] if "{" not in path]
    for path in operations:
        assert client.get(document["servers"][0]["url"] + path).status_code == 200, path
    for path in ("/collections/incidents/items", "/collections/areas/items"):
        for parameter in document["paths"][path]["get"]["parameters"]:
            name = parameter.get("name") or parameter["$ref"].rpartition("/")[2]
            assert client.get(f"/ogc{path}?{name}=").status_code == 200, (path, name)


def test_a_collection_tells_its_extent(client: Client) -> None:
    make_published(
        longitude=20.0, latitude=-6.0, occurred_from=date(2026, 3, 2), occurred_to=date(2026, 3, 8)
    )
    make_published(
        longitude=28.0, latitude=5.0, occurred_from=date(2026, 5, 4), occurred_to=date(2026, 5, 10)
    )
    make_area(longitude=30.0, latitude=2.0)
    found = {each["id"]: each for each in get(client, "collections")["collections"]}
    assert found["incidents"]["extent"]["spatial"]["bbox"] == [[20.0, -6.0, 28.0, 5.0]]
    assert found["incidents"]["extent"]["temporal"]["interval"] == [["2026-03-02", "2026-05-10"]]
    assert found["areas"]["extent"]["spatial"]["bbox"] == [[30.0, 2.0, 30.0, 2.0]]
    assert get(client, "collections/areas") == found["areas"]


def test_nothing_published_has_no_extent(client: Client) -> None:
    assert get(client, "collections/incidents")["extent"] == {}


def test_features_come_in_pages_that_link_on(client: Client) -> None:
    for day in (2, 9, 16):
        make_published(occurred_from=date(2026, 3, day), occurred_to=date(2026, 3, day))
    response = client.get("/ogc/collections/incidents/items?limit=2", headers={"accept": GEOJSON})
    assert response.headers["Content-Type"].startswith(GEOJSON)
    first = response.json()
    assert (first["numberMatched"], first["numberReturned"]) == (3, 2)
    following = links(first)["next"]
    assert following["type"] == GEOJSON
    second = client.get(following["href"]).json()
    seen = {feature["id"] for page in (first, second) for feature in page["features"]}
    assert seen == {str(key) for key in PublishedIncident.objects.values_list("pk", flat=True)}
    assert "next" not in links(second)


def test_a_larger_page_than_there_is_is_the_largest(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "LARGEST_LIMIT", 2)
    for _ in range(3):
        make_published()
    page = get(client, "collections/incidents/items/?limit=10000")
    assert (page["numberMatched"], page["numberReturned"]) == (3, 2)
    assert "limit=2&" in links(page)["next"]["href"]
    assert client.get("/api/v1/incidents/?limit=10000").status_code == 400


def test_one_feature_is_itself_and_one_taken_back_is_gone(client: Client) -> None:
    published = make_published()
    path = f"/ogc/collections/incidents/items/{published.pk}"
    [listed] = get(client, "collections/incidents/items")["features"]
    one = client.get(path).json()
    assert one.pop("links")
    assert one == listed
    PublishedIncident.objects.update(retracted_on=date(2026, 11, 1), text="")
    assert client.get(path).status_code == 410
    assert get(client, "collections/incidents/items")["features"] == []


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("datetime=2026-03-09", [9]),
        ("datetime=2026-03-09T12:00:00Z", [9]),
        ("datetime=2026-03-03/2026-03-10", [9]),
        ("datetime=../2026-03-09", [2, 9]),
        ("datetime=2026-03-09/", [9, 16]),
        ("bbox=20.5,-7,21.5,-5", [9]),
        ("bbox=20.5,-7,0,21.5,-5,100", [9]),
        ("bbox=30,-7,21.5,-5", [2, 9]),
        ("from=2026-03-09&to=2026-03-09", [9]),
    ],
)
def test_box_and_time_narrow_as_the_standard_says(client: Client, query: str, days: list[int]) -> None:
    for day, longitude in ((2, 20.0), (9, 21.0), (16, 22.0)):
        make_published(
            longitude=longitude,
            latitude=-6.0,
            occurred_from=date(2026, 3, day),
            occurred_to=date(2026, 3, day),
        )
    found = get(client, f"collections/incidents/items?{query}")["features"]
    assert sorted(int(each["properties"]["occurred_from"][-2:]) for each in found) == days


def test_areas_narrow_by_box_across_the_antimeridian(client: Client) -> None:
    west, east, far = (make_area(longitude=lon, latitude=1.0) for lon in (179.5, -179.5, 20.0))
    found = get(client, "collections/areas/items?bbox=179,0,-179,2")["features"]
    assert {feature["id"] for feature in found} == {west.pk, east.pk}
    assert get(client, f"collections/areas/items/{far.pk}")["id"] == far.pk


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("incidents/items?bbox=1,2,3", "bbox"),
        ("incidents/items?bbox=1,2,3,nan", "bbox"),
        ("areas/items?bbox=0,10,5,-10", "bbox"),
        ("areas/items?bbox=0,0,500,1", "bbox"),
        ("incidents/items?datetime=yesterday", "datetime"),
        ("incidents/items?datetime=..", "datetime"),
        ("incidents/items?datetime=2026-03-09/2026-03-01", "datetime"),
        ("incidents/items?datetime=2026/2027/2028", "datetime"),
        ("incidents/items?limit=0", "limit"),
        ("incidents/items?theme=gossip", "theme"),
        ("incidents/items?colour=red", "colour"),
        ("areas/items?datetime=2026-01-01", "datetime"),
    ],
)
def test_what_cannot_be_is_400_and_named(client: Client, path: str, name: str) -> None:
    response = client.get(f"/ogc/collections/{path}")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["errors"][0]["name"] == name


@pytest.mark.parametrize(
    "path",
    [
        "nothing",
        "collections/x",
        "collections/x/items",
        "collections/areas/items/x",
        "collections/incidents/items/1",
    ],
)
def test_what_is_not_there_is_a_problem(client: Client, path: str) -> None:
    response = client.get(f"/ogc/{path}")
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.django_db(transaction=True)
def test_gdal_reads_both_collections_in_pages(live_server: LiveServer) -> None:
    needs("ogrinfo", "gdal-bin")
    for number in range(5):
        make_published(longitude=20.0 + number, latitude=-6.0)
    make_area("Tongo", longitude=20.0, latitude=-6.0)
    told = subprocess.run(
        [
            *"ogr2ogr -oo PAGE_SIZE=2 -f GeoJSON /vsistdout/".split(),
            f"OAPIF:{live_server.url}/ogc/",
            "incidents",
        ],
        capture_output=True,
        check=True,
        text=True,
        env=of_others(),
    )
    read = json.loads(told.stdout)["features"]
    assert {feature["properties"]["id"] for feature in read} == {
        str(key) for key in PublishedIncident.objects.values_list("pk", flat=True)
    }
    told = subprocess.run(
        ["ogrinfo", "-ro", "-al", f"OAPIF:{live_server.url}/ogc/", "areas"],
        capture_output=True,
        check=True,
        text=True,
        env=of_others(),
    )
    assert "Feature Count: 1" in told.stdout
    assert "Tongo" in told.stdout


@pytest.mark.django_db(transaction=True)
def test_gdal_knows_the_type_of_what_nobody_counted(live_server: LiveServer) -> None:
    needs("ogrinfo", "gdal-bin")
    make_published(killed=None)
    told = subprocess.run(
        ["ogrinfo", "-ro", "-al", "-so", f"OAPIF:{live_server.url}/ogc/", "incidents"],
        capture_output=True,
        check=True,
        text=True,
        env=of_others(),
    )
    columns = [line.partition(":")[0] for line in told.stdout.splitlines() if line.endswith("(0.0)")]
    assert len(columns) == len(set(columns)) == 27
    for line in (
        "killed: Integer (0.0)",
        "occurred_from: Date (0.0)",
        "is_fictional: Integer(Boolean) (0.0)",
    ):
        assert line in told.stdout

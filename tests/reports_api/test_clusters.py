import pytest
from django.test import Client

from tests.builders import make_published

pytestmark = pytest.mark.django_db
CLUSTERS = "/api/v1/clusters/"


def test_every_placed_incident_is_in_one_cluster(client: Client) -> None:
    for _ in range(3):
        make_published()
    make_published(harms=("smuggling",), longitude=-10.97, latitude=8.64, country="SL")
    make_published(longitude=None, latitude=None, cell="", uncertainty_m=None)
    found = client.get(f"{CLUSTERS}?bbox=-20,-20,40,20&zoom=3").json()["clusters"]
    assert sum(cluster["count"] for cluster in found) == 4
    assert sum(cluster["by_theme"].get("violence", 0) for cluster in found) == 3


def test_the_box_and_the_filter_narrow(client: Client) -> None:
    make_published()
    alone = make_published(harms=("smuggling",), longitude=-10.97, latitude=8.64, country="SL")
    [cluster] = client.get(f"{CLUSTERS}?bbox=-12,7,-9,10&zoom=8").json()["clusters"]
    assert (cluster["count"], cluster["by_theme"], cluster["id"]) == (
        1,
        {"conflict_finance": 1},
        str(alone.id),
    )
    [same] = client.get(f"{CLUSTERS}?theme=conflict_finance&zoom=8").json()["clusters"]
    assert same == cluster


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("zoom=23", "zoom"),
        ("zoom=-1", "zoom"),
        ("zoom=3.5", "zoom"),
        ("bbox=a", "bbox"),
        ("limit=3", "limit"),
    ],
)
def test_a_bad_parameter_is_400_and_named(client: Client, query: str, name: str) -> None:
    response = client.get(f"{CLUSTERS}?{query}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["name"] == name

import pytest
from django.test import Client

from tests.builders import make_area, make_published

pytestmark = pytest.mark.django_db
STATISTICS = "/api/v1/statistics/"


def test_it_counts_what_passes_the_filter(client: Client) -> None:
    make_published(harms=("killing", "injury"))
    make_published(harms=("killing",), country="SL")
    make_published(harms=("smuggling",), country="GH")
    told = client.get(f"{STATISTICS}?by=harm&theme=violence").json()
    assert (told["by"], told["filter"], told["incidents"]) == ("harm", {"theme": "violence"}, 2)
    assert {count["key"]: count["count"] for count in told["counts"] if count["count"]} == {
        "killing": 2,
        "injury": 1,
    }


@pytest.mark.parametrize("by", ["month", "theme", "harm", "country", "area", "kind"])
def test_every_key_is_counted_with_a_label(client: Client, by: str) -> None:
    make_published(areas=((make_area(), 2000.0),))
    counts = client.get(f"{STATISTICS}?by={by}").json()["counts"]
    assert [count["count"] for count in counts if count["count"]] == [1]
    assert all(count["key"] and count["label"] for count in counts)


@pytest.mark.parametrize(("query", "name"), [("", "by"), ("by=colour", "by"), ("by=month&theme=x", "theme")])
def test_a_bad_parameter_is_400_and_named(client: Client, query: str, name: str) -> None:
    response = client.get(f"{STATISTICS}?{query}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["name"] == name

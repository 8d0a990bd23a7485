import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from impact.accounts.models import User, default_organisation
from impact.publication.snapshots.taking import take_snapshot
from reports_api.hooks.announcing import queue_test
from reports_api.hooks.changing import add_webhook
from reports_api.keys.making import make_key
from reports_api.models import Scope
from tests.builders import make_area, make_incident, make_published

pytestmark = pytest.mark.django_db


def test_the_openapi_document_is_valid_and_generated_without_a_warning(tmp_path: Any) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--format=openapi-json", file=tmp_path / "a")
    document = json.loads((tmp_path / "a").read_text())
    assert set(document["paths"]["/api/v1/reports/"]) == {"post"}


def test_every_answer_has_the_shape_that_the_document_tells(administrator: User) -> None:
    key, token = make_key(by=administrator, organisation=default_organisation(), name="ours", scopes=[*Scope])
    client = Client(headers={"authorization": f"Bearer {token}"})
    webhook, _secret = add_webhook(key=key, url="https://example.org/", events=["incident.published"])
    queue_test(webhook, timezone.now())
    area = make_area()
    public = make_published(areas=((area, 2000.0),), is_fictional=True)
    make_published(
        longitude=None, latitude=None, cell="", uncertainty_m=None, killed=None, occurred_from=None
    )
    snapshot = take_snapshot()
    document = client.get("/api/v1/openapi.json").json()
    values = {
        "incident_id": public.id,
        "area_id": area.pk,
        "snapshot_id": snapshot.pk,
        "webhook_id": webhook.pk,
        "case_id": make_incident(is_fictional=True).pk,
    }
    checked = 0
    for template, methods in document["paths"].items():
        if "get" not in methods:
            continue
        address = template.format(**values) + ("?by=month" if "statistics" in template else "")
        for media_type, content in methods["get"]["responses"]["200"]["content"].items():
            response = client.get(address, headers={"accept": media_type})
            assert response.headers["Content-Type"] == media_type
            assert list(mismatches(response.json(), content["schema"], document)) == []
            checked += 1
        for parameter in methods["get"].get("parameters", []):
            if parameter["in"] == "query" and parameter["schema"].get("enum"):
                for word in parameter["schema"]["enum"]:
                    query = "&by=month" if "statistics" in template and parameter["name"] != "by" else ""
                    path = template.format(**values)
                    assert client.get(f"{path}?{parameter['name']}={word}{query}").status_code == 200
    assert checked == 19


def test_the_start_names_addresses_that_answer(client: Client) -> None:
    told = client.get("/api/v1/").json()
    assert {"cases", "webhooks"} <= set(told), "what opens with a key alone is found there too"
    expected = {"reports": 405, "statistics": 400, "cases": 401, "webhooks": 401}
    for name, address in told.items():
        assert client.get(address).status_code == expected.get(name, 200), name


def test_the_page_for_people_lists_every_operation(client: Client) -> None:
    page = client.get("/api/v1/docs/").content.decode()
    for operation in ("GET /api/v1/incidents/", "POST /api/v1/reports/", "GET /api/v1/clusters/"):
        assert operation in page
    assert "water_pollution" in page
    assert "style=" not in page


@pytest.mark.parametrize(
    "address", ["/api/v1/nothing/", "/api/v1/nothing", "/api/v1/incidents/x/y", "/api/v1/%00"]
)
def test_an_unknown_address_is_a_problem(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 404


def test_a_missing_last_slash_keeps_the_method_and_the_query(client: Client) -> None:
    response = client.get("/api/v1/incidents?theme=violence")
    assert (response.status_code, response.headers["Location"]) == (308, "/api/v1/incidents/?theme=violence")
    assert client.post("/api/v1/reports", {"text": "a"}).status_code == 308


def mismatches(value: Any, schema: dict[str, Any], document: dict[str, Any], at: str = "$") -> Iterator[str]:
    """Where a value is not what an OpenAPI 3.0 schema of ours says."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    if value is None:
        if not schema.get("nullable"):
            yield f"{at} is null"
        return
    kinds: dict[str, Any] = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
    }
    if not isinstance(value, kinds[schema["type"]]):
        yield f"{at} is not {schema['type']}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at} is {value}"
    if isinstance(value, dict) and "properties" in schema:
        if set(value) ^ set(schema["properties"]):
            yield f"{at} has {sorted(set(value) ^ set(schema['properties']))}"
        for name in set(value) & set(schema["properties"]):
            yield from mismatches(value[name], schema["properties"][name], document, f"{at}.{name}")
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from mismatches(inner, schema["items"], document, f"{at}[{index}]")

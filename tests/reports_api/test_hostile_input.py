"""Whatever is asked: an answer, or a problem that names what was wrong. Never a failure of ours."""

import json
from itertools import count
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from impact.places.models import Place
from impact.publication.filtering import PARAMETERS
from impact.vocabulary import Harm, Theme
from tests.builders import make_area, make_place, make_published

pytestmark = pytest.mark.django_db
addresses = count()
LISTS = ("incidents", "clusters", "areas", "statistics", "snapshots")
calmly = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

numbers = st.floats(width=32).map(str) | st.integers().map(str)
values = (
    st.text(max_size=30)
    | numbers
    | st.lists(numbers, max_size=5).map(",".join)
    | st.sampled_from(
        [*Theme.values, *Harm.values, "CD,sl", "month", "geojson", "2026-06", "0001-01", "9999-12"]
    )
)
names = st.sampled_from([*PARAMETERS, "limit", "offset", "format", "zoom", "by", "q"]) | st.text(max_size=8)


@calmly
@given(
    st.sampled_from(LISTS),
    st.lists(st.tuples(names, values), max_size=4),
    st.sampled_from(["*/*", "application/geo+json", "application/json", ";", "text/html;q=x,"])
    | st.text(max_size=20),
)
def test_any_query_is_answered(client: Client, path: str, query: list[tuple[str, str]], accept: str) -> None:
    make_published(areas=((make_area(), 1000.0),))
    asked = "&".join(
        f"{quote(name, errors='replace')}={quote(value, errors='replace')}" for name, value in query
    )
    try:
        accept.encode("latin-1")
    except UnicodeEncodeError:
        accept = "*/*"
    response = client.get(f"/api/v1/{path}/?{asked}", headers={"accept": accept})
    assert response.status_code in {200, 400, 406}
    if response.status_code != 200:
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.json()["status"] == response.status_code


leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30)
documents = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
)
fields = st.sampled_from(
    "text place_words longitude latitude occurred_from harms language follow_up share".split()
)

reports = st.builds(
    lambda text, more: {"text": text, **more},
    st.text(min_size=1),
    st.dictionaries(fields | st.text(max_size=6), documents, max_size=6)
    | st.fixed_dictionaries(
        {},
        optional={
            "place_words": st.text(max_size=40),
            "longitude": st.floats(-180, 180),
            "latitude": st.floats(-90, 90),
            "occurred_from": st.dates().map(str),
            "occurred_to": st.dates().map(str),
            "harms": st.lists(st.sampled_from(Harm.values), max_size=4),
            "language": st.sampled_from(["en", "fr", "ln", ""]),
        },
    ),
)


@calmly
@given(reports | documents)
def test_any_json_report_is_taken_or_refused(client: Client, document: Any) -> None:
    if not Place.objects.exists():
        make_place()
    response = client.post(
        "/api/v1/reports/",
        json.dumps(document),
        content_type="application/json",
        REMOTE_ADDR=str(next(addresses)),
    )
    assert response.status_code in {201, 400}


@calmly
@given(
    st.binary(max_size=200),
    st.sampled_from(
        ["application/json", "multipart/form-data; boundary=b", "application/x-www-form-urlencoded"]
    ),
)
def test_any_bytes_are_taken_or_refused(client: Client, body: bytes, content_type: str) -> None:
    if not Place.objects.exists():
        make_place()
    response = client.generic(
        "POST", "/api/v1/reports/", body, content_type=content_type, REMOTE_ADDR=str(next(addresses))
    )
    assert response.status_code in {201, 400}

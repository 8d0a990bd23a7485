"""No public route reaches a private table: every address is walked, and every query followed."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from impact.publication.guarding import is_private_view, private_table, rounded_reads
from tests.web.test_every_address import ADDRESSES, Stage, stage

__all__ = ["stage"]
pytestmark = pytest.mark.django_db


def public_names(resolver: URLResolver, namespace: str = "") -> set[str]:
    names: set[str] = set()
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            names |= public_names(
                pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            )
        elif isinstance(pattern, URLPattern) and not is_private_view(pattern.callback):
            names.add(f"{namespace}{pattern.name or ''}")
    return names


def test_every_public_route_is_walked_and_reads_public_tables_alone(client: Client, stage: Stage) -> None:
    names = public_names(get_resolver())
    assert names <= set(ADDRESSES)
    assert {"web:map", "web:feed", "web:snapshot", "reports_api:incidents", "reports_api:statistics"} <= names
    followed = 0
    for name in sorted(names):
        for query in ("", "&by=harm", "&country=CD", "&harm=sexual_violence", "&format=geojson", "&lang=pt"):
            address = stage.addresses[name]
            address += query if "?" in address else f"?{query[1:]}"
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            for entry in captured.captured_queries:
                followed += 1
                with rounded_reads():  # what impact.publication.counting rounds
                    assert private_table(entry["sql"]) == "", (address, entry["sql"])
    assert followed > 200


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ('SELECT "publication_publishedincident"."id" FROM "publication_publishedincident"', ""),
        ("SELECT pkid FROM idx_places_producingarea_geometry WHERE xmax >= 1", ""),
        ('SELECT 1 FROM "incidents_report"', "incidents_report"),
        ('SELECT 1 FROM "publication_keptmask"', "publication_keptmask"),
        ('SELECT 1 FROM "publication_duepublication"', "publication_duepublication"),
        ('SELECT 1 FROM "publication_alertsubscription"', "publication_alertsubscription"),
        ('SELECT 1 FROM "publication_countedincident"', "publication_countedincident"),
        ('SELECT 1 FROM "places_place" JOIN "yet_to_be_written" ON 1', "yet_to_be_written"),
        ("WITH made AS (SELECT 1 FROM places_place) SELECT 1 FROM made", ""),
        ("SELECT 1 FROM (SELECT 2 FROM sms_gateway_contact) inner_one", "sms_gateway_contact"),
    ],
)
def test_a_table_that_nobody_called_public_is_refused(sql: str, found: str) -> None:
    assert private_table(sql) == found


def test_only_the_counts_that_are_rounded_can_be_read_for_rounding() -> None:
    with rounded_reads():
        assert private_table('SELECT 1 FROM "publication_countedincident"') == ""
        assert private_table('SELECT 1 FROM "publication_keptmask"') == "publication_keptmask"
    assert private_table('SELECT 1 FROM "publication_countedincident"') == "publication_countedincident"


def test_a_new_view_is_public_unless_its_module_is_named() -> None:
    def careless(request: Any) -> None: ...

    assert not is_private_view(careless)

"""Every address, who may open it, and what it never gives away. A new address needs a row here."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.moderation.deciding import verify_incident
from impact.publication.guarding import is_private_view
from impact.publication.models import PublishedIncident
from impact.publication.publishing import publish_incident, retract_incident
from impact.publication.snapshots.taking import take_snapshot
from tests.builders import make_area, make_export, make_incident, make_picture, make_working_copy

pytestmark = pytest.mark.django_db

CANARY = "Zephyrine of the third house saw it"
LONGITUDE, LATITUDE = 20.812345, -6.412345
SIGN_IN, FORBIDDEN = 302, 403

# Name of the address: status for a visitor, an advocate, a moderator, by GET.
ADDRESSES: dict[str, tuple[int, int, int]] = {
    "web:map": (200, 200, 200),
    "web:embed": (200, 200, 200),
    "web:map_areas": (200, 200, 200),
    "web:basemap": (200, 200, 200),
    "web:explore": (200, 200, 200),
    "web:incident": (200, 200, 200),
    "web:areas": (200, 200, 200),
    "web:area": (200, 200, 200),
    "web:snapshots": (200, 200, 200),
    "web:snapshot_check": (200, 200, 200),
    "web:snapshot_generalised": (200, 200, 200),
    "web:feed": (200, 200, 200),
    "web:alerts": (200, 200, 200),
    "web:alerts_confirm": (404, 404, 404),  # no such key
    "web:alerts_leave": (200, 200, 200),
    "web:snapshot": (200, 200, 200),
    "web:snapshot_lines": (200, 200, 200),
    "web:method": (200, 200, 200),
    "web:exports": (SIGN_IN, 200, 200),
    "web:export_preview": (SIGN_IN, 200, 200),
    "web:export_new": (SIGN_IN, 200, 200),
    "web:export": (SIGN_IN, 200, 200),
    "web:export_state": (SIGN_IN, 200, 200),
    "web:export_file": (SIGN_IN, 410, 410),  # not made yet: its page says so
    "web:export_again": (SIGN_IN, 405, 405),
    "web:report": (200, 200, 200),
    "web:follow": (200, 200, 200),
    "web:simulator": (200, 200, 200),
    "web:healthz": (200, 200, 200),
    "web:readyz": (503, 503, 503),  # no worker in the tests
    "gateways:gateways": (SIGN_IN, FORBIDDEN, 200),
    "gateways:review": (SIGN_IN, FORBIDDEN, 405),
    "metrics": (200, 200, 200),  # the test client is on this machine
    "desk:queue": (SIGN_IN, FORBIDDEN, 200),
    "desk:log": (SIGN_IN, FORBIDDEN, FORBIDDEN),
    "desk:log_file": (SIGN_IN, FORBIDDEN, FORBIDDEN),
    "desk:alerts": (SIGN_IN, FORBIDDEN, 200),
    "desk:alert_close": (405, 405, 405),
    "desk:alert_switch": (405, 405, 405),
    "desk:alert_edit": (SIGN_IN, FORBIDDEN, 404),  # no such rule
    "desk:counts": (SIGN_IN, FORBIDDEN, 200),
    "desk:save_view": (405, 405, 405),
    "desk:decide_many": (405, 405, 405),
    "desk:case": (SIGN_IN, FORBIDDEN, 200),
    "desk:talk": (SIGN_IN, FORBIDDEN, 200),
    "desk:preview": (SIGN_IN, FORBIDDEN, 200),
    "desk:evidence": (SIGN_IN, FORBIDDEN, 200),
    "desk:evidence_blur": (405, 405, 405),
    "desk:evidence_original": (405, 405, 405),
    "desk:evidence_picture": (SIGN_IN, FORBIDDEN, 200),
    "desk:evidence_manifest": (SIGN_IN, FORBIDDEN, 200),
    "desk:act": (405, 405, 405),
    "reveal_contact": (SIGN_IN, FORBIDDEN, FORBIDDEN),
    "accounts:notices_read": (405, 405, 405),
    "desk:areas": (SIGN_IN, FORBIDDEN, 200),
    "desk:area_pairs": (SIGN_IN, FORBIDDEN, 200),
    "desk:area": (SIGN_IN, FORBIDDEN, 200),
    "desk:area_act": (405, 405, 405),
    "accounts:sign_in": (200, 302, 302),
    "accounts:sign_out": (405, 405, 405),
    "accounts:start": (SIGN_IN, 302, 302),
    "accounts:sessions": (SIGN_IN, 200, 200),
    "accounts:invitation": (404, 404, 404),
    "account_login": (200, 302, 302),
    "account_logout": (405, 405, 405),
    "account_inactive": (200, 200, 200),
    "account_reauthenticate": (SIGN_IN, 200, 200),
    "account_change_password": (SIGN_IN, 200, 200),
    "mfa_index": (SIGN_IN, 200, 200),
    "mfa_authenticate": (SIGN_IN, SIGN_IN, SIGN_IN),  # between the password and the code alone
    "mfa_reauthenticate": (SIGN_IN, 302, 302),
    "mfa_activate_totp": (SIGN_IN, 200, 200),
    "mfa_deactivate_totp": (SIGN_IN, 404, 404),
    "mfa_view_recovery_codes": (SIGN_IN, 404, 404),
    "mfa_generate_recovery_codes": (SIGN_IN, 200, 200),
    "mfa_download_recovery_codes": (SIGN_IN, 404, 404),
    "mfa_list_webauthn": (SIGN_IN, 200, 200),
    "mfa_add_webauthn": (SIGN_IN, 200, 200),
    "mfa_reauthenticate_webauthn": (SIGN_IN, 302, 302),
    "mfa_remove_webauthn": (SIGN_IN, 404, 404),
    "mfa_edit_webauthn": (SIGN_IN, 404, 404),
    "mfa_login_webauthn": (302, 302, 302),
    "people:people": (SIGN_IN, FORBIDDEN, FORBIDDEN),
    "people:person": (SIGN_IN, FORBIDDEN, FORBIDDEN),
    "people:organisations": (SIGN_IN, FORBIDDEN, FORBIDDEN),
    "keys:keys": (SIGN_IN, FORBIDDEN, FORBIDDEN),
    "sms_gateway:signed": (405, 405, 405),
    "sms_gateway:signed_status": (405, 405, 405),
    "sms_gateway:provider": (405, 405, 405),
    "sms_gateway:provider_status": (405, 405, 405),
    "reports_api:start": (200, 200, 200),
    "reports_api:incidents": (200, 200, 200),
    "reports_api:incident": (200, 200, 200),
    "reports_api:clusters": (200, 200, 200),
    "reports_api:hexagons": (200, 200, 200),
    "reports_api:coverage": (200, 200, 200),
    "reports_api:areas": (200, 200, 200),
    "reports_api:area": (200, 200, 200),
    "reports_api:statistics": (200, 200, 200),
    "reports_api:production": (200, 200, 200),
    "reports_api:snapshots": (200, 200, 200),
    "reports_api:snapshot": (200, 200, 200),
    "reports_api:reports": (405, 405, 405),
    "reports_api:cases": (401, 401, 401),  # by a key alone, whoever is signed in
    "reports_api:case": (401, 401, 401),
    "reports_api:webhooks": (401, 401, 401),
    "reports_api:webhook": (401, 401, 401),
    "reports_api:webhook_secret": (401, 401, 401),
    "reports_api:webhook_test": (401, 401, 401),
    "reports_api:openapi": (200, 200, 200),
    "reports_api:docs": (200, 200, 200),
    "reports_api:": (404, 404, 404),  # everything else under /api/v1/
    "ogc_start": (200, 200, 200),
    "ogc:landing": (200, 200, 200),
    "ogc:layers": (200, 200, 200),
    "ogc:conformance": (200, 200, 200),
    "ogc:api": (200, 200, 200),
    "ogc:collections": (200, 200, 200),
    "ogc:collection": (200, 200, 200),
    "ogc:schema": (200, 200, 200),
    "ogc:feature_schema": (200, 200, 200),
    "ogc:style": (200, 200, 200),
    "ogc:items": (200, 200, 200),
    "ogc:item": (200, 200, 200),
    "ogc:": (404, 404, 404),  # everything else under /ogc/
    "openrosa:about": (200, 200, 200),
    "openrosa:form_list": (200, 200, 200),
    "openrosa:form": (200, 200, 200),
    "openrosa:submission": (405, 405, 405),
}


@dataclass(frozen=True)
class Stage:
    """One case with a witness's words and an exact place, published in a moderator's words."""

    incident: Incident
    addresses: dict[str, str]


def named_addresses(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from named_addresses(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or ''}"


@pytest.fixture
def stage(second_moderator: User) -> Stage:
    area = make_area("Kamonia", 20.9, -6.5)
    incident = make_incident(text=CANARY, longitude=LONGITUDE, latitude=LATITUDE, place_words=CANARY)
    incident = verify_incident(
        incident=incident,
        moderator=second_moderator,
        reason=CANARY,
        expected_version=incident.version,
    )
    published = publish_incident(
        incident=incident,
        moderator=second_moderator,
        text="Two people were killed.",
        reason=CANARY,
        expected_version=incident.version,
    )
    kept = make_picture(incident)
    copy = make_working_copy(kept)
    snapshot = take_snapshot()
    export = make_export(second_moderator, snapshot)
    arguments: dict[str, list[Any]] = {
        "web:incident": [published.pk],
        "web:area": [area.pk],
        "web:snapshot": [snapshot.pk],
        "web:snapshot_lines": [snapshot.pk],
        "web:snapshot_generalised": [snapshot.pk],
        "web:export_new": ["map"],
        "web:export": [export.pk],
        "web:export_state": [export.pk],
        "web:export_file": [export.pk, "no-such-file.pdf"],
        "web:export_again": [export.pk],
        "web:alerts_confirm": ["no-such-key"],
        "web:alerts_leave": ["no-such-key"],
        "desk:alert_close": [1],
        "desk:alert_switch": [1],
        "desk:alert_edit": [1],
        "gateways:review": [1, "release"],
        "desk:case": [incident.pk],
        "desk:talk": [incident.pk],
        "desk:preview": [incident.pk],
        "desk:evidence": [kept.pk],
        "desk:evidence_blur": [kept.pk],
        "desk:evidence_original": [kept.pk],
        "desk:evidence_picture": [copy.pk],
        "desk:evidence_manifest": [incident.pk],
        "desk:act": [incident.pk, "decide"],
        "reveal_contact": [incident.pk],
        "desk:area": [area.pk],
        "desk:area_act": [area.pk, "correct"],
        "sms_gateway:signed": ["twilio"],
        "sms_gateway:signed_status": ["twilio"],
        "accounts:invitation": ["MQ", "no-token"],
        "people:person": [second_moderator.pk],
        "mfa_remove_webauthn": [1],
        "mfa_edit_webauthn": [1],
        "sms_gateway:provider": ["simulator", "token"],
        "sms_gateway:provider_status": ["simulator", "token"],
        "reports_api:incident": [published.pk],
        "reports_api:area": [area.pk],
        "reports_api:snapshot": [snapshot.pk],
        "reports_api:case": [incident.pk],
        "reports_api:webhook": [published.pk],
        "reports_api:webhook_secret": [published.pk],
        "reports_api:webhook_test": [published.pk],
        "ogc:collection": ["incidents"],
        "ogc:schema": ["incidents"],
        "ogc:feature_schema": ["incidents"],
        "ogc:style": ["incidents", "style"],
        "ogc:items": ["incidents"],
        "ogc:item": ["incidents", published.pk],
    }
    queries = {"reports_api:clusters": "?bbox=-20,-40,55,40&zoom=6", "reports_api:statistics": "?by=country"}
    addresses = {
        name: reverse(name, args=arguments.get(name)) + queries.get(name, "")
        for name in ADDRESSES
        if not name.endswith(":")
    }
    addresses |= {"reports_api:": "/api/v1/nothing/here", "ogc:": "/ogc/nothing/here"}
    return Stage(incident, addresses)


def test_every_address_has_a_row() -> None:
    assert set(named_addresses(get_resolver())) == set(ADDRESSES)


@pytest.mark.parametrize("name", ADDRESSES)
def test_it_opens_for_whom_it_should(name: str, stage: Stage, advocate: User, moderator: User) -> None:
    statuses = []
    for person in (None, advocate, moderator):
        client = Client()
        if person is not None:
            client.force_login(person)
        answer = client.get(stage.addresses[name])
        statuses.append(answer.status_code)
        is_private = person is not None or is_private_view(resolve(stage.addresses[name].split("?")[0]).func)
        if is_private and name != "web:basemap":  # the same lines for everybody, all week
            assert "public" not in answer.headers["Cache-Control"]
            assert {"no-store", "private"} & set(answer.headers["Cache-Control"].split(", "))
    assert tuple(statuses) == ADDRESSES[name]


def test_only_moderators_decide(stage: Stage, advocate: User) -> None:
    client = Client()
    address = stage.addresses["desk:act"]
    assert client.post(address).status_code == SIGN_IN
    client.force_login(advocate)
    assert client.post(address).status_code == FORBIDDEN


@pytest.mark.parametrize("name", [name for name, (visitor, _, _) in ADDRESSES.items() if visitor == 200])
@pytest.mark.parametrize("query", ["", "format=geojson", "format=json"])
def test_what_a_visitor_gets_tells_nothing_of_the_testimony(name: str, query: str, stage: Stage) -> None:
    address = stage.addresses[name]
    answer = Client().get(f"{address}{'&' if '?' in address else '?'}{query}")
    text = answer.getvalue().decode()
    incident = stage.incident
    for secret in (
        CANARY,
        str(incident.pk),
        incident.reference,
        f"{LONGITUDE:.4f}"[:-1],
        f"{LATITUDE:.4f}"[:-1],
        "2026-11-18",  # the day itself; its week is public
    ):
        assert secret not in text, secret


def test_a_retracted_incident_is_a_stone_everywhere(
    stage: Stage, second_moderator: User, client: Client
) -> None:
    incident = Incident.objects.get()
    retract_incident(
        incident=incident,
        moderator=second_moderator,
        reason="a witness is in danger",
        expected_version=incident.version,
    )
    assert client.get(stage.addresses["web:incident"]).status_code == 410
    assert client.get(stage.addresses["reports_api:incident"]).status_code == 410
    for name in ("web:map", "web:area", "reports_api:incidents", "reports_api:clusters"):
        assert (
            str(PublishedIncident.objects.get().pk) not in client.get(stage.addresses[name]).content.decode()
        )

from datetime import date
from xml.etree import ElementTree

import pytest
from django.test import Client

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.publication.publishing import retract_incident
from tests.builders import make_published
from tests.publication.test_publishing import publish, verified

pytestmark = pytest.mark.django_db
FEED = "/feeds/incidents.atom"
NAMES = {"atom": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}


def feed(client: Client, query: str = "") -> ElementTree.Element:
    answer = client.get(FEED + query)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def test_it_is_atom_with_all_that_the_standard_wants(client: Client) -> None:
    make_published(text="Two people & a <dog>")
    root = feed(client)
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    for parent in (root, root.find("atom:entry", NAMES)):
        assert parent is not None
        for name in ("id", "title", "updated"):  # RFC 4287, 4.1.1 and 4.1.2
            assert parent.findtext(f"atom:{name}", namespaces=NAMES), name
    assert root.find("atom:author/atom:name", NAMES) is not None
    assert root.find("atom:link[@rel='self']", NAMES) is not None
    summary = root.findtext("atom:entry/atom:summary", namespaces=NAMES)
    assert "Two people &amp; a &lt;dog&gt;" in (summary or "")
    # No clock: the day on which it became public, and nothing that moves when nothing changed.
    assert root.findtext("atom:updated", namespaces=NAMES) == "2026-11-23T00:00:00+00:00"
    assert client.get(FEED).content == client.get(FEED).content


def test_the_words_of_an_incident_say_what_language_they_are_in(client: Client) -> None:
    make_published(text="Des gardes de la société ont blessé trois creuseurs.")
    summary = feed(client).findtext("atom:entry/atom:summary", namespaces=NAMES)
    assert summary is not None
    assert summary.endswith('. <span lang="fr">Des gardes de la société ont blessé trois creuseurs.</span>')


def test_it_filters_as_everything_else_does(client: Client) -> None:
    make_published(country="AO")
    make_published()
    assert len(feed(client).findall("atom:entry", NAMES)) == 2
    assert len(feed(client, "?country=AO&country=CD").findall("atom:entry", NAMES)) == 2
    assert len(feed(client, "?country=AO").findall("atom:entry", NAMES)) == 1
    refused = client.get(FEED + "?country=XX")
    assert (refused.status_code, b"country" in refused.content) == (400, True)


def test_what_is_taken_back_is_a_deleted_entry_and_no_more(client: Client, moderator: User) -> None:
    published = publish(verified(moderator), moderator)
    make_published(published_on=date(2026, 1, 5))
    first = client.get(FEED)
    assert client.get(FEED, headers={"if-none-match": first.headers["ETag"]}).status_code == 304
    incident = Incident.objects.get()
    retract_incident(
        incident=incident, moderator=moderator, reason="danger", expected_version=incident.version
    )
    second = client.get(FEED, headers={"if-none-match": first.headers["ETag"]})
    assert second.status_code == 200
    root = ElementTree.fromstring(second.content)
    [stone] = root.findall("at:deleted-entry", NAMES)
    assert stone.get("ref") == f"urn:uuid:{published.pk}"
    assert len(root.findall("atom:entry", NAMES)) == 1
    assert second.content.count(str(published.pk).encode()) == 1

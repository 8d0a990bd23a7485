import re

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from impact.publication.models import Snapshot
from impact.publication.reidentification import MOST_MEASURED
from impact.publication.snapshots.taking import snapshot_lines, take_snapshot
from tests.builders import make_area, make_published

pytestmark = pytest.mark.django_db


def test_the_lines_come_in_parts_and_are_those_under_the_digest(client: Client) -> None:
    for _ in range(3):
        make_published()
    snapshot = take_snapshot()
    answer = client.get(reverse("web:snapshot_lines", args=[snapshot.pk]))
    assert isinstance(answer, StreamingHttpResponse)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="headlamp-{snapshot.pk}.jsonl"'
    assert answer.getvalue() == snapshot_lines(snapshot)


def test_the_page_measures_what_a_request_can_hold(client: Client) -> None:
    make_published()
    snapshot = take_snapshot()
    page, generalised = (
        reverse(f"web:{name}", args=[snapshot.pk]) for name in ("snapshot", "snapshot_generalised")
    )
    assert generalised in client.get(page).content.decode()
    assert client.get(generalised).status_code == 200
    Snapshot.objects.update(shown=MOST_MEASURED + 1)
    larger = client.get(page).content.decode()
    assert generalised not in larger
    assert "100,000 incidents; this one holds more" in larger
    assert client.get(generalised).status_code == 404


def test_a_snapshot_tells_how_it_is_cited_for_good(client: Client, settings: Settings) -> None:
    settings.ORGANISATION = "Coalition of the Kasai"
    make_published()
    snapshot = take_snapshot()
    page = client.get(reverse("web:snapshot", args=[snapshot.pk])).content.decode()
    cited = re.search(r'<p class="cited">(.*?)</p>', page)
    assert cited is not None
    assert cited[1].startswith(f"Coalition of the Kasai ({snapshot.created_at:%Y}). ")
    assert f"{snapshot.pk}, {snapshot.created_at:%Y-%m-%d}. " in cited[1]
    assert cited[1].endswith(f"/snapshots/{snapshot.pk}/")


def test_a_page_that_changes_cites_its_plain_address_and_leads_to_what_does_not(client: Client) -> None:
    area = make_area()
    published = make_published()
    snapshot = take_snapshot()
    for name, key in (("web:area", area.pk), ("web:incident", published.pk)):
        address = reverse(name, args=[key])
        page = client.get(address, {"lang": "en", "all": "1"}).content.decode()
        assert re.search(rf'<span class="cited-address">https?://[^/?]+{address}</span>', page)
        assert reverse("web:snapshot", args=[snapshot.pk]) in page
        assert re.search(r'<meta name="description" content="[^"]{20,}">', page)

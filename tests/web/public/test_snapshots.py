import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from impact.publication.models import Snapshot
from impact.publication.reidentification import MOST_MEASURED
from impact.publication.snapshots import snapshot_lines, take_snapshot
from tests.builders import make_published

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

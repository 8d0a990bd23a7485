import pytest
from django.test import Client

from impact.publication.filtering import IncidentFilter
from impact.publication.snapshots.taking import take_snapshot
from tests.builders import make_published

pytestmark = pytest.mark.django_db


def test_a_snapshot_tells_its_filter_counts_and_digest_but_not_its_rows(client: Client) -> None:
    public = make_published(is_fictional=True)
    snapshot = take_snapshot(IncidentFilter.parse({"theme": "violence"}))
    record = client.get(f"/api/v1/snapshots/{snapshot.pk}/").json()
    assert record["digest"] == snapshot.digest
    assert record["filter"] == {"theme": "violence"}
    assert (record["shown"], record["without_place"], record["withheld"]) == (1, 0, 0)
    assert record["is_fictional"] is True
    assert public.text not in str(record)
    assert client.get("/api/v1/snapshots/").json()["results"] == [record]


@pytest.mark.parametrize("unknown", ["0123456789", "nothing", "0" * 200])
def test_an_unknown_snapshot_is_404(client: Client, unknown: str) -> None:
    assert client.get(f"/api/v1/snapshots/{unknown}/").status_code == 404

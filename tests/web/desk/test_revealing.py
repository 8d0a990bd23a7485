import pytest

from impact.incidents.models import Report
from impact.publication.models import PublishedIncident
from impact.publication.versions import public_version, write_version
from impact.web.desk.revealing import publication_doubts
from tests.builders import NOW, make_incident

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("channel", "doubts"), [("web", 1), ("api", 1), ("sms", 0), ("simulator", 0)])
def test_a_no_is_heard_where_the_reporter_was_asked(channel: str, doubts: int) -> None:
    incident = make_incident()
    Report.objects.update(may_publish=False, channel=channel)
    assert len(publication_doubts(incident)) == doubts


def test_what_may_be_public_already_is_to_be_looked_at() -> None:
    public, incident = make_incident(), make_incident()
    write_version(public.pk, public_version(public, "Two men were shot."), NOW.date())
    Report.objects.update(channel="sms")
    [doubt] = publication_doubts(incident)
    assert doubt.address == f"/incidents/{PublishedIncident.objects.get().pk}/"

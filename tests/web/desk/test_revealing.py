import pytest

from impact.incidents.models import Report
from impact.web.desk.revealing import publication_doubts
from tests.builders import make_incident

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("channel", "doubts"), [("web", 1), ("api", 1), ("sms", 0), ("simulator", 0)])
def test_a_no_is_heard_where_the_reporter_was_asked(channel: str, doubts: int) -> None:
    incident = make_incident()
    Report.objects.update(may_publish=False, channel=channel)
    assert len(publication_doubts(incident)) == doubts

import pytest

from impact.incidents.models import Report
from impact.web.desk.revealing import publication_doubts
from tests.builders import make_incident

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Call 0812345678 for more", ["0812345678"]),
        ("Call +243 81 234-56.78 for more", ["+243 81 234-56.78"]),
        ("Write to jean.k@example.org, he knows", ["jean.k@example.org"]),
        ("Two people were killed on 18 November 2026", []),
        ("Between 2024-2026, 1,200 people were moved", []),
        ("About 12 345 carats", []),
    ],
)
def test_numbers_and_mail_addresses_are_doubted(text: str, found: list[str]) -> None:
    incident = make_incident()
    Report.objects.update(may_publish=True)
    assert [doubt.found for doubt in publication_doubts(incident, text)] == found


@pytest.mark.parametrize(("channel", "doubts"), [("web", 1), ("api", 1), ("sms", 0), ("simulator", 0)])
def test_a_no_is_heard_where_the_reporter_was_asked(channel: str, doubts: int) -> None:
    incident = make_incident()
    Report.objects.update(may_publish=False, channel=channel)
    assert len(publication_doubts(incident, "Two people were killed.")) == doubts

import pytest

from impact.accounts.models import User
from impact.incidents.bulk_linking import link_unlinked
from impact.incidents.linking import link_incident
from impact.incidents.models import Incident
from impact.moderation.deciding import DecisionRefused, StaleIncident
from impact.moderation.judging_links import confirm_link, refuse_link, reopen_link
from tests.builders import make_area, make_incident

pytestmark = pytest.mark.django_db
WHY = "A monitor was there."


def linked() -> Incident:
    incident = make_incident()
    link_incident(incident)
    return incident


def test_a_confirmed_link_stays_when_the_area_moves(moderator: User) -> None:
    area = make_area()
    incident = confirm_link(incident=linked(), area=area, moderator=moderator, reason=WHY, expected_version=1)
    area.geometry = "POINT(25 -3)"
    area.save()
    link_incident(incident)
    link = incident.area_links.get()
    assert (link.area, link.method) == (area, "moderator")
    assert link.distance_m == pytest.approx(596_800, rel=0.01)
    assert link.share == 0


def test_an_area_that_the_rule_did_not_propose_can_be_confirmed(moderator: User) -> None:
    far = make_area("Far", longitude=22.0)
    make_area("Near")
    incident = confirm_link(incident=linked(), area=far, moderator=moderator, reason=WHY, expected_version=1)
    assert [(link.area.name, link.rank) for link in incident.area_links.all()] == [("Near", 0), ("Far", 1)]


def test_a_refusal_sticks_when_the_area_moves_and_the_next_one_moves_up(moderator: User) -> None:
    areas = [make_area(f"Pit {step}", 20.8 + step * 0.01) for step in range(6)]
    incident = refuse_link(
        incident=linked(), area=areas[0], moderator=moderator, reason=WHY, expected_version=1
    )
    assert link_unlinked() == 1
    areas[0].geometry = "POINT(20.805 -6.4)"
    areas[0].save()
    link_incident(incident)
    assert [link.area.name for link in incident.area_links.all()] == [f"Pit {step}" for step in range(1, 6)]


def test_a_refusal_counts_for_every_row_of_the_same_place(moderator: User) -> None:
    area = make_area()
    incident = refuse_link(incident=linked(), area=area, moderator=moderator, reason=WHY, expected_version=1)
    area.joined_to = make_area("The same, from another source", longitude=20.81)
    area.save()
    assert link_incident(incident) == []


def test_a_judgement_can_be_taken_back(moderator: User) -> None:
    area = make_area()
    incident = linked()
    for version, judge in enumerate((refuse_link, reopen_link, confirm_link, reopen_link), start=1):
        incident = judge(
            incident=incident, area=area, moderator=moderator, reason=WHY, expected_version=version
        )
        link_incident(incident)
    assert incident.area_links.get().method == "rule"
    assert not incident.refused_links.exists()


def test_each_judgement_is_in_the_log(moderator: User) -> None:
    area = make_area()
    incident = refuse_link(incident=linked(), area=area, moderator=moderator, reason=WHY, expected_version=1)
    confirm_link(incident=incident, area=area, moderator=moderator, reason=WHY, expected_version=2)
    refused, confirmed = incident.decisions.all()
    assert (refused.action, refused.after) == ("link", {"refused_areas": [area.pk]})
    assert confirmed.before == {"confirmed_areas": [], "refused_areas": [area.pk]}


def test_it_refuses_what_changes_nothing_a_stale_page_and_no_place(moderator: User) -> None:
    area = make_area()
    incident = linked()
    arguments = {"area": area, "moderator": moderator, "reason": WHY}
    with pytest.raises(DecisionRefused, match="Nothing would change"):
        reopen_link(incident=incident, expected_version=1, **arguments)  # type: ignore[arg-type]
    with pytest.raises(StaleIncident):
        confirm_link(incident=incident, expected_version=9, **arguments)  # type: ignore[arg-type]
    nowhere = make_incident(longitude=None)
    with pytest.raises(DecisionRefused, match="where it happened"):
        confirm_link(incident=nowhere, expected_version=1, **arguments)  # type: ignore[arg-type]
    assert not incident.decisions.exists()

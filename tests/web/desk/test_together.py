"""Several moderators on one case: overlaid edits, second words, merges, assignment, follow-up, areas."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from impact.accounts.models import User
from impact.incidents.linking import link_incident
from impact.incidents.models import Incident, Report
from impact.moderation.deciding import Correction, correct_incident, verify_incident
from impact.moderation.models import Decision, FollowUpAction, Likeness, Merge
from impact.vocabulary import Perpetrator
from tests.builders import make_area, make_incident, make_moderator, make_organisation
from tests.web.desk.test_case import facts, send, url

pytestmark = pytest.mark.django_db


def test_nobody_is_told_who_moderates_for_another_organisation(desk: Client) -> None:
    make_moderator("ours")
    make_moderator("zephyrin", organisation=make_organisation())
    incident = make_incident()
    for address in (reverse("desk:case", args=[incident.pk]), reverse("desk:queue")):
        page = desk.get(address).content.decode()
        assert ">ours</option>" in page
        assert "zephyrin" not in page


def test_a_stale_form_takes_what_the_other_changed_and_keeps_what_was_typed(
    desk: Client, second_moderator: User
) -> None:
    incident = make_incident()
    correct_incident(
        incident=incident,
        moderator=second_moderator,
        correction=Correction(
            perpetrator=Perpetrator.POLICE, people={"killed": {"low": 5, "high": 5}}, minerals=("gold",)
        ),
        reason="asked again",
        expected_version=1,
    )
    # This moderator saw army and two dead: they type three dead, and leave the army as it was.
    typed = facts(killed_low=3, killed_high=3, expected_version=1)
    answer = send(desk, incident, "facts", **typed)
    assert answer.status_code == 409
    form = answer.context["forms"]["facts"]
    assert form["perpetrator"].value() == "police"
    assert form["minerals"].value() == ["gold"]
    assert form["killed_low"].value() == "3"
    assert [(str(conflict.field.name), conflict.now) for conflict in form.conflicts] == [
        ("killed_low", "5"),
        ("killed_high", "5"),
    ]
    assert "You both changed these" in answer.content.decode()
    assert Incident.objects.get().people["killed"]["low"] == 5
    again = {name: form[name].value() for name in form.fields if name != "expected_version"}
    assert send(desk, Incident.objects.get(), "facts", **again).status_code == 302
    incident = Incident.objects.get()
    assert (incident.perpetrator, incident.people["killed"]["low"]) == ("police", 3)


def test_the_second_moderator_confirms_with_one_press_and_the_first_cannot(
    desk: Client, moderator: User, second_moderator: User, settings: Settings
) -> None:
    settings.TWO_PERSON = True
    incident = make_incident(harms=("injury",), people={})
    incident = verify_incident(
        incident=incident, moderator=second_moderator, reason="two nurses say so", expected_version=1
    )
    html = desk.get(url(incident)).content.decode()
    assert "second-moderator proposed on" in html
    assert "Confirm: verified" in html
    assert send(desk, incident, "decide", outcome="verify", reason=None, ready="I agree.").status_code == 302
    assert Incident.objects.get().verification == "verified"
    assert Decision.objects.last().reason == "I agree."  # type: ignore[union-attr]


def test_a_case_is_merged_told_apart_and_taken_out_again(desk: Client) -> None:
    kept, merged, other = (
        make_incident(text=f"Soldiers shot two men, said {name}") for name in ("A", "B", "C")
    )
    assert send(desk, kept, "merge", other=str(merged.pk), reason="The same event.").status_code == 302
    assert kept.reports.count() == 2
    kept.refresh_from_db()
    html = desk.get(url(kept)).content.decode()
    assert "Take it out again" in html
    assert send(desk, kept, "merge", other=str(other.pk), is_apart="on", reason="no").status_code == 302
    assert Likeness.objects.get(dismissed_by__isnull=False)
    assert f"Merge {other.reference}" not in desk.get(url(kept)).content.decode()
    merge = Merge.objects.get()
    kept.refresh_from_db()
    assert send(desk, kept, "unmerge", merge=merge.pk, reason="two nights").status_code == 302
    assert [case.reports.count() for case in (kept, merged)] == [1, 1]


def test_a_sensitive_case_is_neither_suggested_to_nor_merged_by_others(desk: Client) -> None:
    kept = make_incident()
    hidden = make_incident(harms=("killing", "sexual_violence"), text="she was alone")
    assert hidden.reference not in desk.get(url(kept)).content.decode()
    assert send(desk, kept, "merge", other=str(hidden.pk)).status_code == 422
    assert Report.objects.filter(incident=hidden).count() == 1


def test_a_case_is_taken_up_by_oneself_at_one_press(desk: Client, moderator: User) -> None:
    incident = make_incident()
    assert "Take it up myself" in desk.get(url(incident)).content.decode()
    press = {"outcome": "take_up", "mine": "1", "reason": None, "ready": "Read: it is for us to look into."}
    assert send(desk, incident, "decide", **press).status_code == 302
    incident.refresh_from_db()
    assert (incident.verification, incident.assigned_to) == ("under_verification", moderator)
    assert "Take it up myself" not in desk.get(url(incident)).content.decode()


def test_a_case_is_handed_over_with_a_note(desk: Client, second_moderator: User) -> None:
    incident = make_incident()
    note = "Asked on Tuesday; the doctor calls back."
    assert send(desk, incident, "assign", assignee=second_moderator.pk, reason=note).status_code == 302
    assert note in desk.get(url(incident)).content.decode()


def test_a_case_is_assigned_and_followed_up(desk: Client, moderator: User) -> None:
    incident = make_incident()
    assert send(desk, incident, "assign", assignee=moderator.pk, reason=None).status_code == 302
    incident.refresh_from_db()
    assert (incident.assigned_to, incident.version) == (moderator, 1)
    fields: dict[str, Any] = {
        "follow_up": "in_follow_up",
        "contacted": "the prosecutor",
        "contacted_on": "2026-11-02",
        "due_on": "2026-11-09",
        "reason": "A file was opened.",
    }
    assert send(desk, incident, "follow_up", **fields).status_code == 302
    history = desk.get(reverse("desk:case", args=[incident.pk])).content.decode()
    assert "<ins>9 Nov 2026</ins>" in history
    assert FollowUpAction.objects.get().contacted == "the prosecutor"
    incident.refresh_from_db()
    assert incident.follow_up == "in_follow_up"
    assert "the prosecutor" in desk.get(reverse("desk:queue")).content.decode()


def test_an_area_is_confirmed_and_refused_from_the_case(desk: Client) -> None:
    area = make_area("Tshikapa pits", 20.82, -6.4)
    incident = make_incident()
    link_incident(incident)
    assert send(desk, incident, "link", area=area.pk, verdict="confirm").status_code == 302
    assert incident.area_links.get().method == "moderator"
    incident.refresh_from_db()
    assert send(desk, incident, "link", area=area.pk, verdict="refuse").status_code == 302
    assert incident.refused_links.get().area == area
    assert "Reopen" in desk.get(url(incident)).content.decode()

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from impact.accounts.models import Role, User
from impact.incidents.models import Incident, Report
from impact.moderation.deciding import grade_incident, verify_incident
from impact.moderation.models import Decision
from impact.places.models import TaughtName
from impact.publication.models import PublishedIncident
from impact.vocabulary import Credibility, Reliability
from impact.web.desk.forms import FORMS
from tests.builders import make_area, make_incident, make_place, make_user, take_in

pytestmark = pytest.mark.django_db
PUBLIC = "Two people were killed at an artisanal site."


def url(incident: Incident, action: str = "") -> str:
    if action:
        return reverse("desk:act", args=[incident.pk, action])
    return reverse("desk:case", args=[incident.pk])


def send(desk: Client, incident: Incident, action: str, **fields: Any) -> Any:
    fields = {"expected_version": incident.version, "reason": "two sources", **fields}
    return desk.post(
        url(incident, action), {name: value for name, value in fields.items() if value is not None}
    )


def facts(**fields: Any) -> dict[str, Any]:
    return {
        "main_harm": "killing",
        "harms": ["killing"],
        "perpetrator": "army",
        "occurred_from": "2026-11-18",
        "occurred_to": "2026-11-18",
        "occurred_precision": "day",
        "killed_low": 2,
        "killed_high": 2,
        **fields,
    }


@pytest.fixture
def verified(moderator: User) -> Incident:
    incident = make_incident()
    Report.objects.update(may_publish=True)
    return verify_incident(incident=incident, moderator=moderator, reason="seen", expected_version=1)


def test_only_moderators_see_or_decide(client: Client, advocate: User) -> None:
    incident = make_incident()
    addresses = [url(incident), *(url(incident, action) for action in FORMS)]
    for signed_in, status in ((False, 302), (True, 403)):
        if signed_in:
            client.force_login(advocate)
        assert client.get(addresses[0]).status_code == status
        assert {client.post(address).status_code for address in addresses[1:]} == {status}
    assert not Decision.objects.exists()


def test_who_may_only_read_a_case_is_shown_no_form_to_decide(client: Client, verified: Incident) -> None:
    client.force_login(make_user(Role.MONITOR_COORDINATOR, "pedro"))
    html = client.get(url(verified)).content.decode()
    assert "You read this case." in html
    assert set(re.findall(rf'action="{url(verified)}([a-z_/]+)"', html)) <= {"talk/"}
    assert client.post(url(verified, "decide"), {"expected_version": 2, "outcome": "spam"}).status_code == 403
    assert verified.get_reliability_display() in html


def test_the_words_are_shown_as_sent_beside_what_was_understood(desk: Client) -> None:
    make_place("Tshikapa")
    make_area("Tshikapa pits", 20.9, -6.4)
    take_in("Soldiers shot two men at Tshikapa <b>yesterday</b>\nand left")
    incident = Incident.objects.get()
    response = desk.get(url(incident))
    assert response.headers["Cache-Control"] == "no-store"
    html = response.content.decode()
    quoted = re.search(r"<blockquote[^>]*>(.*?)</blockquote>", html, re.DOTALL)
    assert quoted is not None
    words = re.sub(r"</?mark[^>]*>", "", quoted[1])
    assert words == "Soldiers shot two men at Tshikapa &lt;b&gt;yesterday&lt;/b&gt;\nand left"
    assert re.search(r'<mark class="is-place "[^>]*>Tshikapa</mark>', quoted[1])
    assert re.search(r'<mark class="[^"]*is-harm[^"]*" data-label="[^"]*Injury[^"]*">', quoted[1])
    assert "Tshikapa pits" in html
    assert "true place within 5.0 km" in html
    assert "style=" not in re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("channel", "said"), [("web", "✗ not: may be published"), ("sms", "– not asked: may be published")]
)
def test_silence_is_a_no_only_where_somebody_was_asked(desk: Client, channel: str, said: str) -> None:
    incident = make_incident()
    Report.objects.update(channel=channel, may_publish=False)
    assert said in desk.get(url(incident)).content.decode()


def test_the_map_has_the_point_the_mask_and_the_areas(desk: Client) -> None:
    make_area("Tshikapa pits", 20.9, -6.4)
    take_in("Water is red", point=(20.8, -6.4))
    html = desk.get(url(Incident.objects.get())).content.decode()
    found = re.search(r'<script id="case-map-data" type="application/json">(.*?)</script>', html)
    assert found is not None
    scene = json.loads(found[1])
    assert scene["point"] == [20.8, -6.4]
    assert scene["masked"] not in ([20.8, -6.4], None)
    assert scene["masked_m"] > scene["uncertainty_m"]
    assert [area["name"] for area in scene["areas"]] == ["Tshikapa pits"]


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("take_up", ("triaged", "under_verification")),
        ("verify", ("triaged", "verified")),
        ("partly", ("triaged", "partially_corroborated")),
        ("not_substantiated", ("triaged", "not_substantiated")),
        ("falsely_attributed", ("triaged", "falsely_attributed")),
        ("spam", ("spam", "unverified")),
        ("out_of_scope", ("out_of_scope", "unverified")),
        ("duplicate", ("duplicate", "unverified")),
    ],
)
def test_each_outcome_moves_the_case_and_is_logged(
    desk: Client, outcome: str, state: tuple[str, str]
) -> None:
    incident = make_incident()
    response = send(desk, incident, "decide", outcome=outcome)
    assert response.status_code == 302
    assert response.headers["Location"] == url(incident)
    incident = Incident.objects.get()
    assert (incident.triage, incident.verification) == state
    assert Decision.objects.get().reason == "two sources"
    html = desk.get(url(incident)).content.decode()
    assert "two sources" in html


def test_what_was_sorted_out_is_brought_back(desk: Client) -> None:
    incident = make_incident(triage="spam")
    assert 'value="bring_back"' in desk.get(url(incident)).content.decode()
    send(desk, incident, "decide", outcome="bring_back")
    assert Incident.objects.get().triage == "triaged"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"reason": "  "}, "Give a reason"),
        ({"outcome": None}, "Choose a decision"),
        ({"outcome": "promote"}, "Select a valid choice"),
        ({"expected_version": None}, "required"),
        ({"expected_version": "1e9"}, "whole number"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_lost(
    desk: Client, fields: dict[str, Any], told: str
) -> None:
    incident = make_incident()
    response = send(desk, incident, "decide", **{"outcome": "verify", "reason": "typed with care", **fields})
    assert response.status_code == 422
    html = response.content.decode()
    assert "Nothing was recorded" in html
    assert told in html
    if "reason" not in fields:
        assert "typed with care" in html
    assert not Decision.objects.exists()


def test_a_refused_decision_offers_what_was_offered_before_in_the_order_of_the_page(desk: Client) -> None:
    html = send(desk, make_incident(), "decide", reason="").content.decode()
    offered = re.findall(r'name="outcome" value="([a-z_]+)"', html)
    assert "spam" in offered
    assert "bring_back" not in offered
    assert html.index("Decision: Choose a decision.") < html.index("Reason, for the log: ")


def test_a_stale_page_is_refused_and_shows_what_changed(desk: Client, second_moderator: User) -> None:
    incident = make_incident()
    grade_incident(
        incident=incident,
        moderator=second_moderator,
        reliability=Reliability.B,
        credibility=Credibility.POSSIBLE,
        reason="a monitor whom we know",
        expected_version=1,
    )
    response = send(desk, incident, "decide", outcome="spam", reason="looks like spam")
    assert response.status_code == 409
    html = response.content.decode()
    since = html[html.index("desk-since") : html.index("desk-case")]
    assert "a monitor whom we know" in since
    assert "second-moderator" in since
    assert "B - usually reliable" in since
    assert 'value="looks like spam"' in html
    assert 'name="expected_version" value="2"' in html
    assert Incident.objects.get().triage == "new"


def test_a_stale_page_with_a_mistake_shows_what_changed_too(desk: Client, verified: Incident) -> None:
    response = desk.post(url(verified, "decide"), {"expected_version": 1, "outcome": "spam", "reason": ""})
    assert response.status_code == 422
    assert "What changed while your page was open" in response.content.decode()


def test_a_refusal_of_the_domain_is_shown(desk: Client) -> None:
    response = send(desk, make_incident(harms=()), "decide", outcome="verify")
    assert response.status_code == 422
    assert "Say first which harm it is." in response.content.decode()


def test_a_grade_is_given(desk: Client) -> None:
    incident = make_incident()
    assert send(desk, incident, "grade", reliability="B", credibility="2").status_code == 302
    incident = Incident.objects.get()
    assert (incident.reliability, incident.credibility) == ("B", "2")


def test_a_typed_point_moves_the_case_and_links_it_again(desk: Client) -> None:
    make_area("There", 18.9, -8.5, country="AO")
    incident = make_incident()
    fields = {
        "choice": "typed",
        "longitude": "18.91",
        "latitude": "-8.51",
        "uncertainty_km": "3",
        "place_name": "Cafunfo",
    }
    assert send(desk, incident, "place", **fields).status_code == 302
    incident = Incident.objects.get()
    assert incident.point is not None
    assert incident.point.coords == (18.91, -8.51)
    assert (incident.uncertainty_m, incident.place_name, incident.country) == (3000.0, "Cafunfo", "AO")
    assert [link.area.name for link in incident.area_links.all()] == ["There"]


def test_a_looked_up_name_is_offered_and_then_taken(desk: Client) -> None:
    make_place("Kananga", 22.4167, -5.8962, population=1_000_000, radius_m=8000)
    incident = make_incident()
    looked = send(desk, incident, "place", name="Kananaga", look_up="1", reason="still typing")
    assert looked.status_code == 200
    html = looked.content.decode()
    offered = re.search(r'value="([^"]*Kananga)"', html)
    assert offered is not None
    assert "still typing" in html
    assert "Nothing was recorded" not in html
    assert send(desk, incident, "place", choice=offered[1]).status_code == 302
    incident = Incident.objects.get()
    assert (incident.place_name, incident.uncertainty_m, incident.place_method) == (
        "Kananga",
        8000.0,
        "moderator",
    )


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "Choose a place"),
        ({"choice": "typed", "latitude": "1"}, "Give it in degrees"),
        ({"choice": "typed", "latitude": "91", "longitude": "2"}, "less than or equal to 90"),
        ({"choice": "typed", "latitude": "nan", "longitude": "2"}, "Enter a number"),
        ({"choice": "200.00000,2.00000,3000,,,CD,Nowhere"}, "There is no such point"),
        ({"choice": "nonsense"}, "Select a valid choice"),
    ],
)
def test_a_place_that_cannot_be_is_refused(desk: Client, fields: dict[str, Any], told: str) -> None:
    response = send(desk, make_incident(), "place", **fields)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert not Decision.objects.exists()


def test_facts_are_corrected_and_the_words_stay(desk: Client) -> None:
    incident = make_incident()
    fields = facts(
        main_harm="injury",
        harms=["threats", "injury"],
        perpetrator="private_security",
        occurred_from="2026-11-17",
        occurred_to="",
        killed_low="",
        killed_high="",
        injured_low="3",
        minerals=["diamond"],
    )
    assert send(desk, incident, "facts", **fields).status_code == 302
    incident = Incident.objects.get()
    assert incident.harm_codes == ["injury", "threats"]
    assert incident.perpetrator == "private_security"
    assert incident.people == {"injured": {"low": 3, "high": 3}}
    assert str(incident.occurred_from) == str(incident.occurred_to) == "2026-11-17"
    assert incident.minerals == ["diamond"]
    assert incident.place_name == "Tshikapa"
    assert incident.reports.get().text == "Soldiers shot two men at the pits"


def test_the_form_as_it_was_given_changes_nothing(desk: Client) -> None:
    response = send(desk, make_incident(), "facts", **facts())
    assert response.status_code == 422
    assert "Nothing would change." in response.content.decode()


def test_the_public_text_starts_empty_and_is_never_the_reporters(desk: Client, verified: Incident) -> None:
    html = desk.get(url(verified)).content.decode()
    editor = re.search(r'<textarea name="text"[^>]*>(.*?)</textarea>', html, re.DOTALL)
    assert editor is not None
    assert editor[1].strip() == ""
    copied = send(desk, verified, "publish", text="Soldiers shot two men at the pits")
    assert copied.status_code == 422
    assert not PublishedIncident.objects.exists()


def test_it_is_looked_at_and_published_and_taken_back(desk: Client, verified: Incident) -> None:
    looked = send(desk, verified, "publish", text=PUBLIC, look="1", reason="")
    assert looked.status_code == 200
    html = looked.content.decode()
    preview = html[html.index("What the world would see") :]
    assert PUBLIC in preview
    assert "16 Nov 2026 – 22 Nov 2026" in preview
    assert "Nothing was recorded" not in html
    assert not PublishedIncident.objects.exists()

    assert send(desk, verified, "publish", text=PUBLIC).status_code == 302
    published = PublishedIncident.objects.get()
    assert published.text == PUBLIC
    public = Incident.objects.get()
    assert 'name="reason"' in desk.get(url(public)).content.decode()
    assert send(desk, public, "retract", reason="a witness asked").status_code == 302
    published.refresh_from_db()
    assert published.retracted_on is not None


def test_what_is_left_in_the_public_text_needs_a_reason_each(desk: Client, verified: Incident) -> None:
    text = f"{PUBLIC} Permit 4471 2290 was issued to Mr Bona."
    first = send(desk, verified, "publish", text=text)
    assert first.status_code == 422
    fields = re.findall(r'name="(left_[0-9a-f]{12})"', first.content.decode())
    assert len(fields) == 2
    assert not PublishedIncident.objects.exists()
    assert send(desk, verified, "publish", text=text, **{fields[0]: "it is a permit"}).status_code == 422
    answered = dict(zip(fields, ("it is a permit", "a minister"), strict=True))
    assert send(desk, verified, "publish", text=text, **answered).status_code == 302
    assert PublishedIncident.objects.get().text == text
    logged = Decision.objects.latest("sequence").after["left_in_text"]
    assert logged == {"4471 2290": "it is a permit", "Mr Bona": "a minister"}


def test_the_public_page_itself_is_shown_with_the_draft_and_nothing_is_saved(
    desk: Client, verified: Incident
) -> None:
    seen = desk.post(reverse("desk:preview", args=[verified.pk]), {"text": PUBLIC})
    assert "public/incident.html" in [template.name for template in seen.templates]
    assert PUBLIC in seen.content.decode()
    assert not PublishedIncident.objects.exists()


def test_what_could_point_to_somebody_is_marked_in_the_words_as_sent(desk: Client) -> None:
    incident = make_incident(text="Soldiers shot two. Ask Mr Kamara, 077 123 456 or 088 765 432")
    html = desk.get(reverse("desk:case", args=[incident.pk])).content.decode()
    for words in ("Mr Kamara", "077 123 456", "088 765 432"):
        assert re.search(rf'<mark class="[^"]*is-identifies[^>]*>{words}</mark>', html)


def test_an_unverified_case_has_no_way_to_be_published(desk: Client) -> None:
    incident = make_incident()
    assert "<textarea" not in desk.get(url(incident)).content.decode()
    assert send(desk, incident, "publish", text=PUBLIC).status_code == 422
    assert not PublishedIncident.objects.exists()


def test_unknown_cases_and_actions_are_404(desk: Client) -> None:
    assert desk.get(reverse("desk:case", args=[uuid4()])).status_code == 404
    assert desk.post(url(make_incident(), "promote")).status_code == 404
    assert desk.get(url(make_incident(), "decide")).status_code == 405


@pytest.mark.parametrize("understanding", [{}, {"language": "en"}, {"harms": [{"harm": "murder"}]}, []])
def test_a_case_that_was_read_by_nothing_we_know_still_opens(desk: Client, understanding: Any) -> None:
    incident = make_incident(
        harms=(), longitude=None, latitude=None, people={}, occurred_from=None, occurred_to=None
    )
    Report.objects.update(understanding=understanding)
    html = desk.get(url(incident)).content.decode()
    assert "Soldiers shot two men at the pits" in html
    assert "not known" in html


def test_the_next_case_is_at_hand(desk: Client) -> None:
    incident, waiting = make_incident(), make_incident(text="the next one")
    html = desk.get(url(incident)).content.decode()
    assert f'href="{url(waiting)}" data-next' in html


def test_what_a_report_calls_a_place_is_read_from_then_on(desk: Client) -> None:
    town = make_place("Kananga", 22.4167, -5.8962)
    words = "Soldiers beat two men in Kwashikoro yesterday"
    receipt = take_in(words, sender_country="CD")
    incident = Incident.objects.get(reference=receipt.reference)
    assert incident.point is None
    html = desk.get(url(incident)).content.decode()
    # The name that no gazetteer knows is already written in the field.
    assert re.search(r'name="in_report" value="Kwashikoro"', html)
    key = f"22.41670,-5.89620,5000,{town.pk},,CD,Kananga"
    response = desk.post(
        url(incident, "place"),
        {
            "expected_version": 1,
            "reason": "the chief says so",
            "choice": key,
            "in_report": "Kwashikoro",
        },
        follow=True,
    )
    assert "Later reports that say “Kwashikoro” are read with it." in response.content.decode()
    again = take_in("they shot a man near kwashikoro", sender_country="CD")
    assert Incident.objects.get(reference=again.reference).place_name == "Kananga"
    # One moderator's word holds in the country alone.
    abroad = take_in("They shot a man near Kwashikoro", sender_country="SL")
    assert Incident.objects.get(reference=abroad.reference).point is None


@pytest.mark.parametrize(
    ("in_report", "told"),
    [("Kananga", "These words are not in the report."), ("the soldiers", "These are everyday words")],
)
def test_only_names_of_the_report_are_learnt(desk: Client, in_report: str, told: str) -> None:
    incident = make_incident(text="The soldiers shot two men")
    response = send(
        desk, incident, "place", choice="22.41670,-5.89620,5000,,,CD,Kananga", in_report=in_report
    )
    assert response.status_code == 422
    assert told in response.content.decode()
    assert not TaughtName.objects.exists()

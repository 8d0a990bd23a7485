"""Several messages by one commit are what each of them would have been alone."""

from typing import Any

import pytest
from django.db import connection, transaction

from impact.accounts.models import default_organisation
from impact.incidents.models import Incident, IncidentHarm, Message, Report, Reporter, SearchEntry
from impact.understanding.answers import Asked
from sms_gateway import receiving
from sms_gateway.contacts import contact_behind
from sms_gateway.inbound import InboundSms, Media
from sms_gateway.intake import taking_in_many
from sms_gateway.intake.taking_in_many import take_in_many
from sms_gateway.models import Contact, Dialogue, InboundMessage, OutboundMessage
from sms_gateway.receiving import receive_message
from tests.builders import make_area, make_place
from tests.sms_gateway.racing import at_once
from tests.sms_gateway.telephones import make_sms, rows

pytestmark = pytest.mark.django_db

TEXTS = (
    "Soldiers shot two men at Tongo yesterday",
    "Ils ont tué deux creuseurs",
    "HELP",
    "Soldados queimaram a casa",
    "Children work in the pit at Tongo",
)


@pytest.fixture(autouse=True)
def places() -> None:
    default_organisation()
    make_place("Tongo", 20.81, -6.41)
    make_area("Tongo pits", 20.8, -6.4)


def messages(start: int = 0) -> list[InboundSms]:
    """One from each of as many numbers as there are texts."""
    return [
        make_sms(text, sender=f"+2438100001{start + place:02}", message_id=f"SM{start + place}")
        for place, text in enumerate(TEXTS)
    ]


def told_of(message_id: str) -> dict[str, Any]:
    """All that was made of a message, but for keys, references and moments."""
    message = InboundMessage.objects.get(provider_message_id=message_id)
    found: dict[str, Any] = {"became": message.became, "state": message.state, "error": message.error}
    contact = message.contact
    found["contact"] = (contact.country, contact.language, contact.burst_count, contact.opted_out)
    found["last heard"] = contact.last_heard_at == message.created_at
    sent = OutboundMessage.objects.filter(in_reply_to=message).first()
    found["answer"] = sent and (
        sent.language,
        sent.state,
        sent.is_in_answer,
        sent.segments,
        sent.contact_id == contact.pk,
    )
    dialogue = Dialogue.objects.get(contact=contact)
    found["dialogue"] = (dialogue.asked, dialogue.asked_before, dialogue.choices, dialogue.told_at is None)
    report = Report.objects.filter(source_key=f"twilio:{message_id}").select_related("incident").first()
    if report is None:
        return found
    incident = report.incident
    assert dialogue.reference == report.reference == message.report_reference == incident.reference
    assert sent is not None
    assert report.reference in sent.text
    assert report.reporter_id == contact.reporter_id
    words = set(SearchEntry.objects.get(incident=incident).document.split())
    return found | {
        "report": (report.text, report.language, report.understanding, report.may_follow_up,
                   report.sender_country),
        "incident": (incident.harm_codes, incident.people, incident.perpetrator, incident.point,
                     incident.place_name, incident.occurred_from, incident.urgency, incident.organisation_id),
        "linked": incident.linked_at is not None,
        "links": list(incident.area_links.values_list("area__name", "distance_m", "rank")),
        "found by": words - set(incident.reference.lower().split("-")),
        "asked": list(Message.objects.filter(report=report).values_list("kind", "asked", "language")),
    }  # fmt: skip


def test_they_become_what_each_would_have_become_alone() -> None:
    together, alone = messages(), messages(start=50)
    taken_in = take_in_many(together)
    for sms in alone:
        receiving._keep_and_take_in(sms)
    for ours, theirs, taken in zip(together, alone, taken_in, strict=True):
        if ours.text == "HELP":
            assert taken is None
            continue
        assert taken is not None
        assert taken.reply is not None
        assert (
            taken.reply.text
            == OutboundMessage.objects.get(in_reply_to__provider_message_id=ours.message_id).text
        )
        assert told_of(ours.message_id) == told_of(theirs.message_id)
    assert InboundMessage.objects.count() == 2 * len(TEXTS) - 1
    assert Reporter.objects.count() == Contact.objects.count() == 2 * len(TEXTS) - 1
    assert IncidentHarm.objects.count() >= 8


def test_who_is_known_already_stays_the_same_contact_and_is_asked_again() -> None:
    take_in_many(messages())
    before = dict(Contact.objects.values_list("number_digest", "pk"))
    Dialogue.objects.update(asked="", expires_at=None, told_at=None)
    again = [
        make_sms(f"{sms.text} and burnt a house at Tongo", sender=sms.sender)
        for sms in messages()
        if sms.text != "HELP"
    ]
    assert all(take_in_many(again))
    assert dict(Contact.objects.values_list("number_digest", "pk")) == before
    assert set(Contact.objects.values_list("burst_count", flat=True)) == {2}
    assert Report.objects.count() == 8
    newest = {
        message.contact_id: message.report_reference
        for message in InboundMessage.objects.order_by("created_at")
    }
    assert dict(Dialogue.objects.values_list("pk", "reference")) == newest


def test_what_is_no_plain_report_is_left_alone_and_nothing_of_it_is_kept() -> None:
    first, *_ = take_in_many([make_sms("Soldiers shot two men", sender="+243810000101")])
    assert first is not None
    assert Dialogue.objects.get().asked == Asked.WHERE
    left = take_in_many(
        [
            make_sms("Tongo", sender="+243810000101"),
            make_sms("STOP", sender="+243810000102"),
            make_sms(
                "See this", sender="+243810000103", media=(Media("image/jpeg", "https://example.org/1"),)
            ),
            make_sms("a" * 20_001, sender="+243810000104"),
        ]
    )
    assert left == [None] * 4
    assert rows() == (1, 1, 1)
    assert Contact.objects.count() == 1


def test_one_person_by_two_spellings_of_a_number_is_taken_in_once_at_a_time() -> None:
    taken = take_in_many(
        [make_sms("Soldiers came", sender="+243810000101"), make_sms("They left", sender="+243 81 000 0101")]
    )
    assert [each is None for each in taken] == [False, True]
    assert Contact.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_was_heard_from_meanwhile_is_left_alone_and_the_others_are_taken_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    default_organisation()
    quick, slow = contact_behind("+243810000101"), contact_behind("+243810000102")
    unchanged = taking_in_many._unchanged

    def heard_from(prepared: Any) -> Any:
        Contact.objects.filter(pk=slow.pk).update(opted_out=True)
        return unchanged(prepared)

    monkeypatch.setattr(taking_in_many, "_unchanged", heard_from)
    taken = take_in_many(
        [make_sms("Soldiers came", sender="+243810000101"), make_sms("They left", sender="+243810000102")]
    )
    assert [each is None for each in taken] == [False, True]
    assert InboundMessage.objects.get().contact == quick


@pytest.mark.django_db(transaction=True)
def test_a_message_that_another_process_kept_meanwhile_leaves_all_to_be_taken_in_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    default_organisation()
    twice, other = (
        make_sms("Soldiers came", sender="+243810000101"),
        make_sms("They left", sender="+243810000102"),
    )
    store = taking_in_many._stored

    def kept_elsewhere(prepared: Any) -> Any:
        monkeypatch.undo()
        receiving._keep_and_take_in(twice)
        return store(prepared)

    monkeypatch.setattr(taking_in_many, "_stored", kept_elsewhere)
    assert take_in_many([twice, other]) == [None, None]
    assert rows() == (1, 1, 1)
    assert receive_message(twice) is not None
    assert receive_message(other) is not None
    assert Report.objects.count() == Reporter.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_delivery_that_is_repeated_in_a_crowd_is_one_message() -> None:
    default_organisation()
    sent = [make_sms("Soldiers came", sender=f"+24381000020{n}", message_id=f"SM{n}") for n in range(4)]
    waiting = iter(sent * 3)
    at_once(lambda: receive_message(next(waiting)), times=12)
    assert InboundMessage.objects.count() == Report.objects.count() == Incident.objects.count() == 4


def test_nothing_is_written_before_the_transaction() -> None:
    with (
        pytest.raises(taking_in_many._HasToWrite),
        taking_in_many._reading_only(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE sms_gateway_contact SET opted_out = NULL")
    assert not transaction.get_rollback()

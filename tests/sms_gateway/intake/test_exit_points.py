"""A process dies, as by kill -9, between each two steps of receiving and draining: three times each."""

from typing import Any

import pytest
from django.utils import timezone

from impact.incidents.models import Report
from impact.places.gazetteer_store import current_gazetteer
from sms_gateway.intake.draining import drain_spool
from sms_gateway.intake.exit_points import POINTS
from sms_gateway.intake.spool import put_aside, waiting_files
from sms_gateway.models import InboundMessage, OutboundMessage
from sms_gateway.receiving import finish_received, patience, receive_message
from tests.sms_gateway.dying import die_in
from tests.sms_gateway.telephones import make_sms

pytestmark = pytest.mark.django_db(transaction=True)

RUNS = 3
RECEIVING = ["after-verify", "after-insert", "before-commit", "after-commit", "before-reply"]
SPOOLING = ["mid-spool-write", "before-spool-rename", "after-spool-rename", "after-spool-sync"]
DRAINING = ["mid-drain", "after-drain-commit"]
SENDING = {"before-send", "after-send"}  # tests/sms_gateway/test_sending.py


def finish() -> None:
    drain_spool()
    InboundMessage.objects.update(try_after=timezone.now())
    finish_received()


def test_every_point_of_receiving_is_tried_here() -> None:
    assert {*RECEIVING, *SPOOLING, *DRAINING} | SENDING == POINTS


@pytest.mark.parametrize("is_away", [False, True])
def test_a_process_that_dies_while_receiving_leaves_one_message_after_the_next_delivery(
    is_away: bool,
) -> None:
    sent: list[Any] = []
    current_gazetteer()  # once, and not in each child
    for point in SPOOLING if is_away else RECEIVING:
        for run in range(RUNS):
            sms = make_sms(f"Soldiers shot two men {point} {run}", sender=f"+24381000{len(sent):04}")
            patience.regain()
            if is_away:
                patience.lose()
            die_in(lambda sms=sms: receive_message(sms), point)  # type: ignore[misc]
            receive_message(sms)
            sent.append(sms)
    finish()
    texts = dict(InboundMessage.objects.values_list("provider_message_id", "text"))
    assert texts == {sms.message_id: sms.text for sms in sent}
    assert waiting_files() == []
    assert Report.objects.count() == OutboundMessage.objects.count() == len(sent)


def test_a_process_that_dies_while_draining_loses_and_doubles_nothing() -> None:
    sent = [make_sms(f"Soldiers shot two men {n}", sender=f"+24381000{n:04}") for n in range(4)]
    for sms in sent:
        put_aside(sms)
    for point in DRAINING:
        for _ in range(RUNS):
            die_in(drain_spool, point)
            assert len(waiting_files()) == len(sent)
    assert InboundMessage.objects.count() == len(sent)  # committed, and the files are there still
    finish()
    assert waiting_files() == []
    texts = dict(InboundMessage.objects.values_list("provider_message_id", "text"))
    assert texts == {sms.message_id: sms.text for sms in sent}
    assert Report.objects.count() == len(sent)


@pytest.mark.parametrize("point", ["after-spool-rename", "after-spool-sync"])
def test_what_was_whole_in_the_spool_is_there_without_another_delivery(
    point: str,
) -> None:
    patience.lose()
    sms = make_sms()
    die_in(lambda: receive_message(sms), point)
    finish()
    assert list(InboundMessage.objects.values_list("provider_message_id", flat=True)) == [sms.message_id]

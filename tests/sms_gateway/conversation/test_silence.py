import pytest
from django.core.checks import run_checks
from pytest_django import Settings

from sms_gateway.conversation.silence import is_silent


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], False),
        (["twilio"], True),
        (["cd"], True),
        (["Twilio:CD"], True),
        (["kannel", "CF", "twilio:CF", "kannel:CD"], False),
        ([""], False),
    ],
)
def test_a_line_a_country_or_both_are_silent(settings: Settings, entries: list[str], expected: bool) -> None:
    settings.SMS_SILENT = entries
    assert is_silent("twilio", "CD") is expected


def test_a_contact_without_a_country_is_silenced_by_its_line_alone(settings: Settings) -> None:
    settings.SMS_SILENT = ["CD", ""]
    assert not is_silent("twilio", "")


@pytest.mark.parametrize("entry", ["Congo", "twilo", "twilio:XX", "CD:twilio"])
def test_a_silence_that_names_nothing_is_found_at_start(settings: Settings, entry: str) -> None:
    settings.SMS_SILENT = ["CD", "simulator:SL", entry]
    found = [message for message in run_checks() if "HEADLAMP_SMS_SILENT" in message.msg]
    assert len(found) == 1
    assert entry in found[0].msg


@pytest.mark.parametrize("name", ["SMS_DIALOGUE_MINUTES", "SMS_ADDITION_MINUTES", "SMS_QUESTION_DAYS"])
def test_a_wait_of_no_time_is_found_at_start(settings: Settings, name: str) -> None:
    setattr(settings, name, 0)
    assert [message.msg for message in run_checks() if message.id == "headlamp.E109"] == [
        f"HEADLAMP_{name} must be 1 or more."
    ]


@pytest.mark.parametrize(
    ("sender", "is_told"),
    [("HEADLAMP", True), ("MineAlert", True), ("Info365", False), ("+15005550006", False), ("20880", False)],
)
def test_a_sender_name_that_tells_what_the_line_is_for_is_warned_of(
    settings: Settings, sender: str, is_told: bool
) -> None:
    settings.TWILIO_FROM = sender
    assert any(message.id == "headlamp.W110" for message in run_checks()) is is_told

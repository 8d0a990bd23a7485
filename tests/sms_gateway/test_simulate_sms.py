from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from impact.incidents.models import Report
from sms_gateway.models import InboundMessage

pytestmark = pytest.mark.django_db


def simulate(*arguments: str) -> str:
    out = StringIO()
    call_command("simulate_sms", *arguments, stdout=out)
    return out.getvalue()


def test_it_prints_the_reply() -> None:
    printed = simulate("--from", "+243810000001", "Ils ont tué deux creuseurs hier à la mine")
    assert Report.objects.get().reference in printed
    assert printed.count("\n") == 1


def test_the_same_id_again_prints_the_same_and_makes_nothing() -> None:
    arguments = ("--from", "+243810000001", "--id", "one", "Soldiers came")
    assert simulate(*arguments) == simulate(*arguments)
    assert Report.objects.count() == 1


def test_it_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("Soldiers came\nat night"))
    simulate("--from", "+243810000001", "-")
    assert Report.objects.get().text == "Soldiers came\nat night"


def test_a_bad_number_is_a_line_and_no_row() -> None:
    with pytest.raises(CommandError, match="number"):
        simulate("--from", "081", "Soldiers came")
    assert InboundMessage.objects.count() == 0


def test_it_refuses_when_the_simulator_is_off(settings: Settings) -> None:
    settings.SIMULATOR_ENABLED = False
    with pytest.raises(CommandError, match="HEADLAMP_DEMO"):
        simulate("--from", "+243810000001", "Soldiers came")
    assert InboundMessage.objects.count() == 0

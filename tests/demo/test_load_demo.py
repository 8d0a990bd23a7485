"""The demo goes through the real doors, is fictional throughout, and stays out of real databases."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import ClassVar
from urllib.parse import urljoin

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client, TestCase
from pytest_django import Settings

from impact.accounts.models import User
from impact.demo.cast import PASSWORD
from impact.demo.planning import planned_reports
from impact.incidents.models import Incident, Message, Report
from impact.moderation.log import first_broken_entry
from impact.moderation.models import Decision
from impact.moderation.queue import queue_counts
from impact.places.models import ProducingArea
from impact.publication.models import PublishedIncident
from impact.vocabulary import Channel, Triage, Urgency
from reports_api.models import ApiKey, Webhook, WebhookDelivery
from sms_gateway.desk.reviewing import held_messages
from sms_gateway.models import InboundMessage
from tests.builders import make_place, take_in

pytestmark = pytest.mark.django_db
COUNT = 70
LINK = re.compile(r'<a [^>]*href="([^"#][^"]*)"')


def load(*options: str) -> str:
    out = io.StringIO()
    call_command("load_demo", *options, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def import_places() -> None:
    """The shipped areas, and one place in place of the whole gazetteer, which takes seconds."""
    call_command("import_areas", "--shipped", stdout=io.StringIO())
    make_place("Tshikapa")


def rows_of_all_tables() -> Iterator[str]:
    for model in apps.get_models(include_auto_created=True):
        for row in model._default_manager.values_list():
            yield f"{model.__name__}: {row!r}"


def refusals(client: Client) -> list[str]:
    """From the map on, by every link: pages that do not open, and who offered them. Two of a kind."""
    waiting, seen, visits, refused = [("/", "")], {"/"}, Counter[str](), []
    while waiting:
        address, offered_by = waiting.pop()
        answer = client.get(address)
        if answer.status_code >= 400:
            refused.append(f"{offered_by} offers {address}: {answer.status_code}")
        if answer.streaming or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        for link in LINK.findall(answer.content.decode()):
            target = urljoin(address, unescape(link)).partition("#")[0]
            kind = re.sub(r"[0-9a-f-]{36}|[0-9a-f]{10}|[0-9]+", "*", target.partition("?")[0])
            if target.startswith("/") and target not in seen and visits[kind] < 2:
                visits[kind] += 1
                seen.add(target)
                waiting.append((target, address))
    return refused


class TestLoaded(TestCase):
    """What stands in the database once it is loaded: loaded once for all of these, for it takes seconds."""

    printed: ClassVar[str]

    @classmethod
    def setUpTestData(cls) -> None:
        import_places()
        cls.printed = load("--reports", str(COUNT))

    def test_reporters_answer_the_line_and_moderators_write_to_them(self) -> None:
        kinds = set(Message.objects.values_list("kind", flat=True))
        assert {Message.Kind.ASKED, Message.Kind.ANSWER, Message.Kind.QUESTION, Message.Kind.OUTCOME} <= kinds
        assert not Message.objects.filter(is_fictional=False).exists()
        assert not Message.objects.filter(state=Message.State.QUEUED).exists()
        count = Message.objects.count()
        load("--reports", str(COUNT))
        assert Message.objects.count() == count

    def test_one_reporter_takes_back_what_is_public_and_moderators_see_it_first(self) -> None:
        message = Message.objects.get(kind=Message.Kind.CONSENT)
        case = message.report.incident
        assert (message.report.may_publish, case.publication) == (False, "public")
        assert case.urgency_reasons[0] in {Urgency.DANGER_NOW, Urgency.TAKEN_BACK}
        load("--reports", str(COUNT))
        assert Message.objects.filter(kind=Message.Kind.CONSENT).count() == 1

    def test_two_people_sent_too_much_and_wait_for_a_moderator(self) -> None:
        amina = User.objects.get(username="amina")
        assert [(held.count, held.because) for held in held_messages(amina)] == [(3, "number"), (2, "number")]
        load("--reports", str(COUNT))
        assert sum(held.count for held in held_messages(amina)) == 5
        assert not InboundMessage.objects.filter(is_fictional=False).exists()

    def test_it_sends_everything_as_fiction_through_the_real_intake(self) -> None:
        assert Report.objects.count() == COUNT
        for model in (Report, Incident, PublishedIncident):
            assert model.objects.exists()
            assert not model.objects.filter(is_fictional=False).exists()
        channels = set(Report.objects.values_list("channel", flat=True))
        assert channels == {Channel.SIMULATOR, Channel.WEB}
        assert not Report.objects.filter(reporter=None, channel=Channel.SIMULATOR).exists()
        assert not Incident.objects.filter(linked_at=None).exists()

    def test_its_moderators_decide_in_a_log_that_holds(self) -> None:
        counts = queue_counts(Incident.objects.all())
        assert all(counts[state] for state in ("new", "verified", "published", "sorted_out"))
        assert first_broken_entry() is None
        moments = list(Decision.objects.order_by("sequence").values_list("decided_at", flat=True))
        assert moments == sorted(moments)
        assert set(Decision.objects.values_list("moderator__username", flat=True)) == {
            "amina",
            "joseph",
            "nadia",
            "samuel",
        }
        assert (
            Report.objects.get(source_key="simulator:demo-old-duplicate-2").incident.triage
            == Triage.DUPLICATE
        )

    def test_what_it_publishes_is_never_what_was_sent(self) -> None:
        sent = [report.text for report in Report.objects.all()]
        for published in PublishedIncident.objects.exclude(text=""):
            assert published.text not in sent
            assert "{" not in published.text
            areas = ProducingArea.objects.filter(pk__in=published.area_links.values("area"))
            assert not any(area.name in published.text for area in areas)

    def test_it_adds_nothing_the_second_time(self) -> None:
        before = (Report.objects.count(), Decision.objects.count(), User.objects.count())
        assert "nothing to add" in load("--reports", str(COUNT))
        assert (Report.objects.count(), Decision.objects.count(), User.objects.count()) == before

    def test_its_programs_have_keys_that_nobody_has_and_webhooks_that_call_nobody(self) -> None:
        keys = ApiKey.objects.all()
        assert {key.revoked_at is None for key in keys} == {True, False}
        assert {hook.ended_because for hook in Webhook.objects.all()} == {"paused", "revoked"}
        assert not WebhookDelivery.objects.exists()
        self.client.force_login(User.objects.get(username="grace"))
        page = self.client.get("/moderate/people/keys/").content.decode()
        assert "hl_" not in page + self.printed
        assert "map.example" in page
        load("--reports", str(COUNT))
        assert ApiKey.objects.count() == len(keys)

    def test_its_people_can_sign_in(self) -> None:
        for username in ("amina", "joseph", "claire"):
            assert f"sign in as {username}" in self.printed
            answer = self.client.post("/accounts/sign-in/", {"username": username, "password": PASSWORD})
            assert answer.status_code == 302, username
            self.client.logout()

    def test_nobody_is_offered_a_page_that_refuses_them(self) -> None:
        for username in ("amina", "nadia", "pedro", "claire", "grace", "thomas"):
            self.client.force_login(User.objects.get(username=username))
            assert refusals(self.client) == [], username

    def test_no_telephone_number_is_left_anywhere(self) -> None:
        numbers = {report.sender.lstrip("+") for report in planned_reports(COUNT) if report.sender}
        assert len(numbers) > 20
        leaks = [row for row in rows_of_all_tables() if any(number in row for number in numbers)]
        assert leaks == []


def test_it_completes_what_an_earlier_run_began() -> None:
    import_places()
    load("--reports", "30")
    load("--reports", "40")
    assert Report.objects.count() == 40


@pytest.mark.parametrize("option", [(), ("--yes-fictional",)])
def test_it_refuses_beside_real_reports(option: tuple[str, ...], settings: Settings) -> None:
    settings.DEMO = False
    settings.DEBUG = True
    take_in()
    with pytest.raises(CommandError, match="real reports"):
        load(*option)
    assert Report.objects.count() == 1


def test_it_refuses_where_nobody_asked_for_a_demo(settings: Settings) -> None:
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(CommandError, match="--yes-fictional"):
        load()
    assert not Report.objects.exists()
    assert not User.objects.exists()


def test_outside_of_a_demo_nobody_gets_a_known_password(settings: Settings) -> None:
    import_places()
    settings.DEMO = settings.DEBUG = settings.SIMULATOR_ENABLED = False
    printed = load("--reports", "35", "--yes-fictional")
    assert PASSWORD not in printed
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert set(Report.objects.values_list("channel", flat=True)) == {Channel.WEB}
    assert not Report.objects.filter(is_fictional=False).exists()


def test_it_wants_at_least_one_report() -> None:
    with pytest.raises(CommandError, match="at least one"):
        load("--reports", "0")

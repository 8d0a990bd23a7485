"""The form: what is chosen comes from the map's address, what is wrong is named, what is ordered is kept."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from impact.accounts.models import User
from impact.exports.models import Export
from impact.exports.ordering import order_again
from impact.ledger.models import Entry
from impact.publication.models import PublishedIncident, Retraction, Snapshot
from impact.summaries.brief.options import MOST_CASES
from tests.builders import make_area, make_published, make_user
from tests.web.exports.conftest import made

pytestmark = pytest.mark.django_db
TOLD = {"name": "For the plenary", "reason": "we speak on Tuesday", "for_whom": "the delegations"}


def address(kind: str, query: str = "") -> str:
    return reverse("web:export_new", args=[kind]) + (f"?{query}" if query else "")


def ordered(desk: Client, kind: str, query: str = "", **given: Any) -> Export:
    answer = desk.post(address(kind, query), {**TOLD, **given})
    assert answer.status_code == 302, answer.content.decode()
    export = Export.objects.get()
    assert answer.headers["Location"] == reverse("web:export", args=[export.pk])
    return export


@pytest.fixture
def _published() -> None:
    make_published(longitude=20.8, areas=((make_area(name="Kamonia"), 3200.0),))
    make_published(harms=("extortion",), country="SL", longitude=-11.0, latitude=8.6)


@pytest.mark.usefixtures("_published")
def test_the_filter_of_the_map_is_that_of_the_snapshot_and_of_the_log(desk: Client, advocate: User) -> None:
    page = desk.get(address("data", "theme=violence&country=CD")).content.decode()
    assert 'action="/exports/new/data/?theme=violence&amp;country=CD"' in page
    export = ordered(desk, "data", "theme=violence&country=CD", data="csv")
    assert export.snapshot.filter == {"theme": "violence", "country": "CD"}
    assert (export.snapshot.shown, export.requested_by, export.reason) == (1, advocate, TOLD["reason"])
    entry = Entry.objects.latest("sequence")
    assert (entry.kind, entry.actor_id) == ("export", advocate.pk)
    assert entry.content.details["why"] == TOLD["reason"]
    assert entry.content.details["for_whom"] == TOLD["for_whom"]
    assert entry.content.details["what"] == "data For the plenary"


# What the form asks for, in its own words; the rest is named as it is.
ASKED = {
    "name": "What it is to be called",
    "reason": "Why it is made",
    "for_whom": "For whom",
    "title": "Title",
    "cases": "Cases",
    "size": "Size",
    "style": "Drawn as",
    "format": "Format",
    "language": "Language",
    "data": "Format",
    "columns": "Columns (CSV)",
}


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"name": " "}, "name", "This is needed: it goes into the log."),
        ({"reason": ""}, "reason", "This is needed: it goes into the log."),
        ({"for_whom": ""}, "for_whom", "This is needed: it goes into the log."),
        ({"reason": "x" * 501}, "reason", "At most 500 characters."),
        ({"title": "x" * 121}, "title", "At most 120 characters."),
        ({"size": "a0"}, "size", "“a0” is not one of: a4, a4-portrait, a3, slide, square."),
        ({"style": "heat"}, "style", "“heat” is not one of: points, hexagons, areas."),
        ({"format": "gif"}, "format", "“gif” is not one of: pdf, png, svg."),
        ({"language": "de"}, "language", "“de” is not one of: en, fr, pt, sw."),
        ({"data": "xls"}, "data", "“xls” is not one of: geojson, csv"),
        ({"data": "gpkg", "columns": "hxl"}, "columns", "These columns are for CSV."),
        ({"cases": ["not a key"]}, "cases", "There is no such incident."),
        ({"cases": [str(uuid4()) for _ in range(MOST_CASES + 1)]}, "cases", f"At most {MOST_CASES} cases."),
        ({"sentence_2": "x" * 401}, "sentence_2", "At most 400 characters."),
    ],
)
@pytest.mark.usefixtures("_published")
def test_what_is_wrong_is_named_and_what_was_written_stays(
    desk: Client, given: dict[str, Any], field: str, message: str
) -> None:
    answer = desk.post(address("package"), {**TOLD, **given})
    page = answer.content.decode()
    assert answer.status_code == 400
    named = ASKED.get(field, field)
    assert f'<a href="#x-{field}">{named}</a>: {message}' in page
    assert f'id="x-{field}"' in page
    for name in {"name", "reason", "for_whom"} - {field}:
        assert f'value="{TOLD[name]}"' in page
    assert not Export.objects.exists()
    assert not Snapshot.objects.exists()


@pytest.mark.parametrize("query", ["theme=sorrow", "bbox=1,2", "from=soon"])
def test_a_filter_that_cannot_be_is_refused_with_its_name(desk: Client, query: str) -> None:
    for answer in (desk.get(address("map", query)), desk.post(address("map", query), TOLD)):
        assert answer.status_code == 400
        assert query.partition("=")[0] in answer.content.decode()
    assert not Export.objects.exists()
    page = desk.get(f"{reverse('web:exports')}?{query}")
    assert page.status_code == 400
    assert "This filter cannot be" in page.content.decode()


@pytest.mark.usefixtures("_published")
def test_only_published_cases_that_the_filter_chooses_can_be_told(desk: Client) -> None:
    told, elsewhere = PublishedIncident.objects.order_by("country")
    page = desk.get(address("brief", "country=CD")).content.decode()
    assert re.findall(r'name="cases" value="([^"]+)"', page) == [str(told.pk)]
    for case in (str(elsewhere.pk), str(uuid4())):
        answer = desk.post(address("brief", "country=CD"), {**TOLD, "cases": [case]})
        assert answer.status_code == 400
        assert f"Cases</a>: {case} is not published" in answer.content.decode()
    assert not Snapshot.objects.exists()
    export = ordered(desk, "brief", "country=CD", cases=[str(told.pk)])
    assert export.options["cases"] == [str(told.pk)]


@pytest.mark.usefixtures("_published")
def test_a_case_that_was_taken_back_is_refused_and_left_out_when_made_again(
    desk: Client, advocate: User
) -> None:
    case = PublishedIncident.objects.get(country="CD")
    export = ordered(desk, "brief", cases=[str(case.pk)], pages="one")
    Retraction.objects.create(public_id=case.pk, retracted_at=timezone.now())
    PublishedIncident.objects.filter(pk=case.pk).update(retracted_on=timezone.now().date())
    answer = desk.post(address("brief"), {**TOLD, "cases": [str(case.pk)]})
    assert answer.status_code == 400
    assert "or was taken back" in answer.content.decode()
    again = order_again(user=advocate, export=export)
    assert again.options["cases"] == []


@pytest.mark.usefixtures("_published")
def test_sentences_of_ones_own_are_kept_and_others_are_counted_anew(desk: Client) -> None:
    page = desk.get(address("brief")).content.decode()
    written = re.findall(r'name="was_(\d)" value="([^"]+)"', page)
    assert [number for number, _sentence in written] == ["1", "2", "3", "4", "5"]
    assert written[0][1].startswith("2 incidents beside mines in 2 countries")
    form = {f"was_{number}": sentence for number, sentence in written}
    form |= {f"sentence_{number}": sentence for number, sentence in written}
    form["sentence_3"] = "Police  taxed the\npit."
    assert ordered(desk, "brief", **form).options["sentences"] == [[3, "Police taxed the pit."]]


@pytest.mark.usefixtures("_published")
def test_each_kind_asks_what_it_needs_and_no_more(desk: Client) -> None:
    asked = {
        "map": {"size", "style", "format", "title", "language"},
        "brief": {"pages", "title", "language", "cases"},
        "data": {"data", "columns", "language"},
    }
    for kind, fields in asked.items():
        page = desk.get(address(kind)).content.decode()
        names = set(re.findall(r'<(?:select|input|textarea)[^>]* name="([a-z]+)"', page))
        told = {"name", "reason", "csrfmiddlewaretoken", "next"}
        assert {name for name in names if name not in told} >= fields
    assert desk.get(reverse("web:export_new", args=["tiles"])).status_code == 404


@pytest.mark.usefixtures("_published")
def test_the_language_chosen_is_that_of_the_file(desk: Client) -> None:
    export = made(ordered(desk, "data", data="csv", language="fr"))
    dictionary = next(file["name"] for file in export.files if "dictionary" in file["name"])
    body = desk.get(reverse("web:export_file", args=[export.pk, dictionary]))
    assert "identifiant" in b"".join(body.streaming_content).decode().lower()  # type: ignore[attr-defined]


def test_of_nothing_published_a_file_can_be_made_and_no_sentences_are_offered(desk: Client) -> None:
    page = desk.get(address("brief")).content.decode()
    assert "sentence_1" not in page
    assert made(ordered(desk, "data", data="csv")).state == Export.State.DONE


def test_the_rest_of_the_house_is_refused(client: Client) -> None:
    for role in ("moderator", "auditor", "administrator"):
        client.force_login(make_user(role, f"a-{role}"))  # type: ignore[arg-type]
        for door in (reverse("web:exports"), address("map"), reverse("web:export_preview")):
            assert client.get(door).status_code == (200 if role == "moderator" else 403), (role, door)
    client.logout()
    assert client.get(address("map")).status_code == 302

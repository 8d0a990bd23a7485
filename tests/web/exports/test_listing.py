"""The job desk: what the filter chooses, told and drawn; what was made so far."""

import re
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse

from impact.accounts.models import User
from impact.exports.models import Export
from impact.publication.snapshots.taking import take_snapshot
from tests.builders import make_area, make_export, make_published
from tests.web.exports.conftest import made

pytestmark = pytest.mark.django_db
EXPORTS = reverse("web:exports")


def page(desk: Client, query: str = "") -> str:
    answer = desk.get(f"{EXPORTS}?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_sentence_and_the_picture_are_of_the_filter(desk: Client) -> None:
    make_published()
    make_published(country="SL", longitude=-11.0, latitude=8.6)
    found = page(desk, "country=SL")
    assert "1 verified incident" in found
    assert "Sierra Leone" in found
    picture = f"{reverse('web:export_preview')}?country=SL"
    assert f'src="{picture}"' in found
    assert 'alt="Map with 1 published incident"' in found
    for kind in ("map", "brief", "data", "package"):
        assert f'href="{reverse("web:export_new", args=[kind])}?country=SL"' in found
    assert f'href="{reverse("web:map")}?country=SL"' in found
    drawn = desk.get(picture)
    assert drawn.headers["Content-Type"] == "image/svg+xml"
    assert ElementTree.fromstring(drawn.content).tag.endswith("svg")
    assert desk.get(picture).content == drawn.content
    assert desk.get(f"{reverse('web:export_preview')}?theme=sorrow").status_code == 400


def test_two_harms_and_a_mineral_are_chosen_and_stay_so(desk: Client) -> None:
    area = make_area(minerals=["diamond"])
    for harm in ("killing", "forced_labour", "chemicals"):
        make_published(harms=(harm,), areas=((area, 1000.0),))
    found = page(desk, "harm=killing&harm=forced_labour&mineral=diamond")
    assert "2 verified incidents" in found
    assert re.findall(r'name="harm" value="(\w+)" checked', found) == ["killing", "forced_labour"]
    assert '<option value="diamond" selected>' in found
    assert f'href="{reverse("web:export_new", args=["map"])}?harm=forced_labour%2Ckilling' in found


@pytest.mark.parametrize("box", ["20.8,-6.4,20.8,-6.4", "-180,-90,180,90", "170,-20,-170,20"])
def test_a_box_that_no_sheet_can_show_is_drawn_by_what_is_in_it(desk: Client, box: str) -> None:
    make_published(longitude=20.8, latitude=-6.4)
    make_published(longitude=179.0, latitude=-8.0)
    drawn = desk.get(f"{reverse('web:export_preview')}?bbox={box}")
    assert drawn.status_code == 200
    assert ElementTree.fromstring(drawn.content).tag.endswith("svg")


def test_of_nothing_there_is_no_picture(desk: Client) -> None:
    assert reverse("web:export_preview") not in page(desk)


def test_what_was_made_is_listed_the_latest_first(desk: Client, advocate: User) -> None:
    make_published()
    snapshot = take_snapshot()
    first, second = made(make_export(advocate, snapshot, data="csv")), make_export(advocate, snapshot)
    Export.objects.filter(pk=first.pk).update(name="The first")
    found = page(desk)
    assert found.index(str(second.pk)) < found.index(str(first.pk))
    assert "the coalition speaks on Tuesday · the delegations" in found
    assert "<noscript>" in found  # one is under way: without JavaScript there is a link to look again


def test_nothing_half_made_is_offered(desk: Client, advocate: User) -> None:
    make_published()
    export = make_export(advocate, take_snapshot(), data="csv")
    Export.objects.update(state=Export.State.RUNNING, steps_done=1)
    answer = desk.get(reverse("web:export", args=[export.pk])).content.decode()
    assert 'class="files"' not in answer
    assert '<progress max="2" value="1"' in answer
    assert "1/2" in answer

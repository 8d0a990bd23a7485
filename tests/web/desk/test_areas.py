"""The desk's pages of producing areas: found, seen, changed, each change in the history."""

from typing import Any

import pytest
from django.test import Client

from impact.accounts.models import User
from impact.places.models import AreaChange, AreaPair, ProducingArea
from impact.places.pairing import suggest_pairs
from tests.builders import NOW, make_area, make_incident

pytestmark = pytest.mark.django_db


def post(desk: Client, area: ProducingArea, action: str, status: int = 302, **fields: Any) -> str:
    answer = desk.post(
        f"/moderate/areas/{area.pk}/{action}/",
        {"reason": "A monitor was there.", "expected_version": area.version, **fields},
    )
    assert answer.status_code == status, answer.content.decode()[-3000:]
    area.refresh_from_db()
    return answer.content.decode()


def fields_of(area: ProducingArea) -> dict[str, Any]:
    return {
        "name": area.name, "country": area.country, "kind": area.kind, "minerals": area.minerals,
        "longitude": area.geometry.x, "latitude": area.geometry.y,
    }  # fmt: skip


def test_it_finds_areas_by_words_and_state(desk: Client) -> None:
    make_area("Kamako", operator="Firm One", source_name="A")
    retired = make_area("Mbuyi", source_name="B", retired_on="2026-01-01")
    make_area("Cited").other_names.create(name="Lubao", language="lua")
    assert "Kamako" in desk.get("/moderate/areas/?q=firm").content.decode()
    assert "Mbuyi" not in desk.get("/moderate/areas/").content.decode()
    for query in ("state=retired", "state=all&source=B", "state=all&q=mbuyi"):
        page = desk.get(f"/moderate/areas/?{query}").content.decode()
        assert f"/moderate/areas/{retired.pk}/" in page
        assert "Kamako" not in page
    assert "Cited" in desk.get("/moderate/areas/?q=lubao").content.decode()
    assert (
        "No area passes this filter." in desk.get("/moderate/areas/?q=%00zzz&state=nothing").content.decode()
    )


def test_an_area_is_corrected_and_its_history_says_so(desk: Client, moderator: User) -> None:
    area = make_area()
    post(
        desk,
        area,
        "correct",
        **fields_of(area) | {"name": "Kamako", "operator": "Nobody", "active_from": "2015-03-01"},
    )
    assert (area.name, area.operator, area.corrected) == (
        "Kamako",
        "Nobody",
        ["active_from", "name", "operator"],
    )
    page = desk.get(f"/moderate/areas/{area.pk}/").content.decode()
    for words in ("Tshikapa pits", "Kamako", "A monitor was there.", str(moderator), "2015-03-01"):
        assert words in page


def test_a_polygon_keeps_its_shape_when_corrected(desk: Client) -> None:
    area = make_area(wkt="POLYGON((20.7 -6.5,20.9 -6.5,20.9 -6.3,20.7 -6.5))")
    post(desk, area, "correct", name="Other", country="CD", kind="mixed", longitude=1, latitude=1)
    assert (area.kind, area.geometry.geom_type) == ("mixed", "Polygon")


def test_what_is_refused_is_shown_and_nothing_is_lost(desk: Client) -> None:
    area = make_area()
    page = post(desk, area, "correct", 422, **fields_of(area) | {"name": "", "operator": "Kept words"})
    assert "Kept words" in page
    assert "Kept words" in post(
        desk, area, "correct", 409, **fields_of(area) | {"operator": "Kept words", "expected_version": 9}
    )
    assert "There is no area of this number." in post(desk, area, "join", 422, other=999_999, leads="this")
    assert not area.changes.exists()


def test_areas_are_joined_told_apart_and_split(desk: Client) -> None:
    one, other = make_area("Kamako", source_name="A"), make_area("Mine de Kamako", 20.81, source_name="B")
    suggest_pairs([one.pk])
    assert "Mine de Kamako" in desk.get("/moderate/areas/pairs/").content.decode()
    assert "Perhaps the same place" in desk.get(f"/moderate/areas/{one.pk}/").content.decode()
    post(desk, one, "join", other=other.pk, leads="this")
    other.refresh_from_db()
    assert other.joined_to == one
    assert "Mine de Kamako" in desk.get(f"/moderate/areas/{one.pk}/").content.decode()
    assert "No two sources" in desk.get("/moderate/areas/pairs/").content.decode()
    post(desk, other, "split")
    assert other.joined_to_id is None
    assert AreaPair.objects.get().verdict == "apart"
    third = make_area("Third")
    post(desk, third, "apart", other=one.pk)
    assert AreaPair.objects.filter(verdict="apart").count() == 2


def test_names_are_given_and_taken_and_areas_retired_and_restored(desk: Client) -> None:
    area = make_area()
    post(desk, area, "name", name="Lubao", language="lua")
    assert "tshiluba" in desk.get(f"/moderate/areas/{area.pk}/").content.decode()
    post(desk, area, "unname", alias=area.other_names.get().pk)
    assert area.aliases == []
    post(desk, area, "retire", on="2026-01-31")
    assert "Retired on 31 Jan 2026." in desk.get(f"/moderate/areas/{area.pk}/").content.decode()
    post(desk, area, "restore")
    assert area.retired_on is None


def test_it_knows_no_other_action_and_only_moderators(desk: Client, advocate: User) -> None:
    area = make_area()
    make_incident()
    assert desk.post(f"/moderate/areas/{area.pk}/delete/").status_code == 404
    other = Client()
    assert other.post(f"/moderate/areas/{area.pk}/retire/").status_code == 302
    other.force_login(advocate)
    assert other.post(f"/moderate/areas/{area.pk}/retire/").status_code == 403


@pytest.mark.parametrize("is_by_import", [True, False])
def test_what_an_import_says_of_a_change_is_in_the_language_of_the_page(
    desk: Client, moderator: User, is_by_import: bool
) -> None:
    area = make_area()
    AreaChange.objects.create(
        area=area,
        action="gone",
        changed_at=NOW,
        changed_by=None if is_by_import else moderator,
        after={"absent_since": "2026-01-01"},
        reason="no longer in the survey",
    )
    page = desk.get(f"/moderate/areas/{area.pk}/", headers={"Accept-Language": "fr"}).content.decode()
    assert ("n’est plus dans the survey" in page, "no longer in the survey" in page) == (
        *(is_by_import, not is_by_import),
    )

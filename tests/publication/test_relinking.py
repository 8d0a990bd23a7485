"""Published incidents follow the areas around their cells; each with what it had before."""

from datetime import date
from typing import Any

import h3
import pytest
from django.contrib.gis.geos import Point

from impact.accounts.models import User
from impact.places.curating import join_areas, retire_area
from impact.places.models import ProducingArea
from impact.publication import relinking
from impact.publication.models import PublishedIncident
from impact.publication.relinking import relink_published, told_areas
from impact.publication.state import public_tag
from tests.builders import make_area, make_incident, make_published

pytestmark = pytest.mark.django_db


def links(incident: PublishedIncident) -> list[tuple[str, float, int]]:
    return [(link.area.name, link.distance_m, link.rank) for link in incident.area_links.all()]


def changed(area: ProducingArea, **fields: Any) -> None:
    ProducingArea.objects.filter(pk=area.pk).update(version=area.version + 1, **fields)


def test_a_new_area_is_linked_from_the_cell_and_only_in_its_reach() -> None:
    near, far = make_published(longitude=20.9), make_published(longitude=22.0)
    make_area()
    tag = public_tag()
    assert relink_published() == 1
    assert links(near) == [("Tshikapa pits", 11_000.0, 0)]
    assert links(far) == []
    assert public_tag() != tag
    assert relink_published() == 0


def test_it_measures_from_the_cell_and_not_from_where_it_happened() -> None:
    happened = make_incident(longitude=20.8)
    published = make_published(longitude=21.0)
    PublishedIncident.objects.filter(pk=published.pk).update(incident_key=happened.pk)
    make_area()
    relink_published()
    assert links(published) == [("Tshikapa pits", 22_000.0, 0)]


def test_an_area_that_moved_is_let_go_here_and_linked_there() -> None:
    here, there = make_published(longitude=20.8), make_published(longitude=23.0)
    area = make_area()
    relink_published()
    salt = there.salt
    changed(area, geometry=Point(23.1, -6.4, srid=4326))
    relink_published()
    assert links(here) == []
    assert links(there) == [("Tshikapa pits", 11_000.0, 0)]
    there.refresh_from_db()
    assert there.salt != salt


def test_a_retired_area_keeps_its_links_and_gets_no_new_ones(moderator: User) -> None:
    before = make_published()
    area = make_area()
    relink_published()
    retire_area(area=area, by=moderator.pk, reason="worked out", expected_version=area.version)
    after = make_published()
    make_area("Other", longitude=20.9)
    relink_published()
    assert links(before) == [("Tshikapa pits", 0.0, 0), ("Other", 11_000.0, 1)]
    assert links(after) == [("Other", 11_000.0, 0)]


def test_an_area_that_was_joined_hands_its_links_to_the_one_that_leads(moderator: User) -> None:
    published = make_published()
    area, leading = make_area(), make_area("Leading", longitude=20.9)
    relink_published()
    join_areas(area=area, to=leading, by=moderator.pk, reason="one place", expected_version=area.version)
    relink_published()
    assert links(published) == [("Leading", 11_000.0, 0)]


def test_a_name_that_changed_changes_the_tag_and_no_link() -> None:
    published = make_published()
    area = make_area()
    relink_published()
    tag, before = public_tag(), published.area_links.get().pk
    changed(area, name="Tshikapa north")
    relink_published()
    assert public_tag() != tag
    assert published.area_links.get().pk == before


def test_what_was_taken_back_stays_a_stone() -> None:
    published = make_published()
    PublishedIncident.objects.filter(pk=published.pk).update(
        retracted_on=date(2026, 11, 24), longitude=None, latitude=None
    )
    make_area()
    relink_published()
    assert links(published) == []


def test_what_is_retracted_meanwhile_gets_no_links(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    published = make_published()
    make_area()
    rewrite = relinking._rewrite

    def late(seen: PublishedIncident, near: list[relinking.FoundLink]) -> bool:
        PublishedIncident.objects.filter(pk=seen.pk).update(retracted_on=date(2026, 11, 24))
        return rewrite(seen, near)

    monkeypatch.setattr(relinking, "_rewrite", late)
    relink_published()
    assert links(published) == []


def test_many_say_what_one_says(monkeypatch: pytest.MonkeyPatch) -> None:
    incidents = [make_published(longitude=20.5 + step * 0.03) for step in range(20)]
    for step in range(8):
        make_area(f"Pit {step}", longitude=20.6 + step * 0.05)
    relink_published()
    one_by_one = [links(incident) for incident in incidents]
    assert max(len(near) for near in one_by_one) == 5
    for incident in incidents:
        incident.area_links.all().delete()
    ProducingArea.objects.update(published_version=0)
    monkeypatch.setattr(relinking, "_WORTH_AN_INDEX", 1)
    monkeypatch.setattr(relinking, "_FEW", 1)
    relink_published()
    assert [links(incident) for incident in incidents] == one_by_one


def test_a_cell_of_which_most_is_elsewhere_is_linked_to_no_area_in_its_middle() -> None:
    by_resolution = {}
    for resolution in (3, 4, 5, 6):
        cell = h3.latlng_to_cell(-6.4, 20.8, resolution)
        latitude, longitude = h3.cell_to_latlng(cell)
        make_area(f"{resolution}", longitude + 0.09, latitude)  # ten kilometres from the middle
        by_resolution[resolution] = make_published(longitude=longitude, latitude=latitude, cell=cell)
    relink_published()
    told = {
        resolution: {name for name, _distance, _rank in links(incident)} & {f"{resolution}"}
        for resolution, incident in by_resolution.items()
    }
    assert told == {3: set(), 4: {"4"}, 5: {"5"}, 6: {"6"}}
    assert [area.area.name for area in told_areas(*placed(by_resolution[3]))] == []
    assert "5" in {near.area.name for near in told_areas(*placed(by_resolution[5]))}


def placed(incident: PublishedIncident) -> tuple[float, float, str]:
    assert incident.longitude is not None
    assert incident.latitude is not None
    return incident.longitude, incident.latitude, incident.cell

from pathlib import Path

import pytest

from impact.accounts.models import User
from impact.places.gazetteer_store import current_gazetteer, forget_gazetteer
from impact.places.importing.places import import_places
from impact.places.learnt_names import Meaning, learnt_names, teach_name
from impact.places.models import Place, TaughtName
from tests.builders import make_area, make_place

pytestmark = pytest.mark.django_db
IN_CONGO = Meaning("Bakwa Mulumba", 23.6, -6.1, 3_000.0)


def held() -> list[tuple[str, str, str]]:
    return [(name.key, name.place.name, name.country) for name in learnt_names()]


def test_one_moderator_teaches_a_country_and_two_all_the_world(
    moderator: User, second_moderator: User
) -> None:
    assert teach_name("Bakwa-Mulumbà", IN_CONGO, moderator.pk)
    assert held() == [("bakwamulumba", "Bakwa Mulumba", "CD")]
    # The same moderator once more is still one.
    assert not teach_name("bakwa mulumba", IN_CONGO, moderator.pk)
    assert held() == [("bakwamulumba", "Bakwa Mulumba", "CD")]
    nearby = Meaning("Bakwa Mulumba", 23.61, -6.11, 3_000.0)
    assert teach_name("Bakwa Mulumba", nearby, second_moderator.pk)
    assert held() == [("bakwamulumba", "Bakwa Mulumba", "")]


def test_moderators_who_disagree_teach_two_meanings(moderator: User, second_moderator: User) -> None:
    teach_name("Kimpese", IN_CONGO, moderator.pk)
    teach_name("Kimpese", Meaning("Kimpese Deux", 22.0, -6.0, 3_000.0), second_moderator.pk)
    assert held() == [("kimpese", "Bakwa Mulumba", "CD"), ("kimpese", "Kimpese Deux", "CD")]


def test_a_new_meaning_replaces_that_of_the_same_moderator(moderator: User) -> None:
    teach_name("Kimpese", IN_CONGO, moderator.pk)
    teach_name("Kimpese", Meaning("Kimpese Deux", 22.0, -6.0, 3_000.0), moderator.pk)
    assert held() == [("kimpese", "Kimpese Deux", "CD")]


def test_what_is_in_no_country_teaches_nothing(moderator: User) -> None:
    assert not teach_name("Atlantis", Meaning("Atlantis", -30.0, 0.0, 3_000.0), moderator.pk)
    assert not teach_name("--", IN_CONGO, moderator.pk)
    assert not TaughtName.objects.exists()


def test_rows_that_are_gone_leave_the_point(moderator: User) -> None:
    gone = Meaning("Tshikapa", 20.8, -6.4, 0.0, place_id=987_654, area_id=987_654)
    assert teach_name("Tchikapaville", gone, moderator.pk)
    row = TaughtName.objects.get()
    assert (row.place_id, row.area_id, row.radius_m) == (None, None, 2_000.0)


def test_the_gazetteer_reads_with_it(moderator: User) -> None:
    area = make_area("Pits of Kamako", 20.9, -7.0)
    make_place("Tshikapa")
    assert current_gazetteer().exact_matches("kamakoville") == []
    meaning = Meaning(area.name, 20.9, -7.0, 5_000.0, area_id=area.pk)
    teach_name("Kamako ville", meaning, moderator.pk)
    forget_gazetteer()
    (match,) = current_gazetteer().exact_matches("kamakoville")
    assert (match.place.kind, match.place.id, match.only_in, match.is_learnt) == ("area", area.pk, "CD", True)


def test_a_place_changed_by_an_import_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text("name,aliases,country,lat,lon,population\nTshikapa,,CD,-6.4,20.8,10\n")
    import_places(path)
    assert current_gazetteer().exact_matches("kasaiville") == []
    path.write_text("name,aliases,country,lat,lon,population\nTshikapa,Kasaiville,CD,-6.4,20.8,10\n")
    import_places(path)
    assert Place.objects.count() == 1
    assert current_gazetteer().exact_matches("kasaiville") != []

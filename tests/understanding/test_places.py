import pytest

from impact.places.gazetteer import Gazetteer, NamedPlace
from impact.places.site_codes import site_code
from impact.understanding.facts import Hints, PlaceFound
from impact.understanding.places import find_places, named_countries
from tests.understanding.cast import FRIDAY, GAZETTEER, marked, words


def places(
    text: str, country: str = "", *, is_foreign: bool = False, is_of_mines: bool = True
) -> tuple[PlaceFound, ...]:
    return find_places(
        marked(text), Hints(FRIDAY, country), GAZETTEER, is_foreign=is_foreign, is_of_mines=is_of_mines
    )


def test_it_puts_the_senders_country_first_and_keeps_the_others_out() -> None:
    assert [(place.name, place.country) for place in places("in Boda", "CF")] == [("Boda", "CF")]
    assert places("in Boda", "CD")[0].country == "CD"


def test_it_is_less_sure_of_a_name_that_may_be_elsewhere() -> None:
    anywhere, home = places("in Boda"), places("in Boda", "CF")
    assert anywhere[0].confidence < home[0].confidence


def test_it_follows_a_country_that_the_text_names() -> None:
    assert places("in Boda, Central African Republic", "SL")[0].country == "CF"


def test_it_keeps_the_senders_country_when_goods_go_to_another() -> None:
    assert places("diamonds go from Koidu to Guinea", "SL")[0].name == "Koidu"


def test_it_prefers_a_producing_area_for_a_mine() -> None:
    mine, town = places("the mine of Koidu", "SL")[0], places("in Koidu", "SL")[0]
    assert (mine.method, mine.area_id, mine.place_id) == ("producing_area", 22, None)
    assert (town.method, town.area_id, town.place_id) == ("gazetteer", None, 3)


def test_it_keeps_candidates_best_first() -> None:
    found = places("in Koidu near Kenema", "SL")
    assert found[0].name == "Koidu"
    assert {place.name for place in found} == {"Koidu", "Koidu kimberlite", "Kenema"}
    assert sorted((place.confidence for place in found), reverse=True) == [p.confidence for p in found]


def test_it_does_not_send_the_incident_where_people_fled() -> None:
    assert places("attack in Koidu, we fled to Kenema", "SL")[0].name == "Koidu"


def test_it_prefers_a_place_to_the_region_around_it() -> None:
    region = NamedPlace("place", 90, "Katanga", (), "CD", 26.4, -9.2, 450_000.0, 0)
    town = NamedPlace("place", 91, "Kambove", (), "CD", 26.6, -10.87, 5_000.0, 0)
    hints = Hints(FRIDAY, "CD")
    for text, expected in (("au Katanga, Kambove", "Kambove"), ("au Katanga", "Katanga")):
        found = find_places(
            marked(text), hints, Gazetteer([region, town]), is_foreign=False, is_of_mines=True
        )
        assert found[0].name == expected


def test_it_happened_at_the_site_at_which_something_is_sold() -> None:
    assert places("nos filles qui vendent la nourriture au site de Tshikapa", "CD")[0].name == "Tshikapa"


def test_what_happened_on_a_road_is_near_where_it_leads() -> None:
    one = places("wamebaka mama wawili kwenye barabara ya kwenda Tshikapa", "CD")[0]
    at_it = places("wamebaka mama wawili huko Tshikapa", "CD")[0]
    assert (one.name, at_it.name) == ("Tshikapa", "Tshikapa")
    assert one.radius_m > at_it.radius_m
    left = places("les soldats ont pris la route de Kamako après le meurtre à Tshikapa", "CD")
    assert left[0].name == "Tshikapa"


def test_it_prefers_the_meaning_near_another_name() -> None:
    assert places("at Boda and Kamako")[0].country == "CD"


def test_it_puts_coordinates_before_names() -> None:
    found = places("in Tshikapa at -6.4161, 20.8001", "CD")
    assert [place.method for place in found[:2]] == ["coordinates", "gazetteer"]


@pytest.mark.parametrize(
    "text", ["in Guinea", "in Sierra Leone", "the country Mali", "in Paris", "nothing here"]
)
def test_it_invents_no_place(text: str) -> None:
    assert places(text, "SL") == ()


def test_it_wants_a_reason_to_believe_a_name_from_nowhere() -> None:
    assert places("I am in Delmas", is_of_mines=False) == ()
    assert places("I am in Delmas 33") == ()
    assert places("soldiers beat us in Delmas")[0].name == "Delmas"


def test_it_wants_much_more_in_a_foreign_language() -> None:
    assert places("nou nan Koidu", "HT", is_foreign=True) == ()


def test_it_gives_the_letters_that_it_rests_on() -> None:
    text = "beaten at Mbuji Mayi"
    assert words(text, places(text, "CD")[0].spans) == ["Mbuji Mayi"]


def test_it_tells_names_of_countries_from_words() -> None:
    assert named_countries(marked("mali yetu Mali")) == {"ML"}
    assert named_countries(marked("togo is not said, chad neither")) == set()
    assert named_countries(marked("en republique centrafricaine")) == {"CF"}


def test_it_knows_the_printed_code_of_an_area() -> None:
    code = site_code("SL", 22)
    found = places(f"VIOL {code.lower()} 3 wounded, near Boda", "CF")
    assert (found[0].name, found[0].area_id, found[0].method) == ("Koidu kimberlite", 22, "producing_area")
    assert found[0].confidence > 0.9


@pytest.mark.parametrize("code", ["SL22-00", site_code("CD", 22), site_code("SL", 99_999)])
def test_a_code_with_a_wrong_figure_names_no_area(code: str) -> None:
    assert all(place.area_id != 22 for place in places(f"beaten at {code}", "SL"))


def test_it_remembers_where_the_reporter_usually_is() -> None:
    found = find_places(
        marked("soldiers beat us in Boda"),
        Hints(FRIDAY, usual_points=((17.4, 4.3),)),
        GAZETTEER,
        is_foreign=False,
        is_of_mines=True,
    )
    plain = places("soldiers beat us in Boda")
    near = {place.country: place.confidence for place in found}
    assert near["CF"] > {place.country: place.confidence for place in plain}["CF"]
    assert found[0].country == "CF"


def test_where_people_are_brought_or_a_river_has_a_towns_name_is_no_place() -> None:
    assert places("a man was shot near Koidu. He is now in Kenema hospital", "SL")[0].name == "Koidu"
    assert places("he is in Kenema hospital", "SL")[0].name == "Kenema"
    assert places("acid reached the Mwadui near Tshikapa")[0].name == "Tshikapa"
    assert places("30 families were evicted from Koidu", "SL")[0].name == "Koidu"

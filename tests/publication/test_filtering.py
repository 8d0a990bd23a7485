from datetime import date

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from impact.places.models import ProducingArea
from impact.publication.filtering import PARAMETERS, FilterError, IncidentFilter, filter_parameters
from impact.publication.published import published_incidents
from tests.builders import make_area, make_published

pytestmark = pytest.mark.django_db


def shown(**parameters: str) -> set[str]:
    return {str(incident.pk) for incident in published_incidents(IncidentFilter.parse(parameters))}


def test_each_filter_narrows_to_what_it_names() -> None:
    pits = make_area(kind="artisanal")
    mine = make_area(name="Catoca", longitude=20.3, latitude=-9.4, country="AO", kind="industrial")
    killing = make_published(areas=((pits, 3000.0),))
    river = make_published(
        harms=("river_damage", "chemicals"),
        country="AO",
        perpetrator="company",
        verification="partially_corroborated",
        longitude=20.3,
        latitude=-9.4,
        occurred_from=date(2025, 1, 6),
        occurred_to=date(2025, 1, 12),
        areas=((mine, 1000.0), (pits, 9000.0)),
    )
    nowhere = make_published(
        harms=("extortion",),
        longitude=None,
        latitude=None,
        country="SL",
        occurred_from=None,
        occurred_to=None,
    )
    first, second = {str(killing.pk)}, {str(river.pk)}

    assert shown() == first | second | {str(nowhere.pk)}
    assert shown(theme="environment") == second
    assert shown(theme="violence,environment") == first | second
    assert shown(harm="chemicals") == second
    assert shown(country="ao") == second
    assert shown(perpetrator="army", theme="violence") == first
    assert shown(verification="partially_corroborated") == second
    assert shown(area=str(pits.pk)) == first | second
    assert shown(kind="industrial") == second
    ProducingArea.objects.filter(pk=mine.pk).update(minerals=["gold", "coloured_gemstones"])
    ProducingArea.objects.filter(pk=pits.pk).update(minerals=["diamond"])
    assert shown(mineral="diamond") == first
    assert shown(mineral="gold") == shown(mineral="tin,coloured_gemstones") == second
    assert shown(**{"from": "2026-01"}) == first
    assert shown(to="2025-01") == second
    assert shown(**{"from": "2025-01-12", "to": "2025-01-12"}) == second
    assert shown(bbox="20.5,-7,21,-6") == first
    assert shown(near="20.8,-6.41,5") == first


def test_a_retracted_incident_passes_no_filter() -> None:
    make_published(retracted_on=date(2026, 11, 23))
    assert shown() == set()


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("theme", "gossip"),
        ("country", "XX"),
        ("area", "one"),
        ("from", "yesterday"),
        ("to", "2026-13"),
        ("near", "20.8,-6.4"),
        ("near", "20.8,-6.4,nan"),
        ("bbox", "20,5,21,-6"),
        ("bbox", "20,-6,210,5"),
        ("colour", "red"),
    ],
)
def test_it_names_the_parameter_that_is_wrong(parameter: str, value: str) -> None:
    with pytest.raises(FilterError) as caught:
        IncidentFilter.parse({parameter: value})
    assert caught.value.parameter == parameter


def test_it_takes_any_country_of_the_world() -> None:
    assert IncidentFilter.parse({"country": "au, ca,AU"}).country == ("AU", "CA")


def test_the_end_before_the_beginning_is_an_error() -> None:
    with pytest.raises(FilterError, match="to:"):
        IncidentFilter.parse({"from": "2026-06", "to": "2026-05"})


def test_the_same_filter_gives_the_same_parameters_and_reads_back() -> None:
    chosen = IncidentFilter.parse({"to": "2026-06", "theme": "violence,labour", "near": "20.8,-6.4,10"})
    again = IncidentFilter.parse({"near": "20.8,-6.4,10", "theme": "labour,violence", "to": "2026-06-30"})
    assert chosen.as_params() == again.as_params()
    assert IncidentFilter.parse(chosen.as_params()).as_params() == chosen.as_params()


def test_a_name_that_is_given_twice_means_both_values() -> None:
    both = IncidentFilter.parse({"theme": "violence,labour", "country": "CD"})
    assert IncidentFilter.parse_pairs(["theme=violence", "country=CD", "theme=labour"]) == both
    asked = filter_parameters(QueryDict("theme=violence&theme=&theme=labour&country=CD&page=2&from="))
    assert IncidentFilter.parse(asked) == both


def test_degrees_are_read_back_to_the_last_digit() -> None:
    for words in ({"bbox": "-120.1234567,-6.4,179.98765432,5"}, {"near": "120.1234567,-6.12345678,0.25"}):
        chosen = IncidentFilter.parse(words)
        assert IncidentFilter.parse(chosen.as_params()) == chosen
        assert chosen.as_params() == words


def test_a_box_across_the_antimeridian_holds_both_sides() -> None:
    east = make_published(longitude=179.5, latitude=0)
    west = make_published(longitude=-179.5, latitude=0)
    make_published(longitude=0, latitude=0.5)
    assert shown(bbox="179,-1,-179,1") == {str(east.pk), str(west.pk)}


@given(st.dictionaries(st.sampled_from(PARAMETERS), st.text(max_size=30)))
def test_it_reads_or_refuses_anything(parameters: dict[str, str]) -> None:
    try:
        named = set(IncidentFilter.parse(parameters).as_params())
    except FilterError as error:
        named = {error.parameter}
    assert named <= set(parameters)

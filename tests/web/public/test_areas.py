import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from impact.places.models import ProducingArea, ProductionFigure
from impact.places.production.periods import read_period
from impact.publication.models import CoverageMonth
from tests.builders import NOW, make_area, make_place, make_published

pytestmark = pytest.mark.django_db


def page(client: Client, address: str, language: str = "en") -> str:
    answer = client.get(address, headers={"accept-language": language})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def state(period: str, kind: str, carats: int | None, **fields: Any) -> None:
    read = read_period(period)
    ProductionFigure.objects.create(
        **{
            "country": "CD",
            "from_on": read.from_on,
            "to_on": read.to_on,
            "kind": kind,
            "carats": None if carats is None else Decimal(carats),
            "source": "Ministry of the test",
            "source_name": "test",
            "imported_at": NOW,
            **fields,
        }
    )


@pytest.fixture
def pits() -> ProducingArea:
    return make_area("Kamonia pits", 20.9, -6.5, operator="", source_date=date(2024, 5, 1))


def test_the_list_finds_by_name_alias_country_kind_and_mineral(client: Client) -> None:
    make_area("Kamonia", aliases=["Tshikapa Nord"])
    make_area("Geita", country="TZ", kind="industrial", minerals=["gold"])
    for query, found in (
        ("q=kamo", "Kamonia"),
        ("q=tshikapa+nord", "Kamonia"),
        ("country=TZ", "Geita"),
        ("kind=industrial", "Geita"),
        ("mineral=diamond", "Kamonia"),
    ):
        text = page(client, f"/areas/?{query}")
        assert ("Kamonia" in text, "Geita" in text) == (found == "Kamonia", found == "Geita"), query
    assert "No producing area fits" in page(client, "/areas/?q=nothing")
    assert page(client, "/areas/?page=999")
    assert "No producing area fits" in page(client, "/areas/?country=KE")


@pytest.mark.parametrize("wrong", ["country=ZZ", "kind=x", "mineral=%00", "mineral=unobtainium"])
def test_the_list_names_a_filter_that_cannot_be(client: Client, wrong: str) -> None:
    make_area("Kamonia")
    refused = client.get(f"/areas/?{wrong}&q=nothing")
    assert refused.status_code == 400
    text = refused.content.decode()
    assert f"({wrong.partition('=')[0]})" in text or f"{wrong.partition('=')[0]}: " in text
    assert "Kamonia" in text


def test_the_list_goes_by_the_names_of_countries_in_the_reader_s_language(client: Client) -> None:
    for code in ("BI", "BR", "IN", "CI"):
        make_area(f"Mine {code}", country=code)
    french = page(client, "/areas/", "fr")
    assert re.findall(r">Mine (..)<", french) == [
        "BR",
        "BI",
        "CI",
        "IN",
    ]  # Brésil, Burundi, Côte d’Ivoire, Inde
    assert re.findall(r">Mine (..)<", page(client, "/areas/?country=in")) == ["IN"]
    assert "Botswana" not in french  # nothing to choose where no area is


def test_the_list_has_a_map_that_needs_no_script(client: Client, pits: ProducingArea) -> None:
    text = page(client, "/areas/")
    assert 'class="area-artisanal areas-mark"' in text
    assert "style=" not in text.partition("<main")[2].partition("</main>")[0]


def test_retired_and_joined_areas_leave_the_list_and_keep_their_pages(
    client: Client, pits: ProducingArea
) -> None:
    old = make_area("Old pits", retired_on=date(2025, 1, 2))
    same = make_area("Same pits", joined_to=pits, source="another survey")
    listed = page(client, "/areas/")
    assert "Old pits" not in listed
    assert "Same pits" not in listed
    assert "Retired on 2 January 2025" in page(client, f"/areas/{old.pk}/")
    assert client.get(f"/areas/{same.pk}/").headers["Location"] == f"/areas/{pits.pk}/"
    assert "another survey" in page(client, f"/areas/{pits.pk}/")


def test_a_page_draws_the_area_its_neighbours_and_masked_points(client: Client, pits: ProducingArea) -> None:
    make_area("Next pits", 21.2, -6.5)
    make_place("Tshikapa", 20.7, -6.5)
    make_published(longitude=20.85, latitude=-6.45, areas=((pits, 7000.0),))
    text = page(client, f"/areas/{pits.pk}/")
    assert '<text class="incident-count" y="5">1</text>' in text
    assert "Next pits</text>" in text
    assert "Tshikapa</text>" in text
    assert "1 published incident at 1 site" in text


def test_a_polygon_is_drawn_as_one(client: Client) -> None:
    area = make_area(wkt="POLYGON((20 -6, 20.2 -6, 20.2 -6.2, 20 -6.2, 20 -6))", kind="industrial")
    text = page(client, f"/areas/{area.pk}/")
    assert 'class="outline-area is-industrial"' in text
    assert "only a point is known" not in text


def test_production_stands_beside_harm_with_counts_intervals_and_a_warning(
    client: Client, pits: ProducingArea
) -> None:
    state("2025", "artisanal", 2_000_000, area=pits)
    state("2025", "artisanal", 5_000_000)
    state("2025", "industrial", None)
    make_published(occurred_from=date(2025, 3, 3), occurred_to=date(2025, 3, 9), areas=((pits, 2000.0),))
    text = page(client, f"/areas/{pits.pk}/")
    assert "2.00 million carats" in text
    assert "0.50 (0.0127 to 2.79)" in text
    assert "fewer than five incidents: of little weight" in text
    assert 'class="finding">not disclosed</td>' in text
    assert "Ministry of the test" in text
    assert "no report reached us from there in this time" in text  # the effort, beside every rate


def test_what_is_not_known_is_said(client: Client) -> None:
    bare = make_area("Bare", kind="unknown", minerals=[], is_approximate=True)
    CoverageMonth.objects.create(
        country="CD", month=date(2026, 5, 1), state="no_coverage", reports=0, counted_at=NOW
    )
    text = page(client, f"/areas/{bare.pk}/")
    for words in (
        "only a point is known",
        "the point is approximate",
        "Whether it is artisanal or industrial",
        "No production figure of this area is held here. That is not nought",
        "What happened in 1 months without coverage",
        "Nothing is published here. That is no finding that nothing happened.",
        "told in counts by country and year alone",
    ):
        assert words in text, words


def test_months_without_coverage_are_grey_and_said_in_the_table(client: Client, pits: ProducingArea) -> None:
    for number, word in ((1, "reports"), (2, "no_coverage"), (3, "no_reports")):
        CoverageMonth.objects.create(country="CD", month=date(2026, number, 1), state=word, counted_at=NOW)
    make_published(occurred_from=date(2026, 1, 5), occurred_to=date(2026, 1, 11), areas=((pits, 1000.0),))
    text = page(client, f"/areas/{pits.pk}/")
    assert text.count('class="no-coverage"') == 1
    assert "No coverage: nobody was there to report" in text


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "Ce qu’on ne sait pas"), ("pt", "O que não se sabe"), ("sw", "Kisichojulikana")],
)
def test_it_speaks_four_languages(client: Client, pits: ProducingArea, language: str, words: str) -> None:
    state("2025", "artisanal", 2_000_000, area=pits)
    make_published(areas=((pits, 1000.0),))
    text = page(client, f"/areas/{pits.pk}/", language)
    assert words in text
    assert "Production beside harm" not in text


def test_nothing_published_elsewhere_is_on_the_page(client: Client, pits: ProducingArea) -> None:
    other = make_area("Other", 25.0, -6.0)
    hidden = make_published(areas=((other, 1000.0),), text="A text that belongs elsewhere.")
    retracted = make_published(areas=((pits, 1000.0),), retracted_on=NOW.date(), text="A retracted text.")
    text = page(client, f"/areas/{pits.pk}/")
    assert hidden.text not in text
    assert retracted.text not in text


def test_the_page_begins_with_what_matters_and_keeps_the_rest_behind_links(
    client: Client, pits: ProducingArea
) -> None:
    state("2024", "artisanal", 1_000_000, area=pits)
    state("2025", "artisanal", 2_000_000, area=pits)
    for day in range(1, 8):
        on = date(2026, 1, day)
        make_published(text=f"Words {day}.", occurred_from=on, occurred_to=on, areas=((pits, 1000.0),))
    short = page(client, f"/areas/{pits.pk}/")
    order = ("7 published incidents", "trend", 'id="produced"', "2.00 million carats", 'id="published"',
             'class="area-map"', 'id="pattern"', "<summary>All years", "1.00 million carats")  # fmt: skip
    places = [short.index(words) for words in order]
    assert places == sorted(places)
    assert short.count('<li><a href="/incidents/') == 5
    assert "Words 1." not in short
    assert f'href="/?area={pits.pk}#listed">All 7, with the published words' in short
    assert "<details open>" not in short
    whole = page(client, f"/areas/{pits.pk}/?all=1")
    assert all(f"Words {day}." in whole for day in range(1, 8))
    assert "<details open><summary>All years" in whole


def test_where_the_area_states_nothing_its_country_does(client: Client, pits: ProducingArea) -> None:
    state("2025", "artisanal", 5_000_000)
    text = page(client, f"/areas/{pits.pk}/")
    assert "Production of Democratic Republic of the Congo" in text
    assert text.index("No production figure of this area is held here.") < text.index("5.00 million carats")


def test_diamonds_of_the_country_stand_beside_no_area_where_none_are_dug(client: Client) -> None:
    state("2025", "total", 4_000_000)
    cobalt, unknown = make_area("Kasulo", minerals=["cobalt"]), make_area("Nobody knows", minerals=[])
    told = page(client, f"/areas/{cobalt.pk}/")
    assert "4.00 million carats" not in told
    assert "are of diamonds, which are not known to be dug in this area" in told
    assert "4.00 million carats" in page(client, f"/areas/{unknown.pk}/")

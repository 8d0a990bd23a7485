import gzip
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from impact.places.models import ProductionFigure
from impact.publication import freshness
from impact.publication.models import CoverageMonth
from tests.builders import NOW, make_area, make_published

pytestmark = pytest.mark.django_db


def page_text(client: Client, query: str = "", language: str = "en", status: int = 200) -> str:
    answer = client.get(f"/explore/{query}", headers={"accept-language": language})
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def state(carats: int | None, **fields: Any) -> None:
    ProductionFigure.objects.create(
        **{
            "country": "CD",
            "from_on": date(2026, 1, 1),
            "to_on": date(2026, 12, 31),
            "kind": "total",
            "carats": None if carats is None else Decimal(carats),
            "source": "Ministry of the test",
            "source_name": "test",
            "imported_at": NOW,
            **fields,
        }
    )


@pytest.fixture
def fiction() -> None:
    area = make_area()
    for month in (2, 2, 3, 5):
        day = date(2026, month, 4)
        make_published(occurred_from=day, occurred_to=day, areas=((area, 2000.0),))
    make_published(harms=("chemicals",), perpetrator="company", killed=None, country="SL")


def test_it_says_what_is_counted_and_draws_it(client: Client, fiction: None) -> None:
    text = page_text(client)
    assert "5 verified incidents" in text
    for title in (
        "Most in February 2026: 2",
        "Violence: 4",
        "At least 8 people killed, counted in 4 of 5 incidents",
        "Army: 4 of 5",
        "Verified: 5 of 5",
    ):
        assert title in text, title
    assert text.count("<figure") == text.count("The same as a table") == 8


def test_a_filter_narrows_everything_and_goes_along(client: Client, fiction: None) -> None:
    text = page_text(client, "?perpetrator=company&area=&theme=environment,labour")
    assert "1 verified incident" in text
    for address in ("/", "/api/v1/incidents/", "/feeds/incidents.atom"):
        assert f'href="{address}?theme=environment%2Clabour&amp;perpetrator=company' in text, address
    assert '<option value="environment,labour" selected>Environment, Labour</option>' in text
    assert 'href="?theme=environment%2Clabour&amp;perpetrator=company&amp;by=oecd#crosswalk"' in text


def test_a_parameter_that_is_given_twice_means_both_values(client: Client, fiction: None) -> None:
    text = page_text(client, "?perpetrator=company&theme=environment&theme=labour")
    assert '<option value="environment,labour" selected>Environment, Labour</option>' in text


def test_what_no_list_holds_stays_in_the_form(client: Client, fiction: None) -> None:
    assert '<input type="hidden" name="bbox" value="10,-20,40,20">' in page_text(client, "?bbox=10,-20,40,20")


@pytest.mark.parametrize("query", ["?theme=joy", "?by=moon", "?from=2026-13", "?bbox=1"])
def test_what_cannot_be_is_named_and_shows_everything(client: Client, fiction: None, query: str) -> None:
    text = page_text(client, query, status=400)
    assert f"({query[1:].split('=')[0]}): " in text
    assert "5 verified incidents" in text


def test_the_crosswalk_is_chosen_by_the_address(client: Client, fiction: None) -> None:
    assert "Systematic and widespread violence: 4 of 5" in page_text(client)
    assert "1(iv) Other gross human rights violations and abuses: 4 of 5" in page_text(client, "?by=oecd")
    assert "Environmental problems" in page_text(client, "?by=ipis")
    assert "is for jurists to say" in page_text(client)


def test_production_stands_beside_the_harm_of_one_country(client: Client, fiction: None) -> None:
    state(2_000_000)
    text = page_text(client, "?country=CD&from=2026-05")
    assert "Read it with the reporting" in text
    assert "Ministry of the test" in text
    assert "2.00 (0.54 to 5.12)" in text  # four in the whole year, whatever days are chosen
    assert "fewer than five incidents" in text
    assert "2.00 (0.54" not in page_text(client, "?country=CD&theme=environment")
    assert "Choose one country above" in page_text(client)
    assert "No production figure of Sierra Leone" in page_text(client, "?country=SL")


def test_what_is_kept_back_is_a_finding(client: Client, fiction: None) -> None:
    state(None)
    assert 'class="finding">not disclosed</td>' in page_text(client, "?country=CD")


def test_nothing_is_no_proof_that_nothing_happened(client: Client) -> None:
    assert "That does not mean that nothing happened" in page_text(client)


def test_it_asks_the_database_as_often_for_many_as_for_few(
    client: Client, fiction: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    state(2_000_000)
    monkeypatch.setattr(freshness, "_PLACES_RECHECK_S", 3600.0)  # a slow machine must not look again midway

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/explore/?country=CD")
        return len(captured)

    client.get("/explore/?country=CD")
    few = queries()
    for number in range(30):
        make_published(areas=((make_area(f"Pit {number}"), 3000.0),))
    client.get("/explore/?country=CD")  # the columns of what is public take up what is new
    assert queries() == few <= 22


def test_it_is_not_modified_until_something_public_is(client: Client, fiction: None) -> None:
    answer = client.get("/explore/?country=CD")
    assert answer.headers["ETag"]
    again = client.get("/explore/?country=CD", headers={"if-none-match": answer.headers["ETag"]})
    assert again.status_code == 304
    CoverageMonth.objects.create(country="CD", month=date(2026, 4, 1), state="no_coverage", counted_at=NOW)
    again = client.get("/explore/?country=CD", headers={"if-none-match": answer.headers["ETag"]})
    assert again.status_code == 200
    assert "no-coverage" in again.content.decode()


def test_years_of_every_theme_stay_under_sixty_kilobytes(client: Client) -> None:
    for month in range(48):
        for harm in ("killing", "child_labour", "chemicals", "extortion", "other"):
            day = date(2022 + month // 12, month % 12 + 1, 3)
            make_published(harms=(harm,), occurred_from=day, occurred_to=day)
    assert len(gzip.compress(client.get("/explore/").content)) < 60_000


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "Les mêmes incidents dans les mots des autres"),
        ("pt", "Os mesmos incidentes nas palavras de outros"),
        ("sw", "Matukio yaleyale kwa maneno ya wengine"),
    ],
)
def test_it_speaks_the_readers_language(client: Client, fiction: None, language: str, words: str) -> None:
    assert words in page_text(client, language=language)


@pytest.mark.django_db(transaction=True)
def test_a_small_phone_without_scripts_reads_and_narrows_it(
    live_server: LiveServer, phone: Page, fiction: None
) -> None:
    phone.goto(f"{live_server.url}/explore/")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    phone.get_by_text("Choose what is counted").click()
    phone.get_by_label("Country", exact=True).select_option("SL")
    phone.get_by_role("button", name="Show").click()
    assert re.search(r"[?&]country=SL", phone.url)
    phone.get_by_text("The same as a table").first.click()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320

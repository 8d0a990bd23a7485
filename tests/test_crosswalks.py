import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.crosswalks import ASKS, CROSSWALKS, IPIS, OECD
from impact.vocabulary import Harm, Perpetrator

HARMS = st.lists(st.sampled_from(Harm.values), unique=True, max_size=5)
PERPETRATORS = st.sampled_from(Perpetrator.values)


@given(HARMS, PERPETRATORS)
def test_every_category_is_one_that_has_a_name(harms: list[str], perpetrator: str) -> None:
    for crosswalk in CROSSWALKS.values():
        assert crosswalk.codes_of(harms, perpetrator) <= set(crosswalk.categories.values)


@given(HARMS, PERPETRATORS)
def test_oecd_and_ipis_leave_no_incident_out(harms: list[str], perpetrator: str) -> None:
    assert OECD.codes_of(harms, perpetrator)
    assert IPIS.codes_of(harms, perpetrator)


@given(HARMS, PERPETRATORS, st.sampled_from(Harm.values))
def test_one_more_harm_takes_no_ask_away(harms: list[str], perpetrator: str, more: str) -> None:
    assert ASKS.codes_of(harms, perpetrator) <= ASKS.codes_of([*harms, more], perpetrator)


@pytest.mark.parametrize(
    ("harms", "perpetrator", "asks"),
    [
        (["killing"], "army", {"violence", "humanitarian_law"}),
        (["killing"], "private_security", {"violence"}),
        (["extortion"], "police", {"security_finance"}),
        (["extortion"], "civilians", set()),
        (["armed_presence"], "armed_group", {"security_finance"}),
        (["child_labour"], "unknown", {"child_labour"}),
        (["forced_labour"], "armed_group", {"forced_labour", "humanitarian_law"}),
        (["river_damage", "unpaid_wages"], "company", {"environment"}),
        (["unsafe_work"], "company", set()),
    ],
)
def test_what_bears_on_which_ask(harms: list[str], perpetrator: str, asks: set[str]) -> None:
    assert ASKS.codes_of(harms, perpetrator) == asks


@pytest.mark.parametrize(
    ("harms", "perpetrator", "paragraphs"),
    [
        (["injury"], "private_security", {"1.i"}),
        (["extortion"], "armed_group", {"3"}),
        (["extortion"], "army", {"5"}),
        (["extortion"], "authorities", {"11"}),
        (["water_pollution"], "company", {"outside"}),
        (["killing"], "army", {"1.iv", "1.v"}),
    ],
)
def test_what_bears_on_which_paragraph(harms: list[str], perpetrator: str, paragraphs: set[str]) -> None:
    assert OECD.codes_of(harms, perpetrator) == paragraphs

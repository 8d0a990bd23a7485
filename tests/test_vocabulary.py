import pytest

from impact.vocabulary import HARMS_BY_THEME, Harm, theme_of


def test_every_harm_has_exactly_one_theme() -> None:
    listed = [harm for harms in HARMS_BY_THEME.values() for harm in harms]
    assert sorted(listed) == sorted(Harm)


def test_it_refuses_a_code_that_is_not_a_harm() -> None:
    with pytest.raises(ValueError, match="gossip"):
        theme_of("gossip")

import pytest
from pytest_django import Settings

from impact.summaries.brief.wording import method


@pytest.mark.parametrize(
    ("takes_two", "who"), [(True, "one moderator proposed it and another confirmed"), (False, "a moderator")]
)
def test_the_standard_of_proof_is_that_of_the_installation(
    settings: Settings, takes_two: bool, who: str
) -> None:
    settings.TWO_PERSON = takes_two
    [standard] = [said for said in method() if said.startswith("Standard of proof")]
    assert f"“verified” means that {who} " in standard

import pytest

from impact.places.production.participants import is_total, participant_code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Congo, Democratic Republic of", "CD"),
        ("Congo, Republic of", "CG"),
        ("Congo, Dem. Rep.", "CD"),
        ("DR Congo", "CD"),
        ("Congo (Kinshasa)", "CD"),
        ("Congo", "CG"),
        ("RDC", "CD"),
        ("China, People's Republic of", "CN"),
        ("Korea, Republic of", "KR"),
        ("Kyrgyz Republic", "KG"),
        ("Russian Federation", "RU"),
        ("United States of America", "US"),
        ("Venezuela (Bolivarian Republic of)", "VE"),
        ("Tanzania, United Republic of", "TZ"),
        ("Cote D'ivoire", "CI"),
        ("République centrafricaine", "CF"),
        ("Central African Republic (CAR)", "CF"),
        ("European Union", "EU"),
        ("SLE", "SL"),
        ("Atlantis", ""),
        ("Korea, Democratic People's Republic of", ""),
        ("Guinea, Papua", ""),
    ],
)
def test_it_knows_the_participants(name: str, code: str) -> None:
    assert participant_code(name) == code


def test_a_sum_is_no_country() -> None:
    assert is_total("TOTAL")
    assert is_total("Grand total")
    assert not is_total("Total Production of Angola")

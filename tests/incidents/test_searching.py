import pytest

from impact.incidents.assessing import assess_unassessed, keep_in_step
from impact.incidents.models import Incident, SearchEntry
from impact.incidents.searching import incidents_with_words
from tests.builders import make_incident, take_in

pytestmark = pytest.mark.django_db


def found(words: str) -> set[Incident]:
    return set(incidents_with_words(Incident.objects.all(), words))


def test_words_find_a_case_whatever_their_accents_case_or_end() -> None:
    told = "Des militaires ont tiré à Mbujì-Mayi, près de l'église; ndɛkɔ na ngai akufi"
    reference = take_in(told).reference
    for words in ("TIRE", "tiré", "militair", "mbuji mayi", "eglise", "ndeko", "mayi tire"):
        assert [case.reference for case in found(words)] == [reference], words
    for words in ("ire", "police", "tire police"):
        assert found(words) == set(), words


def test_a_reference_finds_its_case_with_or_without_its_hyphen() -> None:
    receipt = take_in("Water is red")
    take_in("Another one")
    case = Incident.objects.get(reference=receipt.reference)
    assert found(receipt.reference) == found(receipt.reference.lower().replace("-", " ")) == {case}


@pytest.mark.parametrize(
    "words", ["", "   ", "'", '"', "*", "!&|", "a' OR 1=1 --", '"a" NOT b', "\0", "x" * 500]
)
def test_signs_are_no_operators(words: str) -> None:
    take_in("Water is red")
    assert len(found(words)) in {0, 1}


def test_the_index_follows_the_row_and_its_transaction() -> None:
    incident = make_incident(text="the first words")
    SearchEntry.objects.all().delete()
    assert found("first") == set()
    assert assess_unassessed() == 1
    assert assess_unassessed() == 0
    assert found("first") == {incident}
    incident.reports.update(text="other words")
    keep_in_step(incident)
    assert (found("first"), found("other")) == (set(), {incident})
    SearchEntry.objects.all().delete()
    assert found("other") == set()

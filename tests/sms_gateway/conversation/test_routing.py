from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_django import Settings

from impact.incidents.references import is_reference
from impact.places.gazetteer import Gazetteer, NamedPlace
from impact.understanding.answers import Asked
from impact.understanding.facts import Hints, Understanding
from impact.understanding.reading import read_text
from sms_gateway.conversation.keywords import Control
from sms_gateway.conversation.routing import MODERATOR, Kind, Route, Standing, route_text

REFERENCE, MISSPELT = "K7MQ-3XPE", "K7MQ-3XP5"
GAZETTEER = Gazetteer([NamedPlace("place", 1, "Koidu", (), "SL", -10.97, 8.64, 5000.0, 128_000)])
HINTS = Hints(datetime(2026, 11, 26, 12, 0, tzinfo=UTC), "SL")
NOTHING = Standing()
RECENT = Standing(reference="AAAA-AAAA", is_recent=True)
ASKED_WHERE = Standing(reference="AAAA-AAAA", asked=Asked.WHERE, is_recent=True)
ASKED_WHICH = Standing(reference="AAAA-AAAA", asked=Asked.WHICH, choices=2, is_recent=True)
ASKED_BY_MODERATOR = Standing(reference="AAAA-AAAA", asked=MODERATOR)
GUIDED = Standing(asked=Asked.WHAT, is_guided=True)
STORY = "Police beat four diggers at Koidu yesterday and took their money"
# What a message may become without a report, an answer or an addition: it steers, and is kept as it came.
STEERING = {
    *(Kind.STOP, Kind.START, Kind.HELP, Kind.STATUS, Kind.MISSPELT, Kind.LANGUAGE, Kind.LANGUAGES),
    *(Kind.GUIDE, Kind.GREETING, Kind.THANKS, Kind.EMPTY),
}


def read(text: str) -> Understanding:
    return read_text(text, HINTS, GAZETTEER)


def route(text: str, standing: Standing = NOTHING, **named: object) -> Route:
    return route_text(text, standing, read, **named)  # type: ignore[arg-type]


def test_the_references_of_this_file_are_what_they_are_called() -> None:
    assert is_reference(REFERENCE)
    assert not is_reference(MISSPELT)


@pytest.mark.parametrize(
    ("text", "kind", "language"),
    [
        ("STOP", Kind.STOP, "en"),
        ("arrêt", Kind.STOP, "fr"),
        ("start", Kind.START, "en"),
        ("MSAADA", Kind.HELP, "sw"),
        ("REPORT", Kind.GUIDE, "en"),
        ("signaler", Kind.GUIDE, "fr"),
        ("Relatar.", Kind.GUIDE, "pt"),
        ("ripoti", Kind.GUIDE, "sw"),
        ("mhan'aro", Kind.GUIDE, "sn"),
        ("Français", Kind.LANGUAGE, "fr"),
        ("KISWAHILI", Kind.LANGUAGE, "sw"),
        ("krio", Kind.LANGUAGE, "kri"),
        ("Langue", Kind.LANGUAGES, "fr"),
        ("STATUS", Kind.STATUS, "en"),
        ("hello", Kind.GREETING, ""),
        ("Bonjour monsieur", Kind.GREETING, ""),
        ("habari gani", Kind.GREETING, ""),
        ("merci beaucoup", Kind.THANKS, ""),
        ("Thank you very much sir!", Kind.THANKS, ""),
        ("   ", Kind.EMPTY, ""),
    ],
)
@pytest.mark.parametrize("standing", [NOTHING, RECENT, ASKED_WHERE, ASKED_BY_MODERATOR, GUIDED])
def test_a_word_that_stands_alone_steers_whatever_was_asked(
    text: str, kind: Kind, language: str, standing: Standing
) -> None:
    assert route(text, standing) == Route(kind, language=language)


@pytest.mark.parametrize(
    "text",
    [
        STORY,
        "Hello, soldiers came to the pit",
        "Status of the river is bad, the fish are dying",
        "L'état de la rivière est grave",
        "stop please",
        "12",
        "?",
        "français soldats",
        f"{MISSPELT} soldiers came back at night",
    ],
)
def test_whatever_is_not_plainly_something_else_is_a_report(text: str) -> None:
    assert route(text).kind is Kind.REPORT


@pytest.mark.parametrize(
    "text",
    [
        f"STATUS {REFERENCE}",
        f"status {REFERENCE.lower()}",
        f"Statut {REFERENCE.replace('-', ' ')}",
        f"HALI {REFERENCE.replace('-', '')}.",
        f"{REFERENCE} estado",
        REFERENCE,
    ],
)
def test_a_status_request_names_a_reference(text: str) -> None:
    assert route(text) == Route(Kind.STATUS, reference=REFERENCE)


@pytest.mark.parametrize(
    "text", [f"STATUS {MISSPELT}", MISSPELT, f"{MISSPELT} place Kolwezi", f"{MISSPELT} hali"]
)
def test_a_wrong_check_character_is_noticed(text: str) -> None:
    assert route(text).kind is Kind.MISSPELT


@pytest.mark.parametrize(
    ("text", "asked", "words"),
    [
        (f"{REFERENCE} place Kolwezi", Asked.WHERE, "Kolwezi"),
        (f"{REFERENCE} lieu: Mbuji Mayi", Asked.WHERE, "Mbuji Mayi"),
        (f"{REFERENCE.lower()} mahali Geita", Asked.WHERE, "Geita"),
        (f"{REFERENCE} date 12/11", Asked.WHEN, "12/11"),
        (f"{REFERENCE} data ontem", Asked.WHEN, "ontem"),
        (f"{REFERENCE} people 3 injured", Asked.PEOPLE, "3 injured"),
        (f"{REFERENCE} watu 3", Asked.PEOPLE, "3"),
    ],
)
def test_a_correction_names_a_reference_and_what_is_wrong(text: str, asked: Asked, words: str) -> None:
    assert route(text, ASKED_WHERE) == Route(Kind.CORRECTION, reference=REFERENCE, asked=asked, words=words)


def test_other_words_behind_a_reference_are_more_about_that_report() -> None:
    assert route(f"{REFERENCE} they came back") == Route(
        Kind.ADDITION, reference=REFERENCE, words="they came back"
    )


def test_a_number_chooses_where_places_were_offered() -> None:
    chosen = route(" 2. ", ASKED_WHICH)
    assert (chosen.kind, chosen.asked, chosen.choice) == (Kind.ANSWER, Asked.WHICH, 2)
    assert route("0", ASKED_WHICH).kind is Kind.SKIP
    assert route("3", ASKED_WHICH) == Route(Kind.ANSWER, reference="AAAA-AAAA", asked=Asked.WHICH, words="3")
    assert route("0", ASKED_BY_MODERATOR).kind is Kind.ANSWER


@pytest.mark.parametrize("text", ["Koidu", "at Koidu they beat two men", "I do not know"])
def test_words_answer_the_open_question(text: str) -> None:
    assert route(text, ASKED_WHERE) == Route(
        Kind.ANSWER, reference="AAAA-AAAA", asked=Asked.WHERE, words=text
    )


def test_a_whole_story_is_a_report_even_while_something_is_asked() -> None:
    assert route(STORY, ASKED_WHERE).kind is Kind.REPORT
    assert route(STORY, GUIDED).kind is Kind.ANSWER
    assert route(STORY, ASKED_BY_MODERATOR).kind is Kind.ANSWER


def test_more_words_soon_after_a_report_belong_to_it_unless_they_are_a_report_of_their_own() -> None:
    assert route("and they burned two houses", RECENT).kind is Kind.ADDITION
    assert route("Police beat a man at Koidu", RECENT).kind is Kind.REPORT
    assert route("and they burned two houses", NOTHING).kind is Kind.REPORT


@pytest.mark.parametrize(
    ("standing", "kind"), [(NOTHING, Kind.REPORT), (RECENT, Kind.ADDITION), (ASKED_WHERE, Kind.ANSWER)]
)
def test_a_picture_or_a_location_without_words_belongs_to_what_was_told(
    standing: Standing, kind: Kind
) -> None:
    assert route("", standing, has_more=True).kind is kind


def test_what_the_provider_made_of_it_goes_before_our_reading() -> None:
    assert route("basta", control=Control.STOP) == Route(Kind.STOP)


def test_a_deployment_has_keywords_of_its_own(settings: Settings) -> None:
    settings.SMS_KEYWORDS = ["Kufatilia"]
    assert route("KUFATILIA!") == Route(Kind.GUIDE)
    settings.SMS_KEYWORDS = []
    assert route("KUFATILIA!").kind is Kind.REPORT


standings = st.builds(
    Standing,
    reference=st.sampled_from(["", "AAAA-AAAA"]),
    asked=st.sampled_from(["", MODERATOR, *Asked]),
    choices=st.integers(0, 4),
    is_guided=st.booleans(),
    is_recent=st.booleans(),
)
words = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            ["STATUS", REFERENCE, MISSPELT, "place", "0", "1", "Koidu", "police", "stop", "ok", "\n"]
        ),
        max_size=6,
    ).map(" ".join),
)


@given(words, standings, st.booleans())
@example("²", ASKED_WHICH, False)
@example("٣", ASKED_WHICH, False)
@example("ẞ\ud800", NOTHING, False)
def test_no_text_raises_and_none_is_lost(text: str, standing: Standing, has_more: bool) -> None:
    found = route(text, standing, has_more=has_more)
    assert found.kind in STEERING or found.kind in {
        *(Kind.REPORT, Kind.ANSWER, Kind.SKIP, Kind.ADDITION, Kind.CORRECTION)
    }
    if found.kind is Kind.EMPTY:
        assert not text.strip()
    if found.kind in {Kind.ANSWER, Kind.SKIP}:
        assert standing.asked
    if found.choice is not None:
        assert 1 <= found.choice <= standing.choices
    if found.kind in {Kind.CORRECTION, Kind.ADDITION} and found.reference != standing.reference:
        assert is_reference(found.reference)


@given(st.lists(st.text(min_size=1, max_size=8), min_size=6, max_size=12).map(" ".join))
def test_many_words_never_steer(text: str) -> None:
    if len(text.split()) > 5:
        assert route(text).kind not in STEERING - {Kind.GREETING, Kind.THANKS}

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.understanding.dates import find_date, received_on
from impact.understanding.facts import DateFound, Hints
from tests.understanding.cast import FRIDAY, marked, words

TODAY = date(2026, 11, 20)


def found(text: str, language: str = "en", *, is_only_threat: bool = False) -> DateFound | None:
    return find_date(marked(text, language), Hints(FRIDAY), is_only_threat=is_only_threat)


def days(text: str, language: str = "en") -> str | None:
    when = found(text, language)
    if when is None:
        return None
    return (
        f"{when.from_on:%m-%d}" if when.from_on == when.to_on else f"{when.from_on:%m-%d}/{when.to_on:%m-%d}"
    )


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "today", "11-20"),
        ("en", "this morning", "11-20"),
        ("en", "right now", "11-20"),
        ("en", "yesterday", "11-19"),
        ("en", "last night", "11-19"),
        ("en", "the day before yesterday", "11-18"),
        ("en", "on Monday", "11-16"),
        ("en", "on Friday", "11-13"),
        ("en", "last Friday", "11-13"),
        ("en", "on Monday last week", "11-09"),
        ("en", "3 days ago", "11-17"),
        ("en", "three days ago", "11-17"),
        ("en", "last week", "11-09/11-15"),
        ("en", "this week", "11-16/11-20"),
        ("en", "two weeks ago", "11-02/11-08"),
        ("en", "last month", "10-01/10-31"),
        ("en", "in October", "10-01/10-31"),
        ("en", "since Monday", "11-16/11-20"),
        ("en", "since last week", "11-09/11-20"),
        ("en", "for two weeks", "11-06/11-20"),
        ("en", "for the last 3 months", "08-20/11-20"),
        ("en", "14/11", "11-14"),
        ("en", "14/11/2026", "11-14"),
        ("en", "14.11.26", "11-14"),
        ("en", "2026-11-14", "11-14"),
        ("en", "14 November", "11-14"),
        ("en", "Nov 14th", "11-14"),
        ("en", "November 14, 2026", "11-14"),
        ("en", "the 14th", "11-14"),
        ("en", "11/14/2026", "11-14"),
        ("fr", "hier soir", "11-19"),
        ("fr", "avant-hier", "11-18"),
        ("fr", "ce matin", "11-20"),
        ("fr", "il y a 3 jours", "11-17"),
        ("fr", "lundi dernier", "11-16"),
        ("fr", "la semaine dernière", "11-09/11-15"),
        ("fr", "le mois passé", "10-01/10-31"),
        ("fr", "depuis deux semaines", "11-06/11-20"),
        ("fr", "le 14", "11-14"),
        ("fr", "le 1er novembre", "11-01"),
        ("fr", "le 25", "10-25"),
        ("pt", "ontem", "11-19"),
        ("pt", "anteontem", "11-18"),
        ("pt", "há 3 dias", "11-17"),
        ("pt", "segunda-feira", "11-16"),
        ("pt", "na semana passada", "11-09/11-15"),
        ("pt", "14 de novembro", "11-14"),
        ("pt", "não pagam há dois meses", "09-20/11-20"),
        ("sw", "jana usiku", "11-19"),
        ("sw", "juzi", "11-18"),
        ("sw", "leo", "11-20"),
        ("sw", "siku 3 zilizopita", "11-17"),
        ("sw", "siku tatu zilizopita", "11-17"),
        ("sw", "jumatatu", "11-16"),
        ("sw", "wiki iliyopita", "11-09/11-15"),
        ("sw", "tarehe 14", "11-14"),
    ],
)
def test_it_counts_back_from_the_day_of_receipt(language: str, text: str, expected: str) -> None:
    assert days(f"x {text} x", language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "beaten between 10 and 12 November", "11-10/11-12"),
        ("en", "beaten from 30 October to 2 November", "10-30/11-02"),
        ("en", "beaten from the 28th to the 2nd of November", "10-28/11-02"),
        ("en", "10-12 Nov soldiers beat us", "11-10/11-12"),
        ("fr", "battus du 10 au 12 novembre", "11-10/11-12"),
        ("fr", "battus entre le 10/11 et le 12/11", "11-10/11-12"),
        ("pt", "bateram de 10 a 12 de novembro", "11-10/11-12"),
        ("sw", "walipigwa kuanzia tarehe 10 hadi 12 Novemba", "11-10/11-12"),
        # Two things joined are no stretch.
        ("en", "police beat 5 and on 12 November we fled", "11-12"),
        ("en", "they beat 3 to 5 men on 12 November", "11-12"),
    ],
)
def test_it_reads_from_one_day_to_another(language: str, text: str, expected: str) -> None:
    assert days(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "they are beating us now", "11-20"),
        ("en", "the gangs now control the shafts", None),
        ("en", "they took him from Marange three days ago", "11-17"),
        ("en", "the wall slid on Tuesday last week", "11-10"),
        ("en", "the wall slid last week Tuesday", "11-10"),
        ("fr", "dix morts, surtout des femmes, samedi dernier", "11-14"),
        ("pt", "batem em quem nao sair ate sexta", None),
        ("en", "they beat whoever has not left by Friday", None),
    ],
)
def test_small_words_are_weighed_by_what_is_beside_them(
    language: str, text: str, expected: str | None
) -> None:
    assert days(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "deux blessés le mardi 17", "11-17"),
        ("fr", "deux blessés à Kabinda mardi 10", "11-10"),
        ("en", "two were shot on Tuesday the 17th", "11-17"),
        ("pt", "terça-feira dia 10 mataram dois", "11-10"),
        ("sw", "waliua watu wawili Jumanne tarehe 10", "11-10"),
        ("sw", "tarehe 10 polisi waliua watu wawili", "11-10"),
        # The number counts people, or is of another weekday.
        ("en", "On Tuesday 10 were arrested", "11-17"),
        ("fr", "mardi 10 creuseurs arrêtés", "11-17"),
        ("fr", "battus le mardi 12", "11-17"),
    ],
)
def test_it_joins_a_weekday_and_its_number(language: str, text: str, expected: str) -> None:
    assert days(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "they beat us the week of 9 November", "11-09/11-15"),
        ("fr", "ils ont rasé nos champs la semaine du 4 novembre", "11-02/11-08"),
        ("pt", "bateram na semana de 9/11", "11-09/11-15"),
        ("en", "they burned the camp at the weekend", "11-14/11-15"),
        ("fr", "des armes partout le week-end dernier", "11-14/11-15"),
        ("pt", "mataram dois no fim de semana passado", "11-14/11-15"),
        ("en", "they will come next weekend", None),
        ("en", "every weekend they beat us", None),
        ("fr", "impayés depuis le mois de septembre", "09-01/11-20"),
        ("sw", "waliteka wachimbaji sita wiki iliyopita", "11-09/11-15"),
        ("fr", "quinze jours que nous n'avons plus d'eau", "11-05/11-20"),
        ("sw", "waliteka wachimbaji wiki 3 zilizopita", "10-26/11-01"),
        ("fr", "tués dans la nuit de dimanche à lundi", "11-15/11-16"),
        ("fr", "battus de jeudi à vendredi", "11-19/11-20"),
        ("fr", "battu ce vendredi", "11-20"),
        ("fr", "battu ce jeudi", "11-19"),
        ("fr", "l'eau est sale depuis que les dragues sont venues en août", "08-01/11-20"),
        ("fr", "depuis le 1er octobre ils nous taxent, deux ont été fouettés le 2 novembre", "11-02"),
        ("fr", "un goût bizarre depuis le mois de mai, 3 chèvres mortes", "05-01/11-20"),
        ("fr", "(1/2) ils ont battu deux jeunes jeudi (2/2) et brûlé le camp", "11-19"),
        ("pt", "faz 4 dias que levaram um cacique", "11-16"),
        ("pt", "faz 4 dias que não recebemos", "11-16/11-20"),
        ("ln", "patron afutaki biso te sanza mibale", "09-20/11-20"),
        ("ln", "lobi babomi bato misato", "11-19"),
        ("ln", "lobi bakoya kobengana biso", None),
        ("sn", "vakarohwa svondo rapfuura", "11-09/11-15"),
        ("sn", "vakarohwa Svondo", "11-15"),
        ("sw", "wamechinjwa watu usiku wa kuamkia jumamosi", "11-13/11-14"),
        ("en", "they beat two men days ago", None),
        ("kri", "den de pas wit gold na net", None),
    ],
)
def test_it_reads_weeks_and_weekends_whole(language: str, text: str, expected: str | None) -> None:
    assert days(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "the river is brown since the excavators came in August", "08-01/11-20"),
        ("en", "they beat us since they raped her on Monday", "11-16"),
        ("en", "Part 1/2: the shaft fell on 17 Sept. Part 2/2: nobody came", "09-17"),
        ("en", "(1/2) soldiers beat us", None),
        ("en", "soldiers beat us on 1/2", "02-01"),
        ("en", "in the night of 3rd to 4th November", "11-03/11-04"),
        ("en", "on 3rd and 4th of November police beat us", "11-03/11-04"),
        ("en", "In June 5 kids died", "06-01/06-30"),
        ("en", "beaten yday", "11-19"),
        ("en", "they beat us the night before last", "11-18"),
        ("en", "he cant walk now", None),
    ],
)
def test_it_tells_when_from_since_when_and_parts_of_messages(
    language: str, text: str, expected: str | None
) -> None:
    assert days(text, language) == expected


def test_last_year_is_the_year_of_a_month() -> None:
    when = found("police beat us in October last year")
    assert when
    assert (when.from_on, when.to_on) == (date(2025, 10, 1), date(2025, 10, 31))


def test_another_languages_word_for_a_harm_is_no_day() -> None:
    for text, languages, is_day in (("3 tués", ("fr", "en"), False), ("3 killed tues", ("en", "fr"), True)):
        when = find_date(marked(text, *languages), Hints(FRIDAY), is_only_threat=False)
        assert (when is not None) == is_day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "every Monday",
        "next week",
        "31/02",
        "99/99",
        "14/11/2031",
        "2031-01-01",
        "50 km",
        "he may come",
        "3 days",
        "5/6/1850",
    ],
)
def test_it_says_nothing_where_the_text_does_not(text: str) -> None:
    assert found(text) is None


def test_an_age_is_no_day() -> None:
    text = "il y a mwana ya mbula 12 akufaki na libulu"
    assert find_date(marked(text, "ln", "sw", "fr"), Hints(FRIDAY), is_only_threat=False) is None
    assert days("the boy was taken 12 years ago") == "01-01/12-31"


def test_it_takes_a_day_that_has_not_come_for_last_year() -> None:
    when = found("on 24/12")
    assert when
    assert when.from_on == date(2025, 12, 24)


def test_it_prefers_the_day_that_is_said_most_exactly() -> None:
    assert days("since last month they tax us, on 14/11 they beat two") == "11-14"


def test_it_does_not_date_a_threat_by_what_is_to_come() -> None:
    assert found("they will attack us today", is_only_threat=True) is None
    assert found("yesterday they said they will attack us", is_only_threat=True) is not None
    assert found("they said they will shoot us on Saturday", is_only_threat=True) is None
    assert found("on Saturday they said they will shoot us", is_only_threat=True) is not None


def test_it_reads_the_calendar_of_the_senders_country() -> None:
    late = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
    assert received_on(Hints(late, "TZ")) == date(2026, 11, 20)
    assert received_on(Hints(late, "SL")) == date(2026, 11, 19)
    assert received_on(Hints(late)) == date(2026, 11, 19)


def test_it_gives_precision_and_the_letters_that_it_rests_on() -> None:
    text = "it was last week in the mine"
    when = found(text)
    assert when
    assert (when.precision, words(text, when.spans)) == ("week", ["week"])


@given(st.text(alphabet="0123456789/-. last week Monday since ago days", max_size=40))
def test_it_never_looks_into_the_future(text: str) -> None:
    when = found(text)
    if when:
        assert when.from_on <= when.to_on <= TODAY
        assert TODAY - when.from_on < timedelta(days=366 * 42)


@pytest.mark.parametrize("year", [1, 1899, 9001, 9999])
def test_a_clock_that_was_never_set_gives_no_day(year: int) -> None:
    hints = Hints(datetime(year, 1, 1, tzinfo=UTC), "CD")
    for text in ("they have gone two months with no pay", "yesterday", "last Monday", "14/11", "in May"):
        assert find_date(marked(text), hints, is_only_threat=False) is None

import pytest

from impact.understanding.counts import counts_in
from impact.understanding.people import find_people
from tests.understanding.cast import marked, words


def people(text: str, language: str = "en") -> dict[str, int | tuple[int, int]]:
    return {
        found.kind: found.low if found.low == found.high else (found.low, found.high)
        for found in find_people(marked(text, language))
    }


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "2 killed and 3 wounded", {"killed": 2, "injured": 3}),
        ("en", "killed 2 and wounded 3", {"killed": 2, "injured": 3}),
        ("en", "shot two diggers dead and wounded five", {"killed": 2, "injured": 5}),
        ("en", "2 men and 3 women killed", {"killed": 5}),
        ("en", "3 of them died", {"killed": 3}),
        ("en", "a dozen miners were arrested", {"arrested": 12}),
        ("en", "twenty-five families displaced", {"displaced": 25}),
        ("en", "1,500 people displaced", {"displaced": 1500}),
        ("en", "3 to 5 men killed", {"killed": (3, 5)}),
        ("en", "3-5 men killed", {"killed": (3, 5)}),
        ("en", "between 3 and 5 men killed", {"killed": (3, 5)}),
        ("en", "5 killed including 2 children", {"killed": 5}),
        ("en", "four women raped", {"affected": 4}),
        ("en", "a boy of 12 was killed", {"killed": 1}),
        ("en", "rebels of 3R killed villagers", {}),
        ("fr", "on a tiré sur les creuseurs, 2 morts 1 blessé", {"killed": 2, "injured": 1}),
        # Who was hurt and then died is dead, of several only those who are counted.
        ("en", "guards shot a herder and dumped his body", {"killed": 1}),
        ("en", "they beat one boy. Later we buried him", {"injured": 1}),
        ("en", "police shot 3 men, one of them died", {"killed": 1, "injured": 3}),
        ("en", "6 miners trapped, 2 bodies recovered", {"killed": 2, "affected": 6}),
        ("fr", "quatre morts et une dizaine de blessés", {"killed": 4, "injured": 10}),
        ("fr", "dix-sept creuseurs arrêtés", {"arrested": 17}),
        ("fr", "des militaires du 21e régiment ont fouetté deux creuseurs", {"injured": 2}),
        ("fr", "tabassé beaucoup de creuseurs, hier soir 2 sont morts", {"killed": 2}),
        ("fr", "un enfant de 9 ans est tombé hier dans un trou, le corps a été repêché", {"killed": 1}),
        (
            "fr",
            "les enfants lavent le gravier et ne vont plus à l'école, on en a compté 23",
            {"affected": 23},
        ),
        ("fr", "celui qui refuse de creuser paie 10$", {}),
        ("fr", "1 mort et 17 arrestations", {"killed": 1, "arrested": 17}),
        (
            "pt",
            "cinco mortos, entre os quais uma mulher, e doze ficaram feridos",
            {"killed": 5, "injured": 12},
        ),
        ("fr", "on a engrossé trois filles, 13, 14 et 15 ans", {"affected": 3}),
        ("fr", "un ouvrier happé par le concasseur, mort sur le coup", {"killed": 1}),
        ("fr", "des orpailleuses violées par des hommes, au moins quatre selon le relais", {"affected": 4}),
        ("pt", "levaram uma menina de 13", {"affected": 1}),
        ("pt", "levaram 13 meninas", {"affected": 13}),
        ("pt", "levaram 5 jovens para a esquadra", {"arrested": 5}),
        ("fr", "quatre-vingt-deux personnes déplacées", {"displaced": 82}),
        ("fr", "un mort", {"killed": 1}),
        ("fr", "entre 10 et 15 familles expulsées", {"displaced": (10, 15)}),
        ("pt", "vinte e três pessoas presas", {"arrested": 23}),
        ("pt", "dois mortos, três feridos", {"killed": 2, "injured": 3}),
        ("sw", "watu kumi na tano wamekufa", {"killed": 15}),
        ("sw", "walimuua mwanamke mmoja", {"killed": 1}),
        ("sw", "wachimbaji watatu wamejeruhiwa", {"injured": 3}),
    ],
)
def test_it_counts_people_by_kind(
    language: str, text: str, expected: dict[str, int | tuple[int, int]]
) -> None:
    assert people(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "deux creuseurs blessés par balles le mardi 17", {"injured": 2}),
        ("pt", "No dia 17 a polícia matou 2 garimpeiros", {"killed": 2}),
        ("fr", "Le 17 les policiers ont tué 2 creuseurs", {"killed": 2}),
        ("pt", "os rapazes dos 12 aos 15 anos carregam sacos", {}),
        ("fr", "3 militaires ont été tués par des miliciens", {"killed": 3}),
        ("fr", "2 militaires ont tué 3 creuseurs", {"killed": 3}),
        ("sw", "askari wawili walipigwa na wachimbaji", {"injured": 2}),
        ("sw", "askari wawili waliwapiga wachimbaji", {}),
        ("sw", "watu 10 hadi 12 waliuawa", {"killed": (10, 12)}),
    ],
)
def test_it_does_not_add_days_ages_and_doers_to_people(
    language: str, text: str, expected: dict[str, int]
) -> None:
    assert people(text, language) == expected


@pytest.mark.parametrize(
    "text",
    [
        "killed 5 km from here",
        "killed on 14/11",
        "killed on 14 November",
        "3 houses burned, people killed",
        "2 soldiers killed him",
        "no one was killed, 3",
        "they paid 500 dollars and killed him",
        "6.25 dead",
        "killed Jan 5 2026",
        "on 3 to 4 November soldiers killed him",
        "0 dead",
    ],
)
def test_it_does_not_count_other_things(text: str) -> None:
    assert people(text) == {}


def test_it_reads_every_number_of_a_text() -> None:
    text = "two hundred and five, then 1 500, then twelve or thirteen"
    assert [(count.low, count.high) for count in counts_in(marked(text, "en"))] == [
        (205, 205),
        (1500, 1500),
        (12, 13),
    ]


def test_it_gives_the_letters_that_it_rests_on() -> None:
    text = "twenty-five people were killed"
    assert words(text, find_people(marked(text, "en"))[0].spans) == ["twenty-five", "killed"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two guards raped a woman", {"affected": (1, 1)}),
        ("two herders were killed", {"killed": (2, 2)}),
        ("a man was killed", {"killed": (1, 1)}),
        ("cyanide killed all the fish on 2026-11-08", {}),
        ("a couple of men were killed", {"killed": (2, 2)}),
        ("a convoy of mercenaries took the pits", {}),
        ("two pits collapsed killing one", {"killed": (1, 1)}),
        ("one youth drowned in the pit", {"killed": (1, 1)}),
        ("the wall buried eleven miners, only 4 came out alive", {"affected": (11, 11)}),
        ("2 men died and 3 were rescued", {"killed": (2, 2)}),
        ("14 men were rescued from forced labour", {"affected": (14, 14)}),
        ("two men were beaten on Tuesday the 17th", {"injured": (2, 2)}),
        ("On Tuesday 17 were arrested", {"arrested": (17, 17)}),
        ("3 soldiers were killed by rebels", {"killed": (3, 3)}),
        ("rebels killed 3 soldiers", {"killed": (3, 3)}),
        ("3 soldiers killed him", {}),
        ("3 soldiers beat two men", {"injured": (2, 2)}),
        ("half a dozen boys were whipped", {"injured": (6, 6)}),
        ("both men died", {"killed": (2, 2)}),
        ("nine out of twelve came out alive, three died", {"killed": (3, 3)}),
        ("3 men, 2 women were killed", {"killed": (5, 5)}),
        ("they killed two boys and one man was wounded", {"killed": (2, 2), "injured": (1, 1)}),
    ],
)
def test_it_counts_who_suffered_and_nobody_else(text: str, expected: dict[str, tuple[int, int]]) -> None:
    found = find_people(marked(text, "en"))
    assert {one.kind: (one.low, one.high) for one in found} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 died, two of them children", {"killed": 5}),
        ("5 died. Two of them were children.", {"killed": 5}),
        ("They killed 5 people, 2 of whom were women, and injured 10", {"killed": 5, "injured": 10}),
        ("6 miners including 2 women and a child killed", {"killed": 6}),
        ("the pit fell, four people died. Among them two children", {"killed": 4}),
        ("among the ten who were trapped two died", {"killed": 2, "affected": 10}),
        ("5 people (3 women and 2 children) drowned in the pit", {"killed": 5}),
        ("Killed: 3. Injured: 7. Missing: 2", {"killed": 3, "injured": 7, "affected": 2}),
        ("killed 2 men, 1 woman and 1 child", {"killed": 4}),
        ("dogs were set on 2 panners, both bitten, 1 now in hosp", {"injured": 2}),
        ("three miners injured, one critically", {"injured": 3}),
        ("soldiers arrested 10 boys, 4 are released, 6 still in cell", {"arrested": 10}),
        ("Two children aged 8 and 10 died when the pit collapsed", {"killed": 2}),
        ("a 34 year old pork knocker was found dead", {"killed": 1}),
        ("one policeman and two miners were killed in clashes", {"killed": 2}),
        ("two girls who sell food at the quarry in Moroto were forced to dig", {"affected": 2}),
        ("I heard from a trader that 3-4 diggers were killed", {"killed": (3, 4)}),
        ("twenty men of the FDLR attacked, 3 people killed", {"killed": 3}),
        ("the guards killed five men of the FDLR", {"killed": 5}),
        ("2 policemen killed in an attack by bandits", {"killed": 2}),
        ("They attacked us. At least 29 people, including children, were killed", {"killed": 29}),
        ("Soldiers attacked the pit. Three dead, five hurt.", {"killed": 3, "injured": 5}),
        ("a boy fell in a pit and drowned, he was 9", {"killed": 1}),
        ("they r killing us 4 nimikoro", {}),
        ("they killed 4 yesterday", {"killed": 4}),
        ("people killed here since 2012", {}),
        ("4 of the 7 suspects were arrested", {"arrested": 4}),
        ("soldiers accused of shooting 5 artisanal miners dead", {"killed": 5}),
        ("robbers took our gold and cut two people", {"injured": 2}),
        ("police killed one and wounded another", {"killed": 1, "injured": 1}),
        ("another 5 were hurt", {"injured": 5}),
        ("police rescued 15 children from a mine", {"affected": 15}),
    ],
)
def test_it_counts_nobody_twice_and_no_teller(text: str, expected: dict[str, int]) -> None:
    assert people(text) == expected


def test_a_word_for_four_is_no_for() -> None:
    assert people("fo pipul day", "kri") == {"killed": 4}
    assert people("dem chuk fo man", "kri") == {"injured": 4}
    assert people("dem no pe wi fɔ tri mont", "kri") == {}


def test_more_than_ten_are_ten() -> None:
    assert people("zaidi ya 10 wamekufa", "sw") == {"killed": 10}
    assert people("wamekufa shimo la 3", "sw") == {}


def test_who_only_works_is_not_counted() -> None:
    assert people("12 boys carry stones at the pit") == {"affected": 12}
    assert people("a young man digging rubies was killed") == {"killed": 1}
    assert people("14 men dig there") == {}


def test_all_who_were_shot_and_killed_are_dead() -> None:
    assert people("soldiers shot three boys and killed them") == {"killed": 3}


def test_a_word_for_four_is_no_child() -> None:
    assert people("masoja akarova vakomana vana", "sn") == {"injured": 4}
    assert people("vana vaviri vari kuchera goridhe", "sn") == {"affected": 2}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("sw", "waasi wameteka vijana saba, watatu walitoroka", {"affected": 7}),
        ("sw", "mtu 1 amekufa na 4 hawajulikani walipo", {"killed": 1, "affected": 4}),
        ("sn", "makorokoza makumi matatu akasungwa, gumi vakasunungurwa", {"arrested": 30}),
        ("kri", "tu pipul day, wan na uman", {"killed": 2}),
    ],
)
def test_who_got_away_or_is_one_of_them_adds_nobody(
    language: str, text: str, expected: dict[str, int]
) -> None:
    assert people(text, language) == expected

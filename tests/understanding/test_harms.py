import pytest

from impact.understanding.facts import PerpetratorFound
from impact.understanding.harms import find_harms
from impact.vocabulary import Harm, Perpetrator
from tests.understanding.cast import marked, read, words

ARMY = PerpetratorFound(Perpetrator.ARMY, 0.9, ())


def harms(text: str, perpetrator: PerpetratorFound | None = None, language: str = "en") -> list[str]:
    return [str(found.harm) for found in find_harms(marked(text, language), perpetrator)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "they killed my brother", ["killing"]),
        ("en", "beaten to death", ["killing"]),
        ("en", "guards beat us and took our gold", ["injury", "extortion"]),
        ("en", "we have not been paid since May", ["unpaid_wages"]),
        ("en", "they didn't pay us", ["unpaid_wages"]),
        ("en", "mercury in the river, fish are dying", ["water_pollution", "chemicals"]),
        ("en", "soldiers at the mine", ["armed_presence"]),
        ("en", "soldiers at the mine raped a girl", ["sexual_violence"]),
        ("fr", "ils ont brûlé nos maisons", ["eviction"]),
        ("fr", "éboulement dans le puits", ["unsafe_work"]),
        ("fr", "bilan deux morts", ["killing"]),
        ("pt", "SOCORRO desabou a mina", ["unsafe_work"]),
        ("pt", "meninas violentadas por garimpeiros", ["sexual_violence"]),
        ("pt", "a mina engoliu nossa floresta", ["land_damage"]),
        ("pt", "crianças trabalham na mina", ["child_labour"]),
        ("sw", "wanatoza kodi", ["extortion"]),
        ("fr", "deux morts noyés dans un trou laissé ouvert", ["unsafe_work"]),
        ("fr", "une femme violée, elle est à l'hôpital", ["sexual_violence"]),
        ("fr", "deux creuseurs arrêtés, mais les outils sont brûlés", ["arrest"]),
        ("ln", "abomi creuseur moko, abeti ye masasi", ["killing"]),
        ("fr", "la société a abattu la forêt sacrée", ["land_damage"]),
        ("fr", "des hommes non identifiés ont frappé deux creuseurs", ["injury"]),
        ("fr", "des trous béants partout dans les champs, rien ne pousse", ["unsafe_work", "land_damage"]),
        ("fr", "un agent a tiré sur lui, il est mort à l'hôpital", ["killing"]),
        ("fr", "deux morts, trois à l'hôpital", ["killing", "injury"]),
        ("sg", "aturugu apika koli ti mbi, maboko ti lo afa", ["injury"]),
        ("sg", "amolenge ayeke sara kua na chantier ti diamant", ["child_labour"]),
    ],
)
def test_it_finds_harms_the_main_one_first(language: str, text: str, expected: list[str]) -> None:
    assert harms(text, language=language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "no one was hurt"),
        ("en", "nobody died"),
        ("en", "they did not beat anyone"),
        ("fr", "il n'y a pas eu de blessés"),
        ("fr", "sans blessés"),
        ("fr", "aucun mort"),
        ("pt", "ninguém ficou ferido"),
        ("pt", "sem feridos"),
        ("pt", "ninguém se feriu"),
        ("sw", "hakuna aliyejeruhiwa"),
        ("sw", "hawakujeruhiwa"),
    ],
)
def test_it_leaves_out_what_is_negated(language: str, text: str) -> None:
    assert harms(text, language=language) == []


def test_it_keeps_those_who_were_killed_in_a_forest() -> None:
    assert harms("deux creuseurs abattus dans la forêt", language="fr")[0] == "killing"


def test_it_stops_negating_where_another_thing_begins() -> None:
    assert harms("no one was hurt but they burned our houses") == ["eviction"]
    assert harms("They did not pay us and beat two men") == ["injury", "unpaid_wages"]
    assert harms("no. they killed him") == ["killing"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "they will burn our houses"),
        ("en", "they want to kill us"),
        ("fr", "ils vont nous chasser de nos maisons"),
        ("pt", "vão queimar as nossas casas"),
        ("sw", "watatuua"),
    ],
)
def test_it_takes_what_is_only_announced_for_a_threat(language: str, text: str) -> None:
    assert harms(text, language=language) == ["threats"]


def test_it_explains_the_dead_by_an_accident() -> None:
    assert harms("pit collapsed, 3 dead and 2 injured") == ["unsafe_work"]
    assert harms("3 people died from drinking the polluted river water") == ["water_pollution"]


def test_it_does_not_blame_an_accident_where_armed_people_are_named() -> None:
    assert "killing" in harms("soldiers killed 3 at the collapsed pit", ARMY)


def test_it_gives_spans_and_more_confidence_for_more_evidence() -> None:
    text = "they raped her. It was rape"
    once, twice = find_harms(marked("they raped her", "en"), None), find_harms(marked(text, "en"), None)
    assert words(text, twice[0].spans) == ["raped", "rape"]
    assert once[0].confidence < twice[0].confidence <= 1


def test_it_is_less_sure_of_words_that_say_little() -> None:
    sure, unsure = harms_confidence("soldiers occupy the mine"), harms_confidence("soldiers")
    assert unsure < sure


def harms_confidence(text: str) -> float:
    return find_harms(marked(text, "en"), None)[0].confidence


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "police is asking each panner 20 dollars a week", ["extortion"]),
        ("fr", "ils demandent 50.000 fr par chantier", ["extortion"]),
        ("fr", "les soldats ont pris nos femmes", ["disappearance"]),
        ("en", "30 men feared dead under the rubble", ["unsafe_work"]),
        ("en", "they dumped his body in the river", ["killing"]),
        ("en", "the dredge owner has not paid us", ["unpaid_wages"]),
        ("en", "6 miners missing after the shaft flooded", ["unsafe_work"]),
        ("en", "they keep our passports", ["forced_labour"]),
        ("en", "farms destroyed with a bulldozer", ["land_damage"]),
    ],
)
def test_it_tells_one_harm_from_another(language: str, text: str, expected: list[str]) -> None:
    assert harms(text, language=language) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("killing time", "my phone battery is dead", "a friend of mine"),
        *("he could not pay the fine", "the boys are missing school", "a stone was missing"),
    ],
)
def test_it_is_not_misled_by_idioms(text: str) -> None:
    assert harms(text) == []


@pytest.mark.parametrize(
    ("text", "harms"),
    [
        ("stay blessed, my father was arrested", [Harm.ARREST]),
        ("Trois gendarmes exigent 200 000 francs sous peine de prison", [Harm.EXTORTION]),
        ("He was stoned to death, accused of stealing a diamond", [Harm.KILLING]),
        ("Nobody has been paid for September at the plant", [Harm.UNPAID_WAGES]),
        ("personne n'est payé depuis septembre", [Harm.UNPAID_WAGES]),
        ("o meu filho foi levado por insurgentes", [Harm.DISAPPEARANCE]),
        ("the riverbed was dug up with bulldozers", [Harm.RIVER_DAMAGE]),
        ("a pit fell in, 2 died and 3 are still missing", [Harm.UNSAFE_WORK]),
        ("Effondrement à Bougouni: 11 morts, 3 disparus", [Harm.UNSAFE_WORK]),
        ("Les FARDC ont enlevé 3 creuseurs après l'éboulement", [Harm.DISAPPEARANCE, Harm.UNSAFE_WORK]),
        ("Mgodi umeanguka leo, maiti tisa zimepatikana", [Harm.UNSAFE_WORK]),
        ("They warned us that all huts in Kono will burn", [Harm.THREATS]),
        ("o segurança prometeu matar quem voltar", [Harm.THREATS]),
        ("ils vont nous couper la langue", [Harm.THREATS]),
        ("14 men were held underground against their will", [Harm.FORCED_LABOUR]),
        ("kids of 8 wash cobalt at the river, even on school days", [Harm.CHILD_LABOUR]),
        ("soldiers guarding the concession opened fire and killed nine", [Harm.KILLING]),
        ("a miner was attacked with machetes, he died on the way", [Harm.KILLING]),
        ("a pit fell in on Monday and one broke a leg", [Harm.UNSAFE_WORK]),
        ("a journalist filming the tailings dam was detained", [Harm.ARREST]),
        ("On 4 May soldiers detained 12 traders", [Harm.ARREST]),
        ("the armed group attacked the mining camp, 29 were killed", [Harm.KILLING]),
        ("women pour mercury without gloves", [Harm.CHEMICALS, Harm.UNSAFE_WORK]),
        ("watu wenye silaha wamewateka wafanyabiashara wawili njiani", [Harm.DISAPPEARANCE]),
        ("kundi la waasi limeshambulia kambi, waliokufa ni wanane", [Harm.KILLING]),
    ],
)
def test_it_reads_nothing_into_the_words_beside_a_harm(text: str, harms: list[Harm]) -> None:
    assert [found.harm for found in read(text).harms] == harms

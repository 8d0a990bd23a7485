import pytest

from impact.understanding.perpetrators import find_perpetrator
from impact.vocabulary import Perpetrator
from tests.understanding.cast import marked, words


def kind(text: str, language: str = "en") -> str | None:
    found = find_perpetrator(marked(text, language))
    return str(found.kind) if found else None


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "soldiers beat us", "army"),
        ("en", "policemen beat us", "police"),
        ("en", "company guards beat us", "private_security"),
        ("en", "armed men beat us", "armed_group"),
        ("en", "the company beat us down", "company"),
        ("en", "the mayor takes our money", "authorities"),
        ("en", "unknown men beat us", "unknown"),
        ("en", "two miners beaten by police near the company gate", "police"),
        ("fr", "les gendarmes ont tiré", "police"),
        ("fr", "les agents de sécurité de la société", "private_security"),
        ("fr", "les anti-balaka ont pris l'or", "armed_group"),
        ("pt", "os seguranças da empresa bateram", "private_security"),
        ("pt", "a PNA bateu", "police"),
        ("pt", "os Naparamas bateram", "armed_group"),
        ("fr", "les PMH ont frappé", "police"),
        ("fr", "les FAMa et leurs partenaires ont frappé", "army"),
        ("fr", "Africa Corps a tiré", "armed_group"),
        ("ln", "bajandarme babeti", "police"),
        ("sg", "azandarama apika", "police"),
        ("pt", "espancados pela polícia", "police"),
        ("sw", "askari polisi wamempiga", "police"),
        ("sw", "waasi wa M23 wamefika", "armed_group"),
        ("en", "our river is brown", None),
        ("en", "held against their will by armed bandits", "armed_group"),
        ("en", "JWP boys set dogs on us", "private_security"),
        ("en", "the company's dogs tore a woman", "private_security"),
        ("en", "CIDs picked up two boys", "police"),
        ("en", "SLPP youth beat him", "civilians"),
        ("en", "zama zamas shot two men", "civilians"),
        ("en", "the paramount chief fined three youths and locked them up", "authorities"),
        ("en", "two policemen killed in an attack by rebels", "armed_group"),
        ("en", "two soldiers were killed by rebels", "armed_group"),
        ("en", "police rescued 15 children who carried gravel", None),
        ("en", "four injured as police fired on protesters", "police"),
        ("pt", "mataram as guardas da empresa", None),
        ("sw", "wanajeshi watatu waliuawa na waasi", "armed_group"),
        ("sw", "polisi walimkamata kijana", "police"),
    ],
)
def test_it_names_the_kind_of_actor(language: str, text: str, expected: str | None) -> None:
    assert kind(text, language) == expected


def test_it_does_not_blame_those_who_are_told() -> None:
    assert kind("we told the police that rebels took our gold") == "armed_group"
    assert kind("we reported it to the police") is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the chief gave our land to the company"),
        ("fr", "le préfet a donné notre plantation à la société"),
        ("pt", "o soba vendeu as lavras do povo à empresa"),
    ],
)
def test_it_does_not_blame_those_to_whom_something_was_given(language: str, text: str) -> None:
    assert kind(text, language) == "authorities"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "le président de la coopérative a été arrêté"),
        ("pt", "mataram o soba de madrugada"),
        ("pt", "o soba foi espancado"),
    ],
)
def test_it_does_not_blame_those_to_whom_it_was_done(language: str, text: str) -> None:
    assert kind(text, language) is None


def test_it_blames_those_by_whom_it_was_done() -> None:
    assert kind("mon frère a été arrêté par l'ANR", "fr") == "authorities"
    assert kind("attaque des codeco à Mongbwalu", "fr") == "armed_group"


def test_it_blames_those_whom_a_cry_for_help_names() -> None:
    assert kind("pls help soldiers beat 2 boys") == "army"
    assert kind("men holding pump action guns slapped me") == "armed_group"
    assert kind("le commandant du camp nous oblige à porter", "fr") == "army"


def test_it_does_not_blame_neighbours_who_tell_of_it() -> None:
    assert kind("neighbours say security threw them in") == "private_security"
    assert kind("neighbours beat him") == "civilians"


def test_it_does_not_blame_those_who_say_it_at_the_end() -> None:
    assert find_perpetrator(marked("Twenty boys were held as slaves, police say.", "en")) is None
    assert find_perpetrator(marked("Twenty boys were held as slaves by guards, police say", "en"))
    threat = find_perpetrator(marked("The police say they will shoot us", "en"))
    assert threat
    assert threat.kind == Perpetrator.POLICE


def test_it_does_not_blame_those_who_write() -> None:
    assert kind("la société ne paye pas, nous sommes 12 gardiens", "fr") == "company"


def test_it_puts_those_who_helped_second() -> None:
    text = "les agents de sécurité de la société, appuyés par la police, ont chassé les orpailleurs"
    assert kind(text, "fr") == "private_security"


def test_it_is_less_sure_where_several_are_named() -> None:
    one = find_perpetrator(marked("soldiers beat us", "en"))
    two = find_perpetrator(marked("soldiers and police beat us", "en"))
    assert one
    assert two
    assert two.confidence < one.confidence


def test_it_gives_the_letters_that_it_rests_on() -> None:
    text = "The soldiers beat us"
    found = find_perpetrator(marked(text, "en"))
    assert found
    assert words(text, found.spans) == ["soldiers"]

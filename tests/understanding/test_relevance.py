import pytest

from tests.understanding.cast import read


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "Good morning, how are you",
        "STOP",
        "help",
        "test",
        "send me airtime",
        "what is the price of gold today",
        "bonjour",
        "ARRET",
        "envoyez moi du crédit",
        "à vendre diamant",
        "bom dia",
        "manda saldo",
        "habari yako",
        "naomba vocha",
        "bei ya dhahabu",
        "You won a prize! Dial *120#",
        "",
        "   ",
        "?!",
        "👍",
        "12",
    ],
)
def test_it_leaves_out_what_is_plainly_no_report(text: str) -> None:
    understanding = read(text)
    assert not understanding.is_report
    assert (understanding.harms, understanding.place, understanding.occurred) == ((), None, None)
    assert (understanding.people, understanding.perpetrator) == ((), None)


@pytest.mark.parametrize(
    "text",
    [
        "Koidu",
        "please help they are beating us",
        "hello, soldiers killed my brother",
        "stop the killing",
        "something happened here",
        "mwen grangou",
        "bonjour, les militaires ont pris notre or",
        "they forced us to buy airtime for the soldiers, they beat us",
        "-6.4161, 20.8001",
        "3 dead",
    ],
)
def test_it_keeps_what_is_or_may_be_a_report(text: str) -> None:
    assert read(text).is_report

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
        "Ghana beat Nigeria 2-1 last night, Kudus scored the winner",
        "Simba imeshinda Yanga mabao mawili kwa moja jana",
        "Dynamos yakunda Highlanders nhasi 3-1",
        "Your parcel is waiting, pay the customs fee to release it at http://example.org/x",
        "C'est quel numéro pour envoyer un rapport?",
        "Como é que mando uma denúncia por este número?",
        "gud morning hw r u, pse call me back",
        "Gor Mahia wamefungwa bao 1-0 na AFC Leopards",
        "",
        "   ",
        "?!",
        "👍",
        "12",
        "Happy birthday my dear, wish you many more years",
        "please when will the training start for monitors in Bo?",
        "You have received GHS 50.00 from Kwame. Your new balance is GHS 73.20",
        "Orange: votre forfait internet expire demain",
        "Coupure de courant demain dans la commune",
        "que horas sai o ônibus",
        "Y a t il du travail à la mine de Mayoko? je suis là depuis lundi, personne au bureau pour répondre",
        "J'espère que la mine va embaucher les jeunes l'année prochaine",
        "il n'y a rien à signaler cette semaine à Houndé, tout est calme",
        "Flamengo meteu 3 no Vasco ontem, foi um massacre kkkk",
        "Les Éléphants ont battu le Ghana 3 à 1, quelle joie à Korhogo",
        "talo ya diamant ezali boni lelo na Kinshasa",
        "Chiefs 2 - Pirates 1, they killed us in the last minute",
        "Nobody died and nobody was hurt in Kolwezi today, all is calm",
        "leo hakuna shida Geita, hakuna aliyeumia, kazi inaendelea vizuri",
        "thank you very much for the training last week in Kenema, we learned plenty",
        "I hope the gold mine opens again soon so that our sons get work",
        "are you the people who came to talk to us at the school? call me back",
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
        "thank you for the training. the river is brown",
        "how are you? the pit at Bong fall down yesterday",
        "how are you the big men came yesterday with papers",
        "I hope they will be punished for killing my brother",
        "where is my husband?",
        "no one was killed when the tailings dam burst",
        "Soldiers 5 - Miners 2 dead at Obuasi",
        "hello, soldiers killed my brother",
        "stop the killing",
        "something happened here",
        "mwen grangou",
        "bonjour, les militaires ont pris notre or",
        "they forced us to buy airtime for the soldiers, they beat us",
        "-6.4161, 20.8001",
        "3 dead",
        "two boys died at the football match when the pit fell in, Koidu",
        "police beat the youths after the match, the score was 2-1",
        "les militaires ont tiré sur les jeunes au match de football",
        "soldiers are beating miners, see https://example.org/video and send it on to win justice",
    ],
)
def test_it_keeps_what_is_or_may_be_a_report(text: str) -> None:
    assert read(text).is_report

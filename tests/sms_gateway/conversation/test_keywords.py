import pytest

from sms_gateway.conversation.keywords import Control, Keyword, Word, courtesy, keyword, plain_words


@pytest.mark.parametrize(
    ("text", "control", "language"),
    [
        ("STOP", Control.STOP, "en"),
        (" stop!\n", Control.STOP, "en"),
        ("Arrêt", Control.STOP, "fr"),
        ("arrêté", Control.STOP, "fr"),
        ("SAIR.", Control.STOP, "pt"),
        ("simama", Control.STOP, "sw"),
        ("tika", Control.STOP, "ln"),
        ("START", Control.START, "en"),
        ("help", Control.HELP, "en"),
        ("Aide", Control.HELP, "fr"),
        ("ajuda", Control.HELP, "pt"),
        ("MSAADA", Control.HELP, "sw"),
    ],
)
def test_it_knows_a_keyword_alone(text: str, control: Control, language: str) -> None:
    assert keyword(text) == Keyword(control, language)


@pytest.mark.parametrize(
    "text",
    [
        "stop please",
        "Help, soldiers are shooting at Tshikapa",
        "They told us to stop",
        "à l'aide, on nous tue",
        "stopped",
        "",
        "...",
    ],
)
def test_a_keyword_in_a_sentence_is_a_report(text: str) -> None:
    assert keyword(text) is None


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  D'accord,  MERCI!\t", "d accord merci"),
        ("Arrêté; où ça?", "arrete ou ca"),
        ("ﬁn ①", "fin 1"),
        ("ÉÈ\u200d\U0001f600ß", "ee\U0001f600ss"),
        ("half \ud800 a pair\0", "half a pair"),
        ("...", ""),
    ],
)
def test_plain_words_have_neither_case_nor_accents_nor_marks(text: str, plain: str) -> None:
    assert plain_words(text) == plain


def test_words_are_plain_however_many_letters_were_seen() -> None:
    every_letter = "".join(map(chr, range(0x20, 0x3000)))
    assert plain_words(every_letter) == plain_words(every_letter)
    assert plain_words("Arrêt") == "arret"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Bonjour!", Word.GREETING),
        ("God bless you", Word.THANKS),
        ("Bonjour monsieur, merci beaucoup", Word.GREETING),
        ("Thank you so much sir", Word.THANKS),
        ("sir", None),
        ("Hello soldiers", None),
        ("good", None),
        ("", None),
    ],
)
def test_a_courtesy_is_a_message_of_nothing_else(text: str, meant: Word | None) -> None:
    assert courtesy(text) is meant

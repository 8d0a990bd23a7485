import pytest

from sms_gateway.keywords import Control, Keyword, keyword


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

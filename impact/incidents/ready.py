"""Ready phrases: what moderators ask and tell, in the reporter's own language (ready_phrases/*.toml)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from impact.understanding.answers import Asked

_FOLDER = Path(__file__).parent / "ready_phrases"
LANGUAGES = ("en", "fr", "pt", "sw", "ln", "sg", "kri", "sn")
_ASKED = {"where": Asked.WHERE, "when": Asked.WHEN, "people": Asked.PEOPLE, "who": Asked.WHO}


@dataclass(frozen=True, slots=True)
class ReadyPhrase:
    """One phrase in one language; `code` is "questions.where". `is_outcome` says what became of a report."""

    code: str
    text: str
    language: str
    is_outcome: bool

    @property
    def asked(self) -> Asked | None:
        """What the answer will be about, where it can be read as that."""
        return None if self.is_outcome else _ASKED.get(self.code.partition(".")[2])


@cache
def ready_phrases(language: str) -> dict[str, ReadyPhrase]:
    """All phrases of one of LANGUAGES by their codes; English for a language that has none."""
    language = language if language in LANGUAGES else "en"
    written = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return {
        f"{section}.{name}": ReadyPhrase(f"{section}.{name}", text, language, section == "outcomes")
        for section in ("questions", "outcomes")
        for name, text in written[section].items()
    }


def checked_by(language: str) -> str:
    """Who has read the phrases of a language as a native speaker; "" for nobody yet."""
    return str(tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))["checked_by"])

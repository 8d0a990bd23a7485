"""French sets a space before its high punctuation, where no line may break: a hard one."""

import re
from typing import Any

from django.utils.translation import get_language

_BEFORE = re.compile(r" (?=[:;?!»%])")
_AFTER = re.compile(r"(?<=«) ")
_HARD = "\u00a0"


def hard_spaces(content: Any) -> Any:
    """The same texts, lists and dictionaries, with hard spaces where the active language is French."""
    if (get_language() or "")[:2] != "fr":
        return content
    if isinstance(content, str):
        return _AFTER.sub(_HARD, _BEFORE.sub(_HARD, content))
    if isinstance(content, dict):
        return {key: hard_spaces(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [hard_spaces(item) for item in content]
    return content

"""One thing found that could point to somebody: what kind, and by what sign."""

from dataclasses import dataclass
from enum import StrEnum

from impact.understanding.facts import Span


class Kind(StrEnum):
    """What the letters are. Where two kinds claim the same letters, the one named first here wins."""

    EMAIL = "email"
    LINK = "link"
    COORDINATES = "coordinates"
    IDENTITY = "identity"
    PLATE = "plate"
    PHONE = "phone"
    ADDRESS = "address"
    RELATION = "relation"
    NAME = "name"
    PLACE = "place"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Finding:
    """Letters that identify: `text[span.start : span.end]` is `words`; `why` is the sign, a short code."""

    span: Span
    words: str
    kind: Kind
    why: str

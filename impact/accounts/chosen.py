"""Which row a form of a list chose: its buttons post the row's number back."""

_LONGEST = 18  # digits: no larger number fits into a key


def chosen_number(text: str) -> int:
    """The number that a button posted; 0, which no row has, for what is none."""
    return int(text) if text.isdecimal() and len(text) <= _LONGEST else 0

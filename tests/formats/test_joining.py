import pytest
from django.utils.translation import override

from impact.formats.joining import joined


@pytest.mark.parametrize(("language", "said"), [("en", "a; b"), ("fr", "a\u202f; b"), ("sw", "a; b")])
def test_statements_are_set_as_in_print(language: str, said: str) -> None:
    with override(language):
        assert joined(["a", "b"]) == said
        assert joined([]) == ""

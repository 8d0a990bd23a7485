"""A sealed column comes under a new key, row by row; run again, it goes on."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet

from impact.sealing import UnsealError, is_sealed_to_current, seal, seal_bytes, unseal, unseal_bytes

Plain = str | bytes
Beside = Callable[[Any, Plain], Mapping[str, Any] | None]


def reseal(
    rows: "QuerySet[Any]", column: str, beside: Beside = lambda _pk, _plain: {}
) -> tuple[int, int, int]:
    """Seal a column of text or bytes anew. Returns how many were changed, were current, and could not be.

    `beside` says, by the row's key and what was sealed, which other columns change with it in the same
    statement; None where the row can't be changed. What somebody else changes meanwhile is left alone.
    """
    changed = current = failed = 0
    all_rows = rows.model._default_manager
    for pk in list(rows.values_list("pk", flat=True)):  # the keys alone: some columns hold whole pictures
        sealed = all_rows.filter(pk=pk).values_list(column, flat=True).first()
        if not sealed:
            continue
        sealed = sealed if isinstance(sealed, str) else bytes(sealed)
        if is_sealed_to_current(sealed):
            current += 1
            continue
        try:
            plain: Plain = unseal(sealed) if isinstance(sealed, str) else unseal_bytes(sealed)
        except UnsealError:
            failed += 1
            continue
        others = beside(pk, plain)
        if others is None:
            failed += 1
            continue
        anew = seal(plain) if isinstance(plain, str) else seal_bytes(plain)
        changed += all_rows.filter(pk=pk, **{column: sealed}).update(**{column: anew}, **others)
    return changed, current, failed

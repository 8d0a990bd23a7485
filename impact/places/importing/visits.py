"""Surveys that have a row for each visit to a site: the same identifier and name, another day. The latest
visit says how the site is; the others are what it was."""

from datetime import date


class Visits:
    """The identifiers of a table, as they are gone through."""

    def __init__(self) -> None:
        self._latest: dict[
            int, tuple[int, int, date | None]
        ] = {}  # by identifier: its row, name and last day
        self._later: dict[int, int] = {}

    def objection(self, number: int, identifier: str, name: str, span: tuple[date, date] | None) -> str:
        """Why the column is no identifier, or ""; `span`: the days that the row says it was visited on."""
        if not identifier:
            return "is missing"
        day, key = span[1] if span else None, hash(identifier)
        before = self._latest.get(key)
        if before is None:
            self._latest[key] = (number, hash(name), day)
            return ""
        row, of_name, last = before
        if day is None or last is None or day == last or of_name != hash(name):
            return f"is also in a row before, {identifier[:40]!r}"
        earlier, later = (row, number) if last < day else (number, row)
        self._later[earlier] = later
        self._latest[key] = (later, of_name, max(day, last))
        return ""

    def later_than(self, number: int) -> int | None:
        """The row of a later visit to the site of a row."""
        return self._later.get(number)

"""Numbers said in a text, in figures and in words: "1 500", "vingt-cinq", "half a dozen", "3-4"."""

from dataclasses import dataclass

from impact.understanding.scanning import MarkedText

_GROUPING = 1_000
_DOZEN = 12
_MORE = {"another"}
_RANGE_SIGNS = {"-", "–", "—", "/"}


@dataclass(frozen=True, slots=True)
class Count:
    """A number said in a text, a range with both ends: from the first token to the last, both included."""

    low: int
    high: int
    first: int
    last: int


def counts_in(marked: MarkedText) -> list[Count]:
    """Every number of a text in order, in figures or words, ranges joined ("3-4", "entre 3 et 5")."""
    return _ranges_joined(_numbers(marked), marked)


def _numbers(marked: MarkedText) -> list[Count]:
    tokens, found = marked.tokens, []
    said = marked.numbers_said()
    if not said and not marked.has_figures:
        return []
    links = {m.first for m in marked.marks("number_links", "and")}
    times = {m.first for m in marked.marks("number_links", "times")}
    halves = {m.last: m.first for m in marked.marks("number_links", "half")}
    index = 0
    while index < len(tokens):
        value = tokens[index].number
        last = index
        if value is not None:
            # 1,500 and 1 500: groups of three figures.
            while (
                last + 1 < len(tokens)
                and len(tokens[last + 1].text) == 3
                and tokens[last + 1].number is not None
                and marked.text[tokens[last].end : tokens[last + 1].start] in {",", ".", " ", "’", "'"}
                and value < _GROUPING
            ):
                last += 1
                value = value * _GROUPING + int(tokens[last].text)
        elif index in said:
            value, last = _words_value(said, index, links, times)
        if (
            value == 1
            and last == index
            and tokens[index].number is None
            and _is_told_behind(index, marked, said)
        ):
            # "A couple of men" are two, "another 5" are five.
            value = 0
        if value:
            first = index
            half = halves.get(index, halves.get(index - 1))
            if value == _DOZEN and half is not None:
                value, first = value // 2, half
            found.append(Count(value, value, first, last))
        index = last + 1
    return found


def _is_told_behind(index: int, marked: MarkedText, said: dict[int, int]) -> bool:
    """Whether a word for one only leads the number behind it; but "a 34 year old"."""
    if said.get(index + 1):
        return True
    is_figure = index + 1 < len(marked.tokens) and marked.tokens[index + 1].number is not None
    return is_figure and marked.tokens[index].word in _MORE


def _words_value(said: dict[int, int], index: int, links: set[int], times: set[int]) -> tuple[int, int]:
    """The value of the words for a number that begins here ("vingt-cinq", "kumi na tano"), and the last."""
    total, last, at, is_linked = 0, index, index, False
    while at in said or at in links:
        value, following = said.get(at), said.get(at + 1)
        if value and at in times and following and following < 10:
            # "mia mbili", "makumi matatu": the unit comes first, how many of it after.
            value, at = value * following, at + 1
            if total and value >= total:
                break
            total, last, is_linked = total + value, at, False
            at += 1
            continue
        if value is None:
            if not total or is_linked or at not in links:
                break
            is_linked = True
        else:
            grown = _grown(total, value, is_linked)
            if grown is None:
                break
            total, last, is_linked = grown, at, False
        at += 1
    return total, last


def _grown(total: int, value: int, is_linked: bool) -> int | None:
    """A number with one more word, or None where the word begins another number."""
    if total == 0:
        return value
    if value in {100, 1000} or (value == _DOZEN and total < 10):
        return total * value if total < value and not is_linked else None
    if value >= 10:
        if total == 4 and value == 20:
            return 80
        takes_tens = total % 100 == 0 or (total % 100 in {60, 80} and value < 20)
        return total + value if takes_tens else None
    takes_units = total % 10 == 0 and (total % 100 != 10 or is_linked or value >= 7)
    return total + value if takes_units else None


def _ranges_joined(numbers: list[Count], marked: MarkedText) -> list[Count]:
    tokens, joined = marked.tokens, list[Count]()
    ties = {m.first for m in marked.marks("number_links", "range")}
    ands = {m.first for m in marked.marks("number_links", "and")}
    openings = {m.last for m in marked.marks("number_links", "between")}
    for count in numbers:
        before = joined[-1] if joined else None
        if before and before.low < count.low and tokens[before.last].sentence == tokens[count.first].sentence:
            gap = marked.text[tokens[before.last].end : tokens[count.first].start].strip()
            middle = count.first - before.last == 2 and before.last + 1
            if (count.first == before.last + 1 and gap in _RANGE_SIGNS) or (
                middle
                and (middle in ties or (middle in ands and before.first - 1 in openings))
                and not _is_date_like(before, count, marked)
            ):
                joined[-1] = Count(before.low, count.high, before.first, count.last)
                continue
        joined.append(count)
    return joined


def _is_date_like(before: Count, count: Count, marked: MarkedText) -> bool:
    months = {m.first for m in marked.marks("months")}
    return count.last + 1 in months or before.last + 1 in months

"""Small counts that could point at a person: rounded so that no subtraction brings them back.

These figures can be asked for again and again, by filter, by total, and after every publication, and two
answers can be subtracted: hiding the small cells of one table (Hundepool et al., Statistical Disclosure
Control, Wiley 2012, chapter 4) would not hold. Each count of a fixed, disjoint base cell is rounded down to
a multiple of five, once (chapter 5), and every total or filter is a sum of these rounded base cells and never
of the true ones. Whatever is subtracted, only multiples of five come out.
"""

MINIMUM = 5


def shown_count(count: int) -> int:
    """A count of a base cell as it may be shown and added up: rounded down to a multiple of MINIMUM."""
    return count - count % MINIMUM

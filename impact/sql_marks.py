"""The marks in SQL written by hand: one for each value that the database is given beside it."""


def marks(count: int) -> str:
    """ "%s, %s, %s" """
    return ", ".join(["%s"] * count)

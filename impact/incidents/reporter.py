"""Pseudonyms: two words and a number that a person can remember and that say nothing about them."""

import secrets
from collections.abc import Sequence

from impact.incidents.models import Reporter
from impact.operations.writing import insert_unless_there

_COLOURS = (
    "Amber Azure Bronze Coral Crimson Ebony Emerald Golden Hazel Indigo Ivory Jade Lilac Olive Pearl "
    "Russet Saffron Scarlet Silver Teal Umber Violet"
).split()
_ANIMALS = (
    "Antelope Badger Crane Dove Eagle Falcon Gazelle Heron Ibis Jackal Kudu Lark Mongoose Oryx Otter "
    "Pangolin Pelican Plover Robin Stork Swift Tortoise Turaco Weaver Zebra"
).split()


def new_reporter() -> Reporter:
    """A reporter under a fresh pseudonym, such as "Amber Heron 42"."""
    reporter = Reporter()
    name_reporters([reporter])
    return reporter


def name_reporters(reporters: Sequence[Reporter]) -> None:
    """Store new reporters, each under a fresh pseudonym."""
    highest = 100
    while nameless := [reporter for reporter in reporters if reporter.pk is None]:
        for reporter, name in zip(nameless, _names(len(nameless), highest), strict=True):
            reporter.pseudonym = name
        insert_unless_there(*nameless, by="pseudonym")
        highest *= 2


def _names(count: int, highest: int) -> set[str]:
    names: set[str] = set()
    while len(names) < count:
        names.add(f"{secrets.choice(_COLOURS)} {secrets.choice(_ANIMALS)} {secrets.randbelow(highest)}")
    return names

"""Pseudonyms: two words and a number that a person can remember and that say nothing about them."""

import secrets

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
    highest = 100
    while True:
        name = f"{secrets.choice(_COLOURS)} {secrets.choice(_ANIMALS)} {secrets.randbelow(highest)}"
        reporter = Reporter(pseudonym=name)
        if insert_unless_there(reporter):
            return reporter
        highest *= 2

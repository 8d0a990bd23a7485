"""Pseudonyms: two words and a number that a person can remember and that say nothing about them."""

import secrets

from django.db import IntegrityError, transaction

from impact.incidents.models import Reporter

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
        try:
            with transaction.atomic():
                return Reporter.objects.create(pseudonym=name)
        except IntegrityError:
            highest *= 2

"""How much of what identifies is found in labelled texts, and how much is marked in vain.

Run: .venv/bin/python -m bench.redaction [--kept-aside] [--show]
"""

import argparse

from impact.places.gazetteer import Gazetteer, read_shipped_places
from tests.understanding.redaction.scoring import NUMBERS, found_in, precision_of, rows_of, score_of

MEASURES = (
    ("numbers", NUMBERS),
    ("e-mail addresses", ("email",)),
    ("names beside titles", ("name",)),
    ("relations", ("relation",)),
    ("names alone", ("large",)),
    ("links and handles", ("link",)),
    ("addresses", ("address",)),
    ("exact places", ("place",)),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kept-aside", action="store_true", help="only the texts that were not looked at")
    parser.add_argument("--show", action="store_true", help="what was missed, and what was marked in vain")
    asked = parser.parse_args()
    pairs = found_in(rows_of(kept_aside=True if asked.kept_aside else None), Gazetteer(read_shipped_places()))
    print(f"{'':24}{'labels':>8}{'recall':>8}")
    for name, kinds in MEASURES:
        score = score_of(pairs, *kinds)
        print(f"{name:24}{score.labelled:8}{score.recall:8.3f}")
        if asked.show:
            print("".join(f"    missed {words}\n" for words in score.missed), end="")
    precision, vain = precision_of(pairs)
    print(f"{'precision of all':32}{precision:8.3f}")
    if asked.show:
        print("".join(f"    in vain {words}\n" for words in vain), end="")


if __name__ == "__main__":
    main()

"""A thousand ways to tamper with the log, drawn by chance: how many are found.

Run: .venv/bin/python -m bench.tampering [COUNT] [SEED]

Works on a database of its own, which it makes and removes. A witness holds the head from before. Beside the
figure stands the same run against a chain walked without head, contents or witness: a plain list of hashes.
"""

import os
import random
import sys
from collections import Counter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "impact.settings")


def main() -> None:
    import django

    import tests.environment  # noqa: F401  (the suite's settings)

    django.setup()

    from django.db import connection, transaction

    from impact.ledger.chain import entry_digest, log_head
    from impact.ledger.models import Entry
    from impact.moderation.log import first_broken_entry
    from tests.builders import make_moderator
    from tests.ledger.builders import a_mixed_log
    from tests.ledger.tampering import TAMPERS, take_guards_off

    def is_a_whole_list() -> bool:
        previous = ""
        for entry in Entry.objects.order_by("sequence"):
            if entry.previous_digest != previous or entry.digest != entry_digest(entry):
                return False
            previous = entry.digest
        return True

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6)
    print(f"seed {seed}")
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    found, by_list, tried = Counter[str](), Counter[str](), Counter[str]()
    try:
        rows = a_mixed_log(make_moderator(), 60)
        take_guards_off()
        witnessed = log_head()
        for number in range(count):
            draw = random.Random(f"{seed}:{number}")
            tamper = draw.choice(TAMPERS)
            with transaction.atomic():
                tamper(draw, rows)
                tried[tamper.__name__] += 1
                found[tamper.__name__] += first_broken_entry([witnessed]) is not None
                by_list[tamper.__name__] += not is_a_whole_list()
                transaction.set_rollback(True)
        assert first_broken_entry() is None  # noqa: S101
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    for tamper in (*sorted(tried), "all"):
        sums = [
            counter[tamper] if tamper in tried else counter.total() for counter in (tried, found, by_list)
        ]
        print(f"{tamper:22} {sums[0]:5} tried {sums[1]:5} found {sums[2]:5} by a plain list of hashes")
    if found != tried:
        sys.exit("not all were found")


if __name__ == "__main__":
    main()

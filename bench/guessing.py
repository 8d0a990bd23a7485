"""A thousand guesses at one password, from one address: how many are tried, and who still signs in.

Run: .venv/bin/python -m bench.guessing [COUNT]

Works on a database of its own. The guesser sends another X-Forwarded-For with each guess. Beside the figure
stands a run of a tenth with the count switched off: hashing a password is slow on purpose.
"""

import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "impact.settings")


def main() -> None:
    import django

    import tests.environment  # noqa: F401  (the suite's settings)

    django.setup()

    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from impact.ledger.models import Entry, Kind
    from tests.accounts.signing_in import is_signed_in, sign_in
    from tests.builders import make_moderator

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    settings.ALLOWED_HOSTS = ["testserver"]
    try:
        for is_counted in (True, False):
            settings.AXES_ENABLED = is_counted
            target = make_moderator(f"target-{is_counted}")
            before = Entry.objects.filter(kind=Kind.SIGN_IN_FAILED).count()
            start = time.perf_counter()
            client = Client()
            sent = count if is_counted else count // 10
            for number in range(sent):
                address = f"198.51.{number // 250}.{number % 250}"
                sign_in(client, target, f"guess number {number}", X_Forwarded_For=address)
            took_s = time.perf_counter() - start
            tried = Entry.objects.filter(kind=Kind.SIGN_IN_FAILED).count() - before
            neighbour, owner = Client(), Client()
            sign_in(neighbour, make_moderator(f"neighbour-{is_counted}"))
            owner.post(
                "/accounts/sign-in/",
                {"username": target.username, "password": "a password of the suite"},
                REMOTE_ADDR="192.0.2.9",
            )
            print(
                f"guesses {'counted' if is_counted else 'not counted'}: "
                f"{sent} sent in {took_s:.0f} s, {tried} tried; "
                f"another user signs in from there: {is_signed_in(neighbour)}, "
                f"the owner from elsewhere: {is_signed_in(owner)}"
            )
            if is_counted and (tried > 10 or not is_signed_in(neighbour)):
                sys.exit("the count of guesses does not hold")
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main()

"""Ten thousand forged or malformed requests of twenty classes at a running server: 0 rows, 0 errors of ours.

Run: .venv/bin/python -m bench.forgeries [--requests 10000] [--seed 4]

Before and after, a genuine message has to be taken, so that a server which refuses everything
does not pass. Prints what was answered to each class; exits 1 when a row was left or an answer was 5xx.
"""

import argparse
import http.client
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path
from urllib.parse import quote, urlencode

from bench.stand import Stand

SETTINGS = {
    "HEADLAMP_PUBLIC_URL": "http://testserver",
    "TWILIO_ACCOUNT_SID": f"AC{'0' * 32}",
    "TWILIO_AUTH_TOKEN": "only for this bench",
    "TWILIO_FROM": "+15005550006",
    "AFRICASTALKING_USERNAME": "headlamp",
    "AFRICASTALKING_API_KEY": "only for this bench",
    "KANNEL_FROM": "8000",
    "ANDROID_GATEWAY_SIGNING_KEY": "only for this bench, and nowhere else at all",
    "ANDROID_GATEWAY_API_URL": "http://127.0.0.1:9",
    "ANDROID_GATEWAY_USERNAME": "headlamp",
    "ANDROID_GATEWAY_PASSWORD": "only for this bench",
    "HTTPSMS_SIGNING_KEY": "only for this bench, and nowhere else at all",
    "HTTPSMS_API_KEY": "only for this bench",
    "HTTPSMS_FROM": "+15005550006",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=4)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="headlamp-bench-") as directory:
        stand = Stand(Path(directory), f"spatialite:///{directory}/bench.sqlite3", **SETTINGS)
        stand.manage("migrate", "--verbosity", "0")
        os.environ.update(stand.environment)
        stand.start("web")
        try:
            return _run(stand, given.requests, given.seed)
        finally:
            stand.stop()


def _run(stand: Stand, requests: int, seed: int) -> int:
    import django

    django.setup()
    from sms_gateway.models import Contact, InboundMessage, OutboundMessage
    from tests.sms_gateway.forging import CLASSES, forgeries
    from tests.sms_gateway.providers.lines import kannel_query, path

    def rows() -> tuple[int, int, int]:
        return Contact.objects.count(), InboundMessage.objects.count(), OutboundMessage.objects.count()

    def genuine(number: int) -> int:
        query = urlencode(kannel_query(id=f"genuine-{number}", text=f"Soldiers came to pit {number}"))
        return _ask(stand.port, "GET", f"{path('kannel')}?{query}", b"", {})

    while _ask(stand.port, "GET", "/healthz", b"", {}) != 200:
        pass
    if genuine(1) != 200 or rows()[1] != 1:
        print("a genuine message was not taken: the bench proves nothing")
        return 1
    before = rows()
    answers: dict[str, Counter[int]] = {name: Counter() for name in CLASSES}
    for done, (name, forgery) in enumerate(forgeries(-(-requests // len(CLASSES)), seed), start=1):
        headers = {"Content-Type": forgery.content_type, **forgery.headers}
        answers[name][_ask(stand.port, forgery.method, forgery.address, forgery.body, headers)] += 1
        if done % 1000 == 0:
            print(f"{done} requests", file=sys.stderr)
    left = tuple(after - earlier for after, earlier in zip(rows(), before, strict=True))
    for name, said in answers.items():
        print(f"{name:28} {dict(sorted(said.items()))}")
    every = sum(answers.values(), Counter())
    ours = sum(count for status, count in every.items() if not 400 <= status < 500)
    taken = genuine(2) == 200 and rows()[1] == before[1] + 1
    print(f"{every.total()} requests, seed {seed}: rows left {left}, not 4xx {ours}, genuine taken {taken}")
    return 0 if left == (0, 0, 0) and ours == 0 and taken else 1


def _ask(port: int, method: str, address: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of an answer; 0 where there is none yet."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.putrequest(method, quote(address, safe="/?&=%+~:,;@!$'()*[]"), skip_host=True)
        connection.putheader("Host", "testserver" if address != "/healthz" else "127.0.0.1")
        for name, value in headers.items():
            connection.putheader(name, value.encode("utf-8"))
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        return connection.getresponse().status
    except (ConnectionError, http.client.HTTPException):  # not up yet, or gone: counted as no answer
        return 0
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
